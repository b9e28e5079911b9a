"""The learners' area: everybody who has signed in."""

from portal.web.access import area
from portal.web.learner import (
    addresses,
    badges,
    catalogue,
    courses,
    home,
    profile,
    public_page,
    second_factor,
)

bp = area("learner")
for page in (home, catalogue, courses, badges, profile, addresses, public_page, second_factor):
    bp.register_blueprint(page.bp)
