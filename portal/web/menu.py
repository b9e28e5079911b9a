"""The entries of each area, and the areas a person may enter."""

from dataclasses import dataclass
from functools import lru_cache

from babel import Locale
from flask import request, url_for
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from portal.models import Role
from portal.web.language import locale_here

BOTH = frozenset({Role.ADMIN, Role.INTEGRATION_ADMIN})
ADMIN = frozenset({Role.ADMIN})
EVERYBODY: frozenset[Role] = frozenset()

# Area → label, first page, who may enter.
AREAS = {
    "admin": (_l("Administration"), "admin.dashboard.index", BOTH),
    "author": (_l("Authoring"), "author.home.index", frozenset({Role.AUTHOR, Role.ADMIN})),
    "learner": (_l("Learning"), "learner.home.index", EVERYBODY),
}
# Area → label, page, icon, who sees it.
ENTRIES = {
    "admin": (
        (_l("Dashboard"), "admin.dashboard.index", "home", BOTH),
        (_l("Connectors"), "admin.connectors.index", "plug", BOTH),
        (_l("Badges"), "admin.badges.index", "award", BOTH),
        (_l("Skills"), "admin.skills.index", "target", ADMIN),
        (_l("Imports"), "admin.imports.index", "upload", BOTH),
        (_l("Deliveries"), "admin.deliveries.index", "send", BOTH),
        (_l("Awards"), "admin.awards.index", "certificate", ADMIN),
        (_l("Acceptance"), "admin.acceptance.index", "chart-bar", ADMIN),
        (_l("Reports"), "admin.reports.index", "report", ADMIN),
        (_l("Books"), "admin.books.index", "list-check", BOTH),
        (_l("People"), "admin.people.index", "users", ADMIN),
        (_l("Mails"), "admin.mails.index", "mail", ADMIN),
        (_l("Groups"), "admin.groups.index", "list-check", ADMIN),
        (_l("Audit"), "admin.audit.index", "history", ADMIN),
        (_l("Settings"), "admin.settings.index", "settings", ADMIN),
        (_l("System"), "admin.system.index", "server", ADMIN),
    ),
    "author": (
        (_l("My learning objects"), "author.home.index", "book", EVERYBODY),
        (_l("Approvals"), "author.evidence.index", "list-check", EVERYBODY),
    ),
    "learner": (
        (_l("Home"), "learner.home.index", "home", EVERYBODY),
        (_l("Catalogue"), "learner.catalogue.index", "book", EVERYBODY),
        (_l("My badges"), "learner.badges.index", "award", EVERYBODY),
        (_l("My skills"), "learner.skills.index", "stars", EVERYBODY),
    ),
}


# Entries that a wide screen folds away, so that an area's menu stays one row: what is opened now
# and then. Where all entries fit, nothing is folded.
FOLDED = {
    "admin.acceptance.index",
    "admin.books.index",
    "admin.groups.index",
    "admin.mails.index",
    "admin.audit.index",
    "admin.settings.index",
    "admin.system.index",
}
MOST_IN_A_ROW = 9

# Pages without an entry of their own, and the entry they belong to.
UNDER = {
    "admin.erasures": "admin.people",
    "admin.credly": "admin.connectors",
    "admin.accounts": "admin.people",
    "admin.api_tokens": "admin.system",
    "admin.badge_import": "admin.badges",
    "admin.badge_people": "admin.badges",
    "admin.people_import": "admin.people",
    "admin.catalogues": "admin.imports",
    "admin.samples": "admin.imports",
    "author.courses": "author.home",
    "author.learning_paths": "author.home",
    "author.certifications": "author.home",
    "author.objects": "author.home",
    "author.modules": "author.home",
    "author.earlier": "author.home",
    "author.why": "author.home",
    "author.holding": "author.home",
    "admin.why": "admin.people",
    "learner.why": "learner.badges",
    "learner.proofs": "learner.badges",
    "learner.transcript": "learner.badges",
    "learner.public_page": "learner.badges",
    "author.learners": "author.home",
    "author.record_file": "author.home",
    "author.undo": "author.home",
    "learner.certifications": "learner.catalogue",
    "learner.courses": "learner.catalogue",
    "learner.enrolments": "learner.catalogue",
    "learner.evidence": "learner.catalogue",
    "learner.learning_paths": "learner.catalogue",
}


@dataclass(frozen=True)
class Entry:
    """One thing to go to."""

    label: str
    url: str
    active: bool
    icon: str = ""
    folded: bool = False


def area_name() -> str | None:
    """Return the area this page belongs to."""
    name = (request.endpoint or "").split(".")[0]
    return name if name in AREAS else None


def _roles() -> frozenset[Role] | None:
    """The roles of whoever reads; None for a stranger."""
    return frozenset(current_user.roles) if current_user.is_authenticated else None


def _may(mine: frozenset[Role] | None, roles: frozenset[Role]) -> bool:
    return mine is not None and (not roles or bool(mine & roles))


def menu() -> tuple[Entry, ...]:
    """Return the entries of the current area that this person may open."""
    page = (request.endpoint or "").rsplit(".", 1)[0]
    area, here = area_name() or "", UNDER.get(page, page)
    return _menu(area, here, _roles(), locale_here(), request.script_root)


def areas() -> tuple[Entry, ...]:
    """Return the areas this person may enter."""
    return _areas(area_name(), _roles(), locale_here(), request.script_root)


# Whoever has the same roles and language finds the same entries on the same page.
@lru_cache(maxsize=512)
def _menu(
    area: str, here: str, roles: frozenset[Role] | None, _locale: Locale | None, _root: str
) -> tuple[Entry, ...]:
    mine = [one[:3] for one in ENTRIES.get(area, ()) if _may(roles, one[3])]
    folds = len(mine) > MOST_IN_A_ROW
    return tuple(
        Entry(
            str(label),
            url_for(endpoint),
            endpoint.rsplit(".", 1)[0] == here,
            icon,
            folds and endpoint in FOLDED,
        )
        for label, endpoint, icon in mine
    )


@lru_cache(maxsize=512)
def _areas(
    here: str | None, mine: frozenset[Role] | None, _locale: Locale | None, _root: str
) -> tuple[Entry, ...]:
    return tuple(
        Entry(str(label), url_for(endpoint), name == here)
        for name, (label, endpoint, roles) in AREAS.items()
        if _may(mine, roles)
    )
