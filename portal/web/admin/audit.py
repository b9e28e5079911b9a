"""The audit: who did what to whom, when and from where; found, and taken along as CSV."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from flask import Response, render_template, request, url_for

from portal.clock import utc_now
from portal.errors import NotFound
from portal.messages.audit import ACTIONS
from portal.models import Role
from portal.services import audit, audit_trail, days
from portal.services.audit_trail import Wanted
from portal.services.exporting import csv_pieces
from portal.services.people import people
from portal.web.access import page
from portal.web.answers import attached
from portal.web.arguments import asked_ids, text_argument
from portal.web.audit_csv import COLUMNS, cells
from portal.web.audit_lines import lines_of, person_named, subject_named
from portal.web.audit_words import SUBJECTS
from portal.web.means import means
from portal.wording.audit import GROUPS

bp = page("audit", Role.ADMIN)
FILTERS = ("q", "person", "what", "subject", "subject_id", "from", "to")


@bp.get("")
def index() -> str:
    wanted, asked = _wanted(), _asked()
    found = audit_trail.list_for_admin(wanted, before=_id("before"), after=_id("after"))
    return render_template(
        "admin/audit/index.html",
        found=found,
        lines=lines_of(found.rows),
        most=audit_trail.MOST_COUNTED,
        asked=asked,
        kept=_kept(asked),
        groups=GROUPS,
        subjects=SUBJECTS,
        only=_only(wanted),
        newer=_beside(asked, after=found.rows[0].id) if found.newer and found.rows else None,
        older=_beside(asked, before=found.rows[-1].id) if found.older and found.rows else None,
    )


@bp.post("/audit.csv")
def export() -> Response:
    wanted = _wanted()
    audit.downloaded("export.audit")
    name = f"audit-{utc_now():%Y-%m-%d}.csv"
    return attached(csv_pieces(COLUMNS, _cells(audit_trail.every(wanted))), name)


def _cells(rows: Iterator[Any]) -> Iterator[list[str]]:
    return (cells(row) for row in rows)


def _asked() -> dict[str, str]:
    """What the address asks for, to stay in the addresses of the page."""
    return {name: value for name in FILTERS if (value := text_argument(name))}


def _wanted() -> Wanted:
    q, person, zone = text_argument("q"), _id("person"), means().time_zone
    found = audit_trail.people_named(q) if q else None
    if person:
        found = (person,) if found is None or person in found else ()
    subject = text_argument("subject")
    first, last = _day("from"), _day("to")
    return Wanted(
        people=found,
        actions=ACTIONS.get(text_argument("what"), ()),
        subject=subject if subject in SUBJECTS else "",
        subject_id=_id("subject_id") if subject in SUBJECTS else 0,
        since=days.start_of(first, zone) if first else None,
        until=days.end_of(last, zone) if last else None,
    )


def _only(wanted: Wanted) -> list:
    """What a link led to: one person or one thing, in words."""
    named = []
    if _id("person"):
        try:
            named.append(person_named(people.get(_id("person"))))
        except NotFound:
            named.append(None)
    if wanted.subject and wanted.subject_id:
        names = audit_trail.names_for({(wanted.subject, wanted.subject_id)})
        named.append(subject_named(wanted.subject, wanted.subject_id, names))
    return [one for one in named if one]


def _kept(asked: dict[str, str]) -> dict[str, str]:
    """What a link led to stays when the form is sent; the kind of one thing with its number."""
    names = ("person", *(("subject", "subject_id") if "subject_id" in asked else ()))
    return {name: asked[name] for name in names if name in asked}


def _beside(asked: dict[str, str], **place: int) -> str:
    return url_for(".index", **asked, **place)


def _id(name: str) -> int:
    return next(iter(asked_ids(name, 1)), 0)


def _day(name: str) -> date | None:
    """The day of this name in the address; what is none, or far away, asks for nothing."""
    try:
        found = date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None
    return found if 1970 < found.year < 9000 else None
