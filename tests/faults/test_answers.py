"""Credly's answers, good and bad. All are played at once, each by an organisation of its own."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from tests.faults.stage import Stage

# One pair of workers plays all rows, so whoever runs tests side by side keeps them together.
together = pytest.mark.xdist_group("answers")
# So many at once take their time: a good answer must not be late on a slow machine.
DEADLINE = 3
ROOMY = {"DELIVERY_LEASE": "5", "DELIVERY_QUIET": "6", "CREDLY_DEADLINE": str(DEADLINE)}
HTML = {"body": "<html>Please sign in</html>", "content_type": "text/html"}
STILL_BOOKED = {"when": "after"}


@dataclass
class Row:
    """What practice Credly does, the reason that must show, and how many POSTs may be seen."""

    fault: dict
    posts: int
    code: str
    switches: dict = field(default_factory=dict)


ROWS = {
    "F12 500": Row({"status": 500}, 2, "credly_server_error"),
    "F12 500 three times": Row({"status": 500, "times": 3}, 4, "credly_server_error"),
    "F13 502": Row({"status": 502}, 2, "credly_server_error"),
    "F13 504": Row({"status": 504}, 2, "credly_server_error"),
    "F14 502 after booking": Row({"status": 502, **STILL_BOOKED}, 1, "credly_server_error"),
    "F15 503": Row({"status": 503, "headers": {"Retry-After": "3"}}, 2, "credly_busy"),
    "F16 seconds": Row({"status": 429, "headers": {"Retry-After": "3"}}, 2, "credly_busy"),
    "F16 no time": Row({"status": 429}, 2, "credly_busy"),
    "F16 minus five": Row({"status": 429, "headers": {"Retry-After": "-5"}}, 2, "credly_busy"),
    "F17": Row({"drop": "hang", "seconds": 9}, 2, "credly_no_answer"),
    "F18": Row({"drop": "hang", "seconds": 9, **STILL_BOOKED}, 1, "credly_no_answer"),
    "F21": Row({"drop": "reset"}, 2, "credly_no_answer"),
    "F22": Row({"drop": "reset", **STILL_BOOKED}, 1, "credly_no_answer"),
    "F23": Row({"drop": "half_body", **STILL_BOOKED}, 1, "credly_no_answer"),
    "F24 body": Row({"drop": "drip", **STILL_BOOKED}, 1, "credly_no_answer"),
    "F24 head": Row({"drop": "drip", "part": "head", **STILL_BOOKED}, 1, "credly_no_answer"),
    "F24 oversized": Row({"pad": 6_000_000, **STILL_BOOKED}, 1, "credly_strange_answer"),
    "F27": Row({"status": 201, "body": '{"data": ', **STILL_BOOKED}, 1, "credly_strange_answer"),
    "F28": Row({"status": 200, **HTML}, 2, "credly_strange_answer"),
    "F28 after booking": Row({"status": 200, **HTML, **STILL_BOOKED}, 1, "credly_strange_answer"),
    "F29 no id": Row({"without": ["id"], **STILL_BOOKED}, 1, "credly_strange_answer"),
    "F29 odd id": Row({"set": {"id": "../x"}, **STILL_BOOKED}, 1, "credly_strange_answer"),
    "F39 102": Row({"status": 102}, 2, "credly_strange_answer"),
    "F39 599": Row({"status": 599}, 2, "credly_server_error"),
    "F22 booked later": Row({"book_later": 2}, 1, "credly_no_answer"),
}
FINAL = {
    "F38": Row({"status": 422, "json": {"data": {"message": "Email is invalid"}}}, 1, ""),
    "F39 400": Row({"status": 400}, 1, ""),
    "F39 405": Row({"status": 405}, 1, ""),
    "F39 415": Row({"status": 415}, 1, ""),
    "F39 418": Row({"status": 418}, 1, ""),
}


@pytest.fixture(scope="module")
def places(tmp_path_factory, practice, blank):
    """Every row at its end, or what is waiting for a person."""
    folder = tmp_path_factory.mktemp("answers")
    with Stage(folder, practice, blank, WORKER_SLOTS="8", **ROOMY) as stage:
        playing = {}
        for name, row in (ROWS | FINAL).items():
            place = playing[name] = stage.place()
            place.plan(row.fault)
            place.complete()
        stage.workers(2)
        yield playing


@together
@pytest.mark.parametrize("name", ROWS)
def test_whatever_comes_back_there_is_one_badge(places, name):
    place, row = places[name], ROWS[name]
    balance = place.drained()
    assert balance.is_clean, balance
    assert place.states() == {"done": 1}
    assert (balance.posts, row.code in place.reasons()) == (row.posts, True), place.reasons()


@together
@pytest.mark.parametrize("name", ["F15 503", "F16 seconds"])
def test_nothing_is_asked_before_the_time_that_credly_told(places, name):
    places[name].drained()
    told, after = places[name].posts()
    assert after["time"] - told["time"] >= 3


@together
@pytest.mark.parametrize("name", FINAL)
def test_a_no_for_good_needs_a_person_and_shows_credlys_words(places, name):
    place = places[name]
    assert place.drained().is_clean
    delivery = place.the_delivery()
    assert delivery.state == "needs_person"
    assert delivery.sent_at is None
    assert delivery.credly_words
    place.retry()
    assert place.drained().is_clean
    assert place.states() == {"done": 1}


@together
def test_a_dripped_answer_ends_with_the_deadline(places):
    places["F24 body"].drained()
    # Dripped to its end it would take minutes.
    assert max(places["F24 body"].seconds()) < 60


@pytest.mark.parametrize("told", ["date", "1000000000"])
def test_a_long_wait_is_kept_and_is_an_hour_at_most(stage, told):
    place = stage.place()
    began = datetime.now(UTC)
    when = began + timedelta(minutes=30)
    wait = format_datetime(when, usegmt=True) if told == "date" else told
    place.plan({"status": 429, "headers": {"Retry-After": wait}, "times": 0})
    place.complete_after_silence(5)
    # On a slow machine no answer within a second is a failure of its own, whose wait does count.
    stage.worker(DELIVERY_LEASE="60", DELIVERY_QUIET="60", CREDLY_DEADLINE="50")
    place.until_trail("credly_busy")
    due = max(one.due for one in place.deliveries())
    most = timedelta(minutes=30 if told == "date" else 60)
    assert due >= began + most - timedelta(seconds=1), "a date in a header has no fractions"
    assert due <= datetime.now(UTC) + most
    assert len(place.posts()) == 1, "the whole connection slows"
    assert sum(one.waited for one in place.deliveries()) == 0


def test_a_badge_that_was_there_before_is_adopted(stage):
    place = stage.place()
    learner = place.new_learner()
    there = place.credly.issue(place.template, **place.recipient(learner))
    place.completed_by(learner)
    stage.worker()
    assert place.drained().is_clean
    assert [badge["id"] for badge in place.badges()] == [there["id"]]
    assert "was_already_issued" in place.reasons()


def test_a_badge_that_the_list_does_not_show_yet_is_not_issued_twice(stage):
    place = stage.place()
    place.credly.set(list_lag=7)
    place.plan({"when": "after", "drop": "reset"})
    place.complete()
    stage.worker()
    balance = place.drained()
    assert balance.is_clean, balance
    assert place.states() == {"done": 1}
    assert len(place.badges()) == 1
