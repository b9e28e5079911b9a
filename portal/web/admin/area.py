"""The administrators' area: admins and integration admins; each page narrows it."""

from portal.models import Role
from portal.web.access import area
from portal.web.admin import (
    acceptance,
    accounts,
    api_tokens,
    audit,
    awards,
    badge_import,
    badge_people,
    badges,
    books,
    catalogues,
    connectors,
    credly,
    dashboard,
    deliveries,
    erasures,
    groups,
    imports,
    mails,
    people,
    people_import,
    reports,
    samples,
    settings,
    skills,
    system,
    why,
)

bp = area("admin", Role.ADMIN, Role.INTEGRATION_ADMIN)
PAGES = (
    dashboard,
    connectors,
    credly,
    badge_import,
    badge_people,
    badges,
    catalogues,
    imports,
    samples,
    deliveries,
    awards,
    acceptance,
    books,
    people_import,
    people,
    skills,
    accounts,
    api_tokens,
    mails,
    erasures,
    groups,
    system,
    settings,
    reports,
    why,
    audit,
)
for page in PAGES:
    bp.register_blueprint(page.bp)
