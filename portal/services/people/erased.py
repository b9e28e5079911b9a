"""Somebody who was erased: what is left of them is a number, and no way leads back."""

from portal.errors import RuleBroken
from portal.messages import say
from portal.models import Person


def refuse(person: Person) -> None:
    """Raise RuleBroken for a person who was erased for good."""
    if person.erased_at is not None:
        raise RuleBroken(say("already_erased"))
