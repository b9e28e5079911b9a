"""The learners' area: everybody who has signed in."""

from portal.web.access import area
from portal.web.learner import (
    addresses,
    api_tokens,
    badges,
    catalogue,
    certifications,
    courses,
    enrolments,
    evidence,
    home,
    learning_paths,
    notifications,
    privacy,
    profile,
    proofs,
    public_page,
    second_factor,
    skills,
    transcript,
    why,
)

bp = area("learner")
PAGES = (
    home,
    catalogue,
    courses,
    learning_paths,
    certifications,
    enrolments,
    evidence,
    badges,
    skills,
    profile,
    addresses,
    notifications,
    public_page,
    proofs,
    privacy,
    second_factor,
    api_tokens,
    transcript,
    why,
)
for page in PAGES:
    bp.register_blueprint(page.bp)
