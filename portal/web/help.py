"""Help: a page for each role, in Markdown below portal/help, for everybody who signed in."""

from functools import cache
from pathlib import Path

from flask import abort, current_app, render_template, url_for
from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from portal.models import Role
from portal.web.access import area
from portal.web.menu import ADMIN, BOTH, EVERYBODY, Entry

bp = area("help")

# Page → its tab, who reads it. The last that somebody may read is the one they get first.
PAGES: dict[str, tuple[str, frozenset[Role]]] = {
    "learner": (_l("Learner"), EVERYBODY),
    "author": (_l("Author"), frozenset({Role.AUTHOR, Role.ADMIN})),
    "integration_admin": (_l("Integration administrator"), BOTH),
    "admin": (_l("Administrator"), ADMIN),
}


@bp.get("", defaults={"role": None})
@bp.get("/<role>")
def index(role: str | None) -> str:
    allowed = _allowed()
    role = role or allowed[-1]
    if role not in PAGES:
        abort(404)
    if role not in allowed:
        abort(403)
    tabs = [Entry(PAGES[one][0], url_for(".index", role=one), one == role) for one in allowed]
    text = text_of(str(get_locale() or "en"), role, Path(current_app.root_path) / "help")
    return render_template("help/index.html", text=text, tabs=tabs, role=PAGES[role][0])


def _allowed() -> list[str]:
    """Return the pages for what this person may do, the simplest first."""
    return [
        name for name, (_label, roles) in PAGES.items() if not roles or current_user.roles & roles
    ]


@cache
def text_of(language: str, role: str, folder: Path) -> str:
    """Return a page's Markdown; English where its language has none."""
    page = folder / language / f"{role}.md"
    if not page.is_file():
        page = folder / "en" / f"{role}.md"
    return page.read_text(encoding="utf-8")
