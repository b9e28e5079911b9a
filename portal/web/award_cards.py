"""What a card says of a badge that was earned: where it stands, and what one can do with it."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from flask import url_for

from portal.models import AwardState, CredlyState
from portal.services.issuing.shown import ShownAward
from portal.services.issuing.wallet import Standing, stands
from portal.services.learning.why import ShownSource
from portal.web.addresses import picture_url
from portal.web.language import in_each_language
from portal.web.next_steps import NextStep, next_step, plain_steps
from portal.web.saying import days
from portal.web.saying import gettext as _
from portal.web.standings import already_held, view_of, views
from portal.web.states import View


class AwardCard(NamedTuple):
    """One card. `line` says where the badge comes from; addresses, of the picture too, as far as
    there are any."""

    url: str
    name: str
    picture: str | None
    whole: bool  # else it is drawn as one that is not there
    line: str
    pill: View
    step: NextStep | None = None
    accept_url: str | None = None
    badge_url: str | None = None
    share_url: str | None = None


class Texts(NamedTuple):
    """What cards say, in one language."""

    earned_on: str
    came_from: str
    held: View
    pills: dict[Standing, View]
    steps: dict[Standing, NextStep]


@in_each_language
def _texts() -> Texts:
    return Texts(
        earned_on=_("Earned on %(day)s"),
        came_from=_("%(source)s, %(day)s"),
        held=already_held(),
        pills=views(),
        steps=plain_steps(),
    )


def short_cards(awards: Sequence[ShownAward], now: datetime) -> list[AwardCard]:
    """Return cards without a next step."""
    shelf, texts, write = url_for("learner.badges.index"), _texts(), days()
    cards = []
    for award in awards:
        line = texts.earned_on % {"day": write(award.earned_at)}
        cards.append(_card(award, shelf, line, _pill(award, stands(award, now), texts)))
    return cards


def whole_cards(
    awards: Sequence[ShownAward], sources: Mapping[int, ShownSource], now: datetime
) -> list[AwardCard]:
    """Return cards with what each was earned through, by the award's id, and the next step."""
    shelf, texts, write = url_for("learner.badges.index"), _texts(), days()
    cards = []
    for award in awards:
        source, standing = sources.get(award.id), stands(award, now)
        text = texts.came_from if source else texts.earned_on
        line = text % {"source": source and source.title, "day": write(award.earned_at)}
        step = texts.steps.get(standing) or next_step(award, standing, source)
        cards.append(_card(award, shelf, line, _pill(award, standing, texts), step))
    return cards


def moves(card: AwardCard) -> bool:
    """Whether the badge goes to Credly in a moment; one that waits for somebody does not."""
    return card.step is not None and card.step.soon


def key_of(cards: Sequence[AwardCard]) -> str:
    """Return a word that changes exactly when these cards say something else."""
    return hashlib.sha256(repr(cards).encode()).hexdigest()[:16]


def _pill(award: ShownAward, standing: Standing, texts: Texts) -> View:
    return texts.held if award.held else view_of(award, standing, texts.pills)


def _card(
    award: ShownAward, shelf: str, line: str, pill: View, step: NextStep | None = None
) -> AwardCard:
    url, name, whole = f"{shelf}/{award.id}", award.badge.name, award.state is AwardState.EARNED
    picture, there = picture_url(award.badge.picture), award.issued_badge if whole else None
    if there is None or there.gone_at:
        return AwardCard(url, name, picture, whole, line, pill, step)
    badge_url = there.badge_url if there.state == CredlyState.ACCEPTED else None
    return AwardCard(
        *(url, name, picture, whole, line, pill, step),
        accept_url=there.accept_url if there.state == CredlyState.PENDING else None,
        badge_url=badge_url,
        share_url=f"{url}#share" if badge_url and there.public else None,
    )
