"""Earlier completions as people see them: words, tones, icons, and the pages of their source."""

from datetime import timedelta

from flask import url_for
from flask_babel import format_timedelta
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.messages import say
from portal.models import EarlierOutcome, EarlierRun, EarlierState
from portal.services.learning.earlier_verdicts import Candidate
from portal.services.learning.sources import Source
from portal.web.forms.objects import HOLDS
from portal.web.kinds import author_url
from portal.web.states import View
from portal.wording import words

_OUTCOME = {
    EarlierOutcome.WAITING: (_l("Will issue"), "info", "clock"),
    EarlierOutcome.AWARDED: (_l("Awarded"), "good", "circle-check"),
    EarlierOutcome.HAD_IT: (_l("Already has"), "quiet", "award"),
    EarlierOutcome.BLOCKED: (_l("Blocked"), "warn", "hand-stop"),
    EarlierOutcome.UNDONE: (_l("Taken back"), "quiet", "x"),
}
_STATE = {
    EarlierState.RUNNING: (_l("Running"), "info", "refresh"),
    EarlierState.PAUSED: (_l("Paused"), "warn", "player-pause"),
    EarlierState.DONE: (_l("Done"), "good", "circle-check"),
    EarlierState.UNDONE: (_l("Taken back"), "quiet", "x"),
}


def earlier_outcome(outcome: EarlierOutcome) -> View:
    """What somebody gets from a run."""
    label, tone, icon = _OUTCOME[outcome]
    return View(str(label), tone, icon)


def earlier_state(run: EarlierRun) -> View:
    """How far a run is."""
    label, tone, icon = _STATE[run.state]
    return View(str(label), tone, icon)


def source_title(source: Source) -> str:
    """What people call the thing: its title, or the skill with its level."""
    if source.learning_object is not None:
        return source.learning_object.title
    level = source.level
    return _("%(skill)s, level %(level)s", skill=level.skill.name, level=level.level)


def source_url(source: Source) -> str:
    """Return the address of the page on which the source is made."""
    if source.learning_object is not None:
        return author_url(source.learning_object)
    return f"/admin/skills/{source.level.skill_id}"


def verdict_words(one: Candidate) -> str:
    """Why somebody gets the badge, has it or does not get it; and what will keep it waiting."""
    said = words(say(f"earlier_{one.verdict.value}"))
    if one.held is None:
        return said
    reason = words(say(f"held_{one.held.value}"))
    return said + " " + _("Then it waits: %(reason)s.", reason=reason)


def hold_words(source: Source) -> str:
    """Say for how long badges are held before they are sent; empty where they are not."""
    if not source.hold:
        return ""
    minutes = source.hold // timedelta(minutes=1)
    return str(HOLDS.get(minutes) or format_timedelta(source.hold))


def earlier_url(source: Source, endpoint: str = "index", **more: object) -> str:
    """Return the address of a page about the earlier completions of a source."""
    return url_for(f"author.earlier.{endpoint}", what=source.what, source_id=source.id, **more)


FILTERS = (
    *(earlier_outcome, earlier_state, source_title, source_url, verdict_words, hold_words),
    earlier_url,
)
