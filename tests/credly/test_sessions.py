"""Which connections are used again, what they carry, and what is told of them."""

import base64
import contextlib
import logging
import socket
import threading
import time

import pytest

from portal.credly.client import Door
from portal.credly.errors import NotNow, Refused
from portal.credly.links import Hosts
from tests.credly.conftest import ORGANIZATION, TOKEN, badge, http, organization, reset

CREATED = 201


def test_connections_are_kept_alive(wire, credly, monkeypatch):
    monkeypatch.setattr("portal.credly.sockets.LONGEST_IDLE", 60.0)  # for a slow machine
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
    closed = threading.Event()

    def answer_and_close(sock):
        http(200, organization())(sock)
        sock.shutdown(socket.SHUT_RDWR)
        closed.set()

    wire.plays(answer_and_close, http(CREATED, badge()))
    credly.organization()
    assert closed.wait(60)
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
