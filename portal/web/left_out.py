"""Whom staff named and nothing was done for: their names, and why."""

from collections.abc import Mapping, Sequence

from flask_babel import gettext as _

from portal.messages import say
from portal.models import Person
from portal.wording import words

MOST_NAMED = 10


def left_out_words(left_out: Mapping[str, Sequence[Person]]) -> list[str]:
    """Return a sentence for each reason, given by its code, with the first few names."""
    return [
        _("Left out: %(names)s.", names=_names(people)) + " " + words(say(code))
        for code, people in left_out.items()
        if people
    ]


def _names(people: Sequence[Person]) -> str:
    named = ", ".join(one.name for one in people[:MOST_NAMED])
    more = len(people) - MOST_NAMED
    return _("%(names)s and %(more)s more", names=named, more=more) if more > 0 else named
