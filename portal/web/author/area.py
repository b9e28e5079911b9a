"""The authors' area; administrators may enter too."""

from portal.models import Role
from portal.web.access import area
from portal.web.author import courses, home

bp = area("author", Role.AUTHOR, Role.ADMIN)
for page in (home, courses):
    bp.register_blueprint(page.bp)
