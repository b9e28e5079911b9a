"""Lena's badges, each under the one word for where it stands."""

from datetime import timedelta

import pytest

from portal.extensions import db
from portal.models import AwardState
from portal.services.issuing import awards, wallet
from portal.services.issuing.wallet import Order, Standing, Wanted
from tests.factories import earn, make_badge, make_credly_badge, make_person

AGO, AHEAD = timedelta(days=-1), timedelta(days=30)


@pytest.fixture
def earned(app, lena, now):
    """A badge in every standing, by the name of its badge."""
    issued = {
        "Bowline": {"state": "pending"},
        "anchor": {"state": "accepted", "expires_at": now + AHEAD},
        "Flags": {"state": "accepted", "expires_at": now + AGO},
        "Tides": {"state": "accepted"},
        "Radio": {"state": "rejected"},
        "Charts": {"state": "revoked"},
        "Stars": {"state": "a-new-word"},
        "Sails": {"state": "accepted", "gone_at": now},
        "Ropes": {},
    }
    means = app.extensions["means"]
    given = {name: earn(lena, make_credly_badge(means, name), **at) for name, at in issued.items()}
    given |= {name: earn(lena, make_badge(name)) for name in ("Dinghy", "Pilot", "Night", "Crew")}
    given["Pilot"].expires_at = now + AGO
    given["Night"].state, given["Crew"].state = AwardState.REVOKED, AwardState.CANCELLED
    db.session.commit()
    return given


def names(lena, now, **wanted):
    page = wallet.list_for_learner(lena, Wanted(**wanted), 1, now)
    return [award.badge.name for award in page.rows]


def test_every_badge_stands_under_one_word_and_the_counts_agree(lena, earned, now):
    found = {one: names(lena, now, standing=one) for one in Standing}
    assert sorted(sum(found.values(), [])) == sorted(earned)
    assert {one: len(each) for one, each in found.items()} == wallet.counts(lena, "", now)
    assert found[Standing.EXPIRED] == ["Pilot", "Flags"]
    assert found[Standing.REVOKED] == ["Night", "Charts"]
    for standing, each in found.items():
        for name in each:
            assert wallet.stands(earned[name], now) is standing, name


def test_they_are_sorted_by_name_whatever_the_case(lena, earned, now):
    assert names(lena, now, order=Order.NAME) == sorted(earned, key=str.lower)


def test_what_ends_soonest_comes_first_and_what_never_ends_last(lena, earned, now):
    first = names(lena, now, order=Order.EXPIRY)[:3]
    assert set(first[:2]) == {"Flags", "Pilot"}
    assert first[2] == "anchor"


def test_words_and_state_narrow_together(lena, earned, now):
    assert names(lena, now, q="s", standing=Standing.ACCEPTED) == ["Tides"]
    assert wallet.counts(lena, "tide", now) == {Standing.ACCEPTED: 1}


def test_nobody_sees_the_badges_of_others(earned, now):
    assert wallet.list_for_learner(make_person(), Wanted(), 1, now).total == 0


def test_what_came_through_a_second_source_is_held_already(lena, now):
    badge = make_badge("Knots")
    first, second = earn(lena, badge), earn(lena, badge)
    rows = wallet.list_for_learner(lena, Wanted(), 1, now).rows
    assert {one.id: one.held for one in rows} == {first.id: False, second.id: True}
    assert {one.id for one in rows if one.held} == awards.already_held(lena, [first, second])
