"""States as people see them: a word, a tone and an icon, the same everywhere."""

from collections.abc import Iterable
from typing import NamedTuple

from flask_babel import format_datetime
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.messages import from_stored, say
from portal.models import (
    Badge,
    BadgeState,
    Connection,
    ConnectionState,
    Delivery,
    DeliveryState,
    LearningObject,
    ObjectState,
    Skill,
    SkillState,
)
from portal.services.issuing.holding import is_held
from portal.wording import words


class View(NamedTuple):
    """What a pill shows."""

    words: str
    tone: str
    icon: str | None = None


_DELIVERY = {
    DeliveryState.WAITING: (_l("Waiting"), "info", "clock"),
    DeliveryState.SENDING: (_l("Sending"), "info", "send"),
    DeliveryState.UNSURE: (_l("Checking with Credly"), "info", "refresh"),
    DeliveryState.HELD: (_l("Held"), "warn", "hand-stop"),
    DeliveryState.NEEDS_PERSON: (_l("Needs a person"), "bad", "alert-circle"),
    DeliveryState.DONE: (_l("Done"), "good", "circle-check"),
    DeliveryState.CANCELLED: (_l("Cancelled"), "quiet", "x"),
}
_CONNECTION = {
    ConnectionState.WORKING: (_l("Working"), "good", "circle-check"),
    ConnectionState.HELD: (_l("Held"), "bad", "hand-stop"),
    ConnectionState.PAUSED: (_l("Paused"), "warn", "player-pause"),
}
_OBJECT = {
    ObjectState.DRAFT: (_l("Draft"), "quiet", "pencil"),
    ObjectState.PUBLISHED: (_l("Published"), "good", "circle-check"),
    ObjectState.RETIRED: (_l("Retired"), "quiet", "archive"),
}
_RUN = {
    "waiting": (_l("Waiting"), "info", "clock"),
    "running": (_l("Running"), "info", "refresh"),
    "reading": (_l("Reading the file"), "info", "refresh"),
    "ready": (_l("Ready to start"), "warn", "clock"),
    "refused": (_l("Refused"), "bad", "x"),
    "stopped": (_l("Stopped"), "bad", "alert-circle"),
    "done": (_l("Done"), "good", "circle-check"),
    "failed": (_l("Failed"), "bad", "alert-circle"),
    "cancelled": (_l("Cancelled"), "quiet", "x"),
}


def delivery_state(delivery: Delivery) -> View:
    """Staff's view of a delivery; a held one says why."""
    label, tone, icon = _DELIVERY[delivery.state]
    if delivery.state is DeliveryState.HELD and delivery.held_because:
        reason = words(say(f"held_{delivery.held_because.value}"))
        return View(_("Held: %(reason)s", reason=reason), tone, icon)
    return View(str(label), tone, icon)


def delivery_reason(delivery: Delivery) -> str:
    """Why a delivery stands where it stands and what would move it; empty without a reason."""
    if is_held(delivery) and delivery.held_until:
        return _(
            "Held until %(when)s so that it can be cancelled. Then it leaves by itself.",
            when=until(delivery),
        )
    if delivery.state is DeliveryState.HELD and delivery.held_because:
        return words(say(f"why_{delivery.held_because.value}"))
    return words(from_stored(delivery.reason)) if delivery.reason else ""


def until(delivery: Delivery) -> str:
    """Until when a delivery is held so that it can be cancelled, to the minute."""
    held_until = delivery.held_until
    return format_datetime(held_until, format="d MMM y HH:mm") if held_until else ""


def delivery_word(state: str) -> str:
    """The word for a state of deliveries."""
    return str(_DELIVERY[DeliveryState(state)][0])


def connection_state(connection: Connection) -> View:
    """Whether anything is sent over it."""
    return _view(_CONNECTION[connection.state])


def object_state(learning_object: LearningObject) -> View:
    """Draft, published or retired."""
    return _view(_OBJECT[learning_object.state])


def skill_state(skill: Skill) -> View:
    """Active or retired."""
    if skill.state is SkillState.RETIRED:
        return View(_("Retired"), "quiet", "archive")
    return View(_("Active"), "good", "circle-check")


def badge_state(badge: Badge) -> View:
    """Active or retired; a template that is not active shows first."""
    if badge.state is BadgeState.RETIRED:
        return View(_("Retired"), "quiet", "archive")
    if badge.on_credly and badge.template is None:
        return View(_("Unchecked"), "warn", "clock")
    if badge.template and not badge.template.is_active:
        return View(_("Template not active"), "warn", "alert-triangle")
    return View(_("Active"), "good", "circle-check")


def run_state(run: object) -> View:
    """A sync or an import."""
    return _view(_RUN[run.state.value])


_KINDS = {
    "issue": _l("Issue"),
    "replace": _l("Replace"),
    "revoke": _l("Revoke"),
}
_FINDINGS = {
    "lost": _l("Lost: earned, but neither at Credly nor on its way"),
    "twice": _l("Twice: more than one live badge"),
    "unknown": _l("Unknown: at Credly with our mark, but not here"),
    "ghost": _l("Gone: issued once, not at Credly any more"),
    "drift": _l("Differs: another state at Credly"),
    "unfinished": _l("Unfinished: still on its way"),
    "unread": _l("Unread: Credly did not answer"),
    "held": _l("Held, with a reason"),
    "needs_person": _l("Needs a person"),
    "not_sent_by_choice": _l("Not sent by choice"),
}


def delivery_kind(kind: str) -> str:
    """The word for what a delivery asks Credly to do."""
    return str(_KINDS[kind])


def finding_word(finding: str) -> str:
    """The words for a set of the books."""
    return str(_FINDINGS[finding])


def finding_words(counts: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    """The sets of the books by their words, for a list of facts."""
    return [(finding_word(name), count) for name, count in counts]


_INBOUND = {
    "waiting": (_l("Waiting"), "info", "clock"),
    "working": (_l("Checking with Credly"), "info", "refresh"),
    "done": (_l("Done"), "good", "circle-check"),
    "ignored": (_l("Ignored"), "quiet", "x"),
}


def inbound_state(event: object) -> View:
    """An event that came in by webhook."""
    return _view(_INBOUND[event.state.value])


def _view(parts: tuple) -> View:
    label, tone, icon = parts
    return View(str(label), tone, icon)


FILTERS = (
    delivery_reason,
    delivery_state,
    delivery_word,
    delivery_kind,
    connection_state,
    badge_state,
    object_state,
    skill_state,
    run_state,
    inbound_state,
    finding_word,
    finding_words,
)
