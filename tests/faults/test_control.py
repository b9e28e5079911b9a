"""The suite bites: a worker that never looks up fails the check that the real one passes.

And twenty rounds of random faults, which the real one survives.
"""

import pytest

from tests.faults import rounds
from tests.faults.databases import SERVER


@pytest.mark.parametrize("blind", [True, False])
def test_without_the_look_up_learners_get_their_badge_twice(stage, blind):
    place = stage.place(allow_duplicate_badges=True)
    place.plan({"when": "after", "drop": "reset"})
    place.complete()
    stage.ailing_worker({"blind": blind})
    balance = place.drained()
    assert (len(balance.twice), len(place.badges())) == ((1, 2) if blind else (0, 1))
    assert balance.is_clean != blind


def test_without_the_look_up_a_refused_duplicate_is_never_adopted(stage):
    place = stage.place()
    place.plan({"when": "after", "drop": "reset"})
    place.complete()
    stage.ailing_worker({"blind": True})
    balance = place.drained()
    assert len(balance.unknown) == 1
    assert not balance.is_clean


@pytest.mark.slow
def test_twenty_random_rounds_lose_nothing_and_issue_nothing_twice(tmp_path):
    sums = rounds.play_all(20, 4711, SERVER, tmp_path)
    assert not rounds.wrong_in(sums), sums
