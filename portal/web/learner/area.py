"""The learners' area: everybody who has signed in."""

from portal.web.access import area
from portal.web.learner import (
    addresses,
    badges,
    catalogue,
    courses,
    home,
    profile,
    proofs,
    public_page,
    second_factor,
)

bp = area("learner")
PAGES = (
    home,
    catalogue,
    courses,
    badges,
    profile,
    addresses,
    public_page,
    proofs,
    second_factor,
)
for page in PAGES:
    bp.register_blueprint(page.bp)
