"""One line of the audit as its page shows it: who, what, to whom, from where, before and after."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _

from portal.messages import say
from portal.models import AuditEntry, Channel, Person
from portal.services import audit_trail
from portal.web.audit_words import change_of, facts_of, subject_words
from portal.wording import words

# Subject → endpoint and the name its id has there.
_PAGES = {
    "connection": ("admin.credly.show", "connection_id"),
    "badge": ("admin.badges.show", "badge_id"),
    "import_run": ("admin.imports.show", "run_id"),
    "catalogue_import": ("admin.catalogues.show", "catalogue_id"),
    "award": ("admin.awards.show", "award_id"),
    "delivery": ("admin.deliveries.show", "delivery_id"),
    "skill": ("admin.skills.show", "skill_id"),
    "person_group": ("admin.groups.show", "group_id"),
    "evidence": ("author.evidence.show", "evidence_id"),
    "earlier_run": ("author.earlier.show", "run_id"),
}
_KINDS = {
    "course": "courses",
    "learning_path": "learning-paths",
    "certification": "certifications",
}


@dataclass(frozen=True)
class Named:
    """Somebody or something, with its address where there is one."""

    words: str
    url: str | None = None


@dataclass(frozen=True)
class Line:
    """What the page says of one entry."""

    at: datetime
    who: Named
    what: str
    whom: Named | None
    subject: Named | None
    origin: str
    change: tuple[str, str] | None
    facts: list[tuple[str, str]]
    reason: str


def lines_of(rows: Sequence[AuditEntry]) -> list[Line]:
    """Return the lines of some entries; what they are about is looked up together."""
    names = audit_trail.names_of(rows)
    return [_line(entry, names) for entry in rows]


def what_words(action: str) -> str:
    """Return an action in plain words."""
    try:
        return words(say(f"audit_{action.replace('.', '_')}"))
    except KeyError:  # an entry of another version
        return action


def person_named(person: Person) -> Named:
    """Return a person with their page; whoever was erased is a number."""
    name = person.name
    if person.erased_at is not None:
        name = _("Erased person %(number)s", number=person.id)
    return Named(name, url_for("admin.people.show", person_id=person.id))


def subject_named(subject: str, number: int | None, names: Mapping) -> Named:
    """Return what it was done to, with its page; what is gone has none."""
    word = subject_words(subject)
    name = names.get((subject, number))
    label = f"{word}: {name}" if name else f"{word} {number or ''}".strip()
    gone = subject in audit_trail.NAMES and name is None
    if gone or number is None:
        return Named(label)
    if subject in _KINDS:
        where = {"kind": _KINDS[subject], "object_id": number}
        return Named(label, url_for("author.objects.show", **where))
    if subject in _PAGES:
        endpoint, name_of_id = _PAGES[subject]
        return Named(label, url_for(endpoint, **{name_of_id: number}))
    return Named(label)


def _line(entry: AuditEntry, names: Mapping) -> Line:
    details = dict(entry.details or {})
    for name in audit_trail.badges_told(entry):
        details[name] = names.get(("badge", details[name]), details[name])
    subject = entry.subject
    return Line(
        at=entry.at,
        who=_doer(entry),
        what=what_words(entry.action),
        whom=person_named(entry.person) if entry.person else None,
        subject=subject_named(subject, entry.subject_id, names) if subject else None,
        origin=_origin(entry),
        change=change_of(details),
        facts=facts_of(details),
        reason=entry.reason,
    )


def _doer(entry: AuditEntry) -> Named:
    if entry.actor is not None:
        return person_named(entry.actor)
    if entry.channel is Channel.COMMAND:
        return Named(_("Command line"))
    if entry.channel is Channel.PAGE:
        return Named(_("Somebody not signed in"))
    return Named(_("The portal itself"))


def _origin(entry: AuditEntry) -> str:
    if entry.network:
        return entry.network
    if entry.channel is Channel.COMMAND:
        return _("This machine")
    return _("In the background") if entry.channel is Channel.PORTAL else "–"
