"""The authors' area; administrators may enter too."""

from portal.models import Role
from portal.web import earlier_views
from portal.web.access import area
from portal.web.author import certifications, courses, earlier, home, learning_paths, objects
from portal.web.journeys import earned_by_somebody, enrolment_state

bp = area("author", Role.AUTHOR, Role.ADMIN)
for view in (enrolment_state, earned_by_somebody, *earlier_views.FILTERS):
    bp.add_app_template_filter(view)
for page in (home, courses, learning_paths, certifications, earlier, objects):
    bp.register_blueprint(page.bp)
