"""The authors' area; administrators may enter too."""

from portal.models import Role
from portal.web import earlier_views
from portal.web.access import area
from portal.web.author import (
    certifications,
    courses,
    earlier,
    evidence,
    holding,
    home,
    learners,
    learning_paths,
    modules,
    objects,
    record_file,
    undo,
    why,
)
from portal.web.journeys import decision_state, earned_by_somebody, enrolment_state

bp = area("author", Role.AUTHOR, Role.ADMIN)
PAGES = (
    home,
    courses,
    modules,
    learning_paths,
    certifications,
    earlier,
    learners,
    evidence,
    record_file,
    undo,
    why,
    holding,
    objects,
)
for view in (enrolment_state, earned_by_somebody, decision_state, *earlier_views.FILTERS):
    bp.add_app_template_filter(view)
for page in PAGES:
    bp.register_blueprint(page.bp)
