"""What becomes of a request when sockets, servers and certificates misbehave."""

import base64
import contextlib
import gzip
import logging
import socket
import threading
import time

import pytest

from portal.credly.client import Door
from portal.credly.errors import ConnectionTrouble, NotNow, Refused, Unsure
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
    time.sleep(2)


UNSURE = {
    "reset before an answer": (reset, "reset"),
    "closed without an answer": (lambda sock: sock.shutdown(socket.SHUT_RDWR), "reset"),
    "half the body": (say(b'HTTP/1.1 201 C\r\nContent-Length: 99\r\n\r\n{"data": {'), "reset"),
    "half a chunked body": (
        say(b"HTTP/1.1 201 C\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n{"),
        "reset",
    ),
    "no answer in time": (hang, "timeout"),
    "a dripping status line": (drip(b"HTTP/1.1 2"), "deadline"),
    "a dripping header": (drip(b"HTTP/1.1 201 C\r\nX-Drip: "), "deadline"),
    "a dripping body": (drip(b"HTTP/1.1 201 C\r\nContent-Length: 9999\r\n\r\n"), "deadline"),
    "a dripping body without a length": (drip(b"HTTP/1.0 201 C\r\n\r\n{}"), "deadline"),
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


@pytest.mark.parametrize(("fault", "cause"), UNSURE.values(), ids=UNSURE)
def test_a_badge_that_may_have_been_issued_is_unsure(wire, credly, order, fault, cause):
    wire.plays(fault)
    started = time.monotonic()
    with pytest.raises(Unsure) as trouble:
        credly.issue(order)
    assert trouble.value.cause == cause
    assert time.monotonic() - started < 1.5
    assert len(wire.asked) == 1


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
    "negative": ("-5", 0),
    "a date long past": ("Wed, 21 Oct 2015 07:28:00 GMT", 0),
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
    with socket.create_server(("127.0.0.1", 0)) as taken:
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


def test_connections_are_kept_alive(wire, credly):
    wire.plays(*[http(200, organization())] * 3)
    for _ in range(3):
        credly.organization()
    assert wire.connections == 1


def test_a_connection_that_rested_is_not_trusted_with_a_post(wire, credly, order, monkeypatch):
    wire.plays(http(200, organization()), http(CREATED, badge()))
    credly.organization()
    monkeypatch.setattr("portal.credly.sockets.LONGEST_IDLE", 0.0)
    credly.issue(order)
    assert wire.connections == 2


def test_a_connection_that_the_server_closed_is_replaced_before_a_post(wire, credly, order):
    def answer_and_close(sock):
        http(200, organization())(sock)
        sock.shutdown(socket.SHUT_RDWR)

    wire.plays(answer_and_close, http(CREATED, badge()))
    credly.organization()
    time.sleep(0.05)
    assert credly.issue(order).state == "pending"


def test_each_thread_has_connections_of_its_own(wire, credly):
    wire.plays(*[http(200, organization())] * 2)
    credly.organization()
    other = threading.Thread(target=credly.organization)
    other.start()
    other.join()
    assert wire.connections == 2


def test_the_token_goes_as_user_name_with_an_empty_password(wire, credly):
    wire.plays(http(200, organization()))
    credly.organization()
    sent = base64.b64encode(f"{TOKEN}:".encode()).decode()
    assert f"Authorization: Basic {sent}" in wire.asked[0]


def test_cookies_and_the_users_own_settings_are_ignored(wire, credly, monkeypatch, tmp_path):
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login mallory password secret")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    wire.plays(http(200, organization(), Set_Cookie="a=b; Path=/"), http(200, organization()))
    credly.organization()
    credly.organization()
    assert "Cookie" not in wire.asked[1]


def test_the_token_shows_nowhere(wire, door, order, caplog):
    caplog.set_level(logging.DEBUG)
    calls = []
    client = door.at(wire.place, ORGANIZATION, TOKEN, note=calls.append)
    wire.plays(
        http(422, {"data": {"message": f"no {TOKEN}\x00 \u202eok" + "x" * 9999}}),
        http(200, organization()),
        reset,
    )
    with pytest.raises(NotNow) as first:
        client.issue(order)
    wire.plays(http(418, {"data": {"message": f"<b>{TOKEN}</b>\x00" + "x" * 9999}}))
    with pytest.raises(Refused) as second:
        client.issue(order)
    said = f"{client!r} {client.transport!r} {calls} {first.value!r} {second.value!r} {door!r}"
    said += caplog.text + str([(call.words, call.path) for call in calls])
    assert TOKEN not in said
    assert "lena" not in said.lower()
    assert second.value.credly_words == f"<b>•••</b>{'x' * 490}"
    assert first.value.__context__.__context__ is None


def test_the_trail_tells_each_request_and_hides_addresses(wire, door):
    calls, paced = [], []
    client = door.at(wire.place, ORGANIZATION, TOKEN, lambda: paced.append(1), calls.append)
    wire.plays(http(200, {"data": [], "metadata": {}}), http(503, b"", Retry_After="1"))
    assert not list(client.badges(recipient_email="lena@example.org", state="pending"))
    with pytest.raises(NotNow):
        client.organization()
    assert len(paced) == 2
    assert [(call.method, call.status, call.cause) for call in calls] == [
        ("GET", 200, None),
        ("GET", 503, "unavailable"),
    ]
    assert calls[0].path.endswith("/badges?filter=recipient_email::…|state::pending&page=1")


def test_addresses_of_people_are_in_no_log_however_talkative(wire, caplog):
    caplog.set_level(logging.DEBUG, logger="urllib3")
    caplog.set_level(logging.DEBUG)
    wire.plays(http(200, {"data": [], "metadata": {}}))
    with contextlib.closing(Door(Hosts(frozenset({wire.place})))) as door:
        assert not list(door.at(wire.place, ORGANIZATION, TOKEN).badges(query="lena@example.org"))
    assert "lena" not in caplog.text
