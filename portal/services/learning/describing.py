"""What every kind of learning object says about itself, and how a new one begins."""

from urllib.parse import urlsplit

from portal.errors import RuleBroken
from portal.extensions import db
from portal.messages import say
from portal.models import LearningObject, Person
from portal.services import audit
from portal.services.plain_text import one_line


def describe(
    learning_object: LearningObject,
    *,
    title: str,
    description: str,
    earned_again: bool,
    hold_minutes: int = 0,
) -> None:
    """Write what every kind says about itself. Raises RuleBroken; the caller commits.

    What is held already keeps its own time when `hold_minutes` changes.
    """
    title = one_line(title)
    if not title:
        raise RuleBroken(say("title_missing"), "title")
    learning_object.title, learning_object.description = title, description.strip()
    learning_object.earned_again, learning_object.hold_minutes = earned_again, hold_minutes
    if learning_object.id is not None:
        audit.note("learning_object.edit", subject=learning_object)


def begin(learning_object: LearningObject, actor: Person) -> None:
    """Keep a new draft. Commits."""
    db.session.add(learning_object)
    audit.note("learning_object.create", actor=actor, subject=learning_object)
    db.session.commit()


def web_address(text: str, field: str = "external_url") -> str | None:
    """Return a plain web address, or None for none; raise RuleBroken for anything else."""
    text = text.strip()
    if not text:
        return None
    try:
        parts = urlsplit(text)
        usable = parts.scheme in {"http", "https"} and parts.hostname and not parts.username
    except ValueError:
        usable = False
    if not usable or not text.isprintable() or "\\" in text or " " in text:
        raise RuleBroken(say("address_not_usable"), field)
    return text
