"""Misbehaviour over real sockets: what a client sees, and what was booked all the same."""

import subprocess
import sys
import time

import pytest
import requests


def wait_until(true) -> None:
    """Look again and again until it is so; a minute is for a machine that has much else to do."""
    ends = time.monotonic() + 60
    while not true():
        assert time.monotonic() < ends, "it did not happen in time"
        time.sleep(0.02)


@pytest.fixture
def template(desk):
    return desk.template()


def send(desk, template, **fields):
    return desk.call("POST", "/badges", desk.order(template, **fields))


@pytest.mark.parametrize(("when", "booked"), [("before", 0), ("after", 1)])
@pytest.mark.parametrize("status", [500, 503])
def test_a_failure_comes_before_or_after_the_booking(desk, template, when, booked, status):
    desk.plan(status=status, when=when)
    assert send(desk, template).status_code == status
    assert len(desk.ledger()) == booked
    assert (desk.log()[-1]["status"], len(desk.log()[-1]["badges"])) == (status, booked)


@pytest.mark.parametrize(("when", "booked"), [("before", 0), ("after", 1)])
@pytest.mark.parametrize("drop", ["reset", "close"])
def test_a_connection_is_lost_before_or_after_the_booking(desk, template, when, booked, drop):
    desk.plan(drop=drop, when=when)
    with pytest.raises(requests.ConnectionError) as lost:
        send(desk, template)
    assert ("reset by peer" in str(lost.value)) == (drop == "reset")
    assert len(desk.ledger()) == booked
    assert (desk.log()[-1]["dropped"], desk.log()[-1]["status"]) == (True, None)


def test_half_a_body_is_noticed(desk, template):
    desk.plan(drop="half_body", when="after")
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        send(desk, template)
    assert len(desk.ledger()) == 1


@pytest.mark.parametrize(("part", "interval"), [("head", 0.005), ("body", 0.05)])
def test_a_dripping_answer_takes_its_time(desk, template, part, interval):
    desk.plan(drop="drip", when="after", interval=interval, part=part, body="0123456789")
    began = time.monotonic()
    answer = desk.call("POST", "/badges", desk.order(template), stream=True)
    assert answer.raw.read(10) == b"0123456789"
    assert time.monotonic() - began > 0.4


def test_a_hanging_call_is_held_until_the_client_gives_up(desk, template):
    desk.plan(drop="hang", when="after")
    with pytest.raises(requests.ReadTimeout):
        desk.call("POST", "/badges", desk.order(template), timeout=0.3)
    wait_until(desk.ledger)  # a slow machine books it after the client has gone
    assert len(desk.ledger()) == 1


def test_a_slow_answer_holds_nobody_else_up(desk, template):
    desk.plan(delay=90, match={"path": "/events"})
    with pytest.raises(requests.ReadTimeout):
        desk.call("GET", "/events", timeout=0.1)
    wait_until(lambda: not desk.control("GET", "plan")["steps"])  # the slow call has come in
    assert send(desk, template).status_code == 201  # this client waits for less than the delay


def test_a_step_is_taken_as_often_as_it_says(desk, template):
    desk.plan(status=502, times=2)
    assert [send(desk, template).status_code for _ in range(3)] == [502, 502, 201]


def test_a_step_without_an_end_lasts_until_the_plan_is_cleared(desk, template):
    desk.plan(status=401, times=0, match={})
    assert [send(desk, template).status_code for _ in range(3)] == [401, 401, 401]
    desk.control("DELETE", "plan")
    assert send(desk, template).status_code == 201


@pytest.mark.parametrize(
    "match",
    [{"method": "GET"}, {"path": "/events"}, {"organization": "other"}, {"body_contains": "Otto"}],
)
def test_a_step_leaves_other_calls_alone(desk, template, match):
    desk.plan(status=500, match=match)
    assert send(desk, template).status_code == 201
    assert len(desk.control("GET", "plan")["steps"]) == 1


@pytest.mark.parametrize(
    ("step", "text"),
    [
        ({"body": "<html>", "content_type": "text/html", "status": 200}, "<html>"),
        ({"json": {"data": []}}, '{"data":[]}'),
        ({"truncate": 5, "when": "after"}, '{"dat'),
    ],
)
def test_an_answer_is_bent_as_told(desk, template, step, text):
    desk.plan(**step)
    answer = send(desk, template)
    assert answer.text == text
    assert answer.headers["Content-Type"] == step.get(
        "content_type", "application/json; charset=utf-8"
    )


def test_an_answer_loses_its_id_or_gets_a_wrong_one_or_fat(desk, template):
    desk.plan(when="after", without=["id"], set={"state": "odd"}, pad=1_000_000)
    answer = send(desk, template)
    assert answer.status_code == 201
    assert "id" not in answer.json()["data"]
    assert answer.json()["data"]["state"] == "odd"
    assert len(answer.content) > 1_000_000


def test_headers_can_be_added(desk, template):
    desk.plan(status=429, headers={"Retry-After": "-5"})
    assert send(desk, template).headers["Retry-After"] == "-5"
    desk.plan(status=302, headers={"Location": "https://elsewhere.example/"})
    assert send(desk, template).headers["Location"] == "https://elsewhere.example/"


@pytest.mark.parametrize(("when", "booked"), [("before", 0), ("after", 1)])
def test_a_process_is_killed_before_or_after_the_booking(desk, template, when, booked):
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as victim:
        desk.plan(kill={"pid": victim.pid, "signal": 9}, when=when)
        with pytest.raises(requests.ConnectionError):
            send(desk, template)
        assert victim.wait(60) == -9
    assert len(desk.ledger()) == booked


def test_a_lost_call_is_booked_later(desk, template):
    for count, later in enumerate((0.2, 2, 20)):
        began = time.monotonic()
        desk.plan(book_later=later)
        with pytest.raises(requests.ConnectionError):
            send(desk, template)
        booked = len(desk.ledger())
        in_time = time.monotonic() < began + later
        wait_until(lambda: len(desk.ledger()) > count)  # noqa: B023 - called at once
        if in_time:  # else the machine was too slow to look beforehand: once more
            break
    assert booked == count
    (badge,) = [one for one in desk.ledger() if one["id"] in desk.log()[-1]["badges"]]
    assert desk.log()[-1]["badges"] == [badge["id"]]


def test_every_call_can_be_slow(desk):
    desk.set(latency=0.2)
    began = time.monotonic()
    desk.call("GET", "", expect=200)
    assert time.monotonic() - began > 0.2


@pytest.mark.parametrize(
    "step", [{"stauts": 500}, {"drop": "odd"}, {"match": {"host": "x"}}, {"match": {"path": "("}}]
)
def test_a_step_that_makes_no_sense_is_refused(desk, step):
    desk.control("POST", "plan", {"steps": [step]}, expect=422)
    assert desk.control("GET", "plan")["steps"] == []


@pytest.mark.parametrize("wish", [{"colour": 1}, {"latency": "slow"}, {"locale_unknown": "odd"}])
def test_a_switch_that_makes_no_sense_is_refused(desk, wish):
    desk.control("POST", "switches", wish, expect=422)
