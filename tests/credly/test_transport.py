"""What becomes of a request when sockets, servers and certificates misbehave."""

import contextlib
import gzip
import socket
import time

import pytest

from portal.credly.client import Door
from portal.credly.errors import ConnectionTrouble, NotNow, Unsure
from portal.credly.links import Hosts
from tests.credly.conftest import ORGANIZATION, TOKEN, badge, http, organization, reset

CREATED = 201
BOMB = gzip.compress(b" " * 20_000_000)


def drip(start: bytes):
    def play(sock):
        sock.sendall(start)
        while True:
            time.sleep(0.05)
            sock.sendall(b" ")

    return play


def say(raw: bytes):
    def play(sock):
        sock.sendall(raw)
        sock.shutdown(socket.SHUT_RDWR)

    return play


def hang(sock):
    sock.recv(1)  # nothing more comes until the client hangs up


UNSURE = {
    "reset before an answer": (reset, "reset"),
    "closed without an answer": (lambda sock: sock.shutdown(socket.SHUT_RDWR), "reset"),
    "half the body": (say(b'HTTP/1.1 201 C\r\nContent-Length: 99\r\n\r\n{"data": {'), "reset"),
    "half a chunked body": (
        say(b"HTTP/1.1 201 C\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n{"),
        "reset",
    ),
    "422 with half a body": (say(b"HTTP/1.1 422 No\r\nContent-Length: 99\r\n\r\n{"), "reset"),
    "not HTTP at all": (say(b"220 mail.example.org ESMTP\r\n"), "reset"),
    "broken JSON": (http(CREATED, b'{"data": {"id"'), "not_json"),
    "no JSON but a page": (http(200, b"<html>Sign in</html>"), "not_json"),
    "JSON nested without end": (http(CREATED, b"[" * 200_000), "not_json"),
    "JSON that is a list": (http(CREATED, b"[]"), "wrong_shape"),
    "a badge without id": (http(CREATED, badge(id=None)), "wrong_shape"),
    "a badge whose id is no UUID": (http(CREATED, badge(id="../badges")), "wrong_shape"),
    "a badge of another template": (
        http(CREATED, badge(badge_template={"id": ORGANIZATION})),
        "wrong_shape",
    ),
    "a badge of another learner": (http(CREATED, badge(issuer_earner_id="other")), "wrong_shape"),
    "200 where 201 belongs": (http(200, badge()), "wrong_shape"),
    "no content": (http(204, b""), "not_json"),
    "500": (http(500, b"oops"), "server_error"),
    "502 after processing": (http(502, b""), "server_error"),
    "599": (http(599, b""), "server_error"),
    "gzip that is none": (http(CREATED, b"not gzip", Content_Encoding="gzip"), "reset"),
    "a bomb in gzip": (http(CREATED, BOMB, Content_Encoding="gzip"), "too_large"),
}


# The one limit is short and the other so long that no machine mistakes which of them was reached.
SILENT, TOTAL = {"read_timeout": 0.3, "deadline": 60}, {"read_timeout": 60, "deadline": 1.0}
SLOW = {
    "no answer in time": (hang, SILENT, "timeout"),
    "a dripping status line": (drip(b"HTTP/1.1 2"), TOTAL, "deadline"),
    "a dripping header": (drip(b"HTTP/1.1 201 C\r\nX-Drip: "), TOTAL, "deadline"),
    "a dripping body": (
        drip(b"HTTP/1.1 201 C\r\nContent-Length: 9999\r\n\r\n"),
        TOTAL,
        "deadline",
    ),
    "a dripping body without a length": (drip(b"HTTP/1.0 201 C\r\n\r\n{}"), TOTAL, "deadline"),
    "no answer at all": (hang, TOTAL, "deadline"),
}


@pytest.mark.parametrize(("fault", "cause"), UNSURE.values(), ids=UNSURE)
def test_a_badge_that_may_have_been_issued_is_unsure(wire, credly, order, fault, cause):
    wire.plays(fault)
    with pytest.raises(Unsure) as trouble:
        credly.issue(order)
    assert trouble.value.cause == cause
    assert len(wire.asked) == 1


@pytest.mark.parametrize(("fault", "limits", "cause"), SLOW.values(), ids=SLOW)
def test_the_total_time_holds_in_every_phase(wire, door, order, fault, limits, cause):
    wire.plays(fault)
    hasty = Door(door.hosts, **limits)
    started = time.monotonic()
    with contextlib.closing(hasty), pytest.raises(Unsure) as trouble:
        hasty.at(wire.place, ORGANIZATION, TOKEN).issue(order)
    assert trouble.value.cause == cause
    assert time.monotonic() - started < 50


def test_an_endless_answer_is_given_up(wire, door, order):
    small = Door(door.hosts, max_answer=100_000)
    wire.plays(http(CREATED, b" " * 200_000))
    with pytest.raises(Unsure, match="too_large"):
        small.at(wire.place, ORGANIZATION, TOKEN).issue(order)
    small.close()


CONNECTION = {
    "401": (http(401, {"data": {"message": "bad token"}}), "token"),
    "401 with half a body": (say(b"HTTP/1.1 401 No\r\nContent-Length: 99\r\n\r\n{"), "token"),
    "403": (http(403, {}), "rights"),
    "a redirect": (http(302, b"", Location="http://elsewhere.test/"), "redirect"),
    "a redirect to nonsense": (http(307, b"", Location="http://[::1"), "redirect"),
    "not modified": (http(304, b""), "redirect"),
}


@pytest.mark.parametrize(("fault", "cause"), CONNECTION.values(), ids=CONNECTION)
def test_what_holds_the_whole_connection_is_asked_once(wire, credly, order, fault, cause):
    wire.plays(fault)
    with pytest.raises(ConnectionTrouble) as trouble:
        credly.issue(order)
    assert trouble.value.cause == cause
    assert len(wire.asked) == 1


WAITS = {
    "seconds": ("120", 120),
    "far too long": ("1000000000", 3600),
    "at once": ("0", 0),
    "negative": ("-5", None),
    "a date long past": ("Wed, 21 Oct 2015 07:28:00 GMT", None),
    "a date far ahead": ("Fri, 21 Oct 2095 07:28:00 GMT", 3600),
    "nonsense": ("soon", None),
    "other digits": ("\u0661\u0662", None),
}


@pytest.mark.parametrize(("told", "wait"), WAITS.values(), ids=WAITS)
@pytest.mark.parametrize("status", [429, 503])
def test_the_wait_that_credly_asked_for_is_kept_within_an_hour(wire, credly, status, told, wait):
    wire.plays(http(status, b"", Retry_After=told.encode().decode("latin-1")))
    with pytest.raises(NotNow) as trouble:
        credly.revoke(ORGANIZATION, "why")
    assert trouble.value.wait == wait


def test_a_question_is_asked_again_after_a_passing_502_and_504(wire, credly):
    wire.plays(http(502, b""), http(504, b""), http(200, organization()))
    assert credly.organization().name == "STEM Learning"


def test_a_question_is_given_up_after_three_tries(wire, credly):
    wire.plays(*[http(502, b"")] * 4)
    with pytest.raises(Unsure):
        credly.organization()
    assert len(wire.asked) == 3


@pytest.mark.parametrize("status", [429, 503])
def test_a_question_waits_when_credly_says_when(wire, credly, status):
    wire.plays(http(status, b"", Retry_After="7"), http(200, organization()))
    with pytest.raises(NotNow):
        credly.organization()
    assert len(wire.asked) == 1


def test_a_port_where_nobody_listens_is_not_now(door, order):
    with socket.socket() as taken:  # kept, and never listening: nobody else can have the port
        taken.bind(("127.0.0.1", 0))
        place = f"127.0.0.1:{taken.getsockname()[1]}"
        closed = Door(Hosts(frozenset({place})))
        with pytest.raises(NotNow) as trouble:
            closed.at(place, ORGANIZATION, TOKEN).issue(order)
    assert trouble.value.cause == "refused_connection"
    closed.close()


def test_a_server_that_takes_no_connections_is_not_now(order):
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full, contextlib.ExitStack() as stack:
        for _ in range(4):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(full.getsockname())
        place = f"127.0.0.1:{full.getsockname()[1]}"
        door = Door(Hosts(frozenset({place})), connect_timeout=0.2)
        with pytest.raises(NotNow) as trouble:
            door.at(place, ORGANIZATION, TOKEN).issue(order)
        assert trouble.value.cause == "connect_timeout"
