"""The administrators' area: admins and integration admins; each page narrows it."""

from portal.models import Role
from portal.web.access import area
from portal.web.admin import (
    badge_import,
    badges,
    connectors,
    credly,
    dashboard,
    deliveries,
    imports,
    people,
)

bp = area("admin", Role.ADMIN, Role.INTEGRATION_ADMIN)
for page in (dashboard, connectors, credly, badge_import, badges, imports, deliveries, people):
    bp.register_blueprint(page.bp)
