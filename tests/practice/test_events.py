"""Events, and the webhooks that tell of them until they hear exactly 200."""

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest


class Listener(HTTPServer):
    """Hears webhooks, and answers with the statuses it was told to."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Ear)
        self.heard: list[dict] = []
        self.statuses: list[int] = []

    def wait_for(self, count: int) -> list[dict]:
        end = time.monotonic() + 60
        while len(self.heard) < count and time.monotonic() < end:
            time.sleep(0.01)
        assert len(self.heard) >= count
        return self.heard


class Ear(BaseHTTPRequestHandler):
    server: Listener

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        self.server.heard.append(json.loads(self.rfile.read(length)))
        self.send_response(self.server.statuses.pop(0) if self.server.statuses else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def listener(desk) -> Iterator[Listener]:
    server = Listener()
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    url = f"http://127.0.0.1:{server.server_port}/hook?secret=1"
    desk.data("PUT", "", {"webhook_url": url})
    desk.set(webhook_retry_seconds=0.05)
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def template(desk):
    return desk.template()


def types(desk):
    return [event["event_type"] for event in desk.data("GET", "/events")]


def test_the_life_of_a_badge_is_told_in_events(desk, template):
    badge = desk.issue(template)
    desk.move(badge, "accept")
    desk.move(badge, "private")
    desk.data("PUT", f"/badges/{badge['id']}/revoke", {"reason": "Error"})
    desk.call("DELETE", f"/badges/{badge['id']}", expect=204)
    assert types(desk) == [
        "badge.deleted",
        "badge.state.changed",
        "badge.privacy.changed",
        "badge.state.changed",
        "badge.created",
        "badge_template.created",
    ]


def test_one_event_carries_the_whole_badge(desk, template):
    badge = desk.issue(template)
    event_id = desk.data("GET", "/events")[0]["id"]
    event = desk.data("GET", f"/events/{event_id}")
    keys = ["id", "event_type", "organization_id", "occurred_at", "badge"]
    assert list(event) == keys
    assert event["badge"] == badge


@pytest.mark.parametrize(("switch", "state"), [("current", "accepted"), ("snapshot", "pending")])
def test_an_old_event_shows_the_badge_of_now_or_of_then(desk, template, switch, state):
    desk.move(desk.issue(template), "accept")
    desk.set(event_content=switch)
    created = desk.data("GET", "/events")[1]
    assert (created["event_type"], created["badge"]["state"]) == ("badge.created", state)


def test_a_template_event_carries_the_template(desk, template):
    (event,) = desk.data("GET", "/events")
    assert event["badge_template"]["id"] == template["id"]


def test_an_unknown_event_is_404(desk):
    desk.call("GET", "/events/11111111-1111-4111-8111-111111111111", expect=404)


def test_a_webhook_is_thin(desk, template, listener):
    desk.issue(template)
    (heard,) = listener.wait_for(1)
    event = desk.data("GET", "/events")[0]
    assert heard == {
        key: event[key] for key in ("id", "organization_id", "event_type", "occurred_at")
    }


@pytest.mark.parametrize("status", [204, 500, 302])
def test_a_webhook_comes_again_until_it_hears_200(desk, template, listener, status):
    listener.statuses = [status, status]
    desk.issue(template)
    heard = listener.wait_for(3)
    time.sleep(0.2)
    assert len(heard) == 3
    assert len({one["id"] for one in heard}) == 1


def test_webhooks_can_come_repeated_and_shuffled(desk, listener):
    desk.set(webhook_repeat=3, webhook_shuffle=True)
    desk.template(count=8)  # all at one moment, however slow the machine is
    heard = [one["id"] for one in listener.wait_for(24)]
    assert {heard.count(one) for one in heard} == {3}
    assert heard != sorted(heard, key=heard.index)


def test_events_can_get_lost_and_be_sent_again(desk, template, listener):
    desk.set(webhooks=False)
    desk.issue(template)
    desk.set(webhooks=True)
    event = desk.data("GET", "/events")[0]
    desk.control("POST", f"events/{event['id']}/send")
    assert [one["id"] for one in listener.wait_for(1)] == [event["id"]]
