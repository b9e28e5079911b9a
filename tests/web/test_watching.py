"""Each request leaves one line, by which it is found again and which says nothing of people."""

import io
import json
import logging

import pytest
from flask import Response
from werkzeug.test import create_environ, run_wsgi_app

from portal.logs import OneLine, about, as_text
from portal.web.watching import Watched
from tests.factories import make_person

CANARY = "canary7Yh2kQ9xZ4"
MAIL = f"{CANARY}@example.org"


@pytest.fixture
def lines():
    """Everything that is logged from now on, down to debugging, as JSON."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(OneLine("json"))
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.removeHandler(handler)
    root.setLevel(level)


def answered(lines) -> list[dict]:
    return [line for line in lines() if line["log"] == "portal.access"]


def test_a_request_leaves_one_line_with_its_page_and_the_id_of_its_answer(browser, ada, lines):
    page = browser.sign_in(ada).get(f"/admin/people/{ada.id}")
    (line,) = answered(lines)
    assert line["request"] == page.headers["X-Request-ID"]
    assert (line["endpoint"], line["route"]) == (
        "admin.people.show",
        "/admin/people/<int:person_id>",
    )
    assert (line["method"], line["status"]) == ("GET", 200)
    assert line["bytes"] == int(page.headers["Content-Length"])
    assert 0 < line["ms"] < 60_000


def test_what_is_sent_in_pieces_is_counted_to_its_end(app, browser, lines):
    app.add_url_rule("/pieces", "pieces", lambda: Response(iter([b"x" * 1000] * 3)))
    answer = browser.client.get("/pieces", buffered=False)
    assert not answered(lines)
    assert len(answer.get_data()) == 3000
    answer.close()
    (line,) = answered(lines)
    assert (line["bytes"], line["request"]) == (3000, answer.headers["X-Request-ID"])


def test_only_a_proxy_of_ours_names_a_request(app, browser):
    for behind_proxy, given, kept in (
        (False, "from-a-stranger", False),
        (True, "from-the-proxy", True),
        (True, MAIL, False),
        (True, "a" * 65, False),
        (True, "short", False),
    ):
        outer = Watched(app.wsgi_app, app.extensions["means"].meter, behind_proxy)
        answer = run_wsgi_app(outer, create_environ("/health", headers={"X-Request-ID": given}))
        assert (given in answer[2].getlist("X-Request-ID")) == kept, given


def test_a_failure_shows_its_number_and_logs_the_way_without_the_text(app, browser, lines):
    def fail(secret):
        raise ValueError(secret)

    app.add_url_rule("/fails/<secret>", "fails", fail)
    page = browser.get(f"/fails/{CANARY}?token={CANARY}", expect=500)
    number = page.headers["X-Request-ID"]
    assert number in page
    said = next(line for line in lines() if line["level"] == "error")
    assert said["request"] == number
    assert "ValueError at" in said["said"]
    assert "test_watching.py" in said["said"]
    assert CANARY not in json.dumps(lines())


def test_nothing_about_people_is_logged(app, browser, ada, lines, now):
    browser.get(f"/invitation/{CANARY}", expect=404)
    browser.get(f"/nowhere/{CANARY}?q={CANARY}", expect=404)
    browser.send("/login", expect=400, email=MAIL, password=CANARY)
    browser.submit("/login", expect=200, email=MAIL, password=CANARY)
    browser.client.get("/", headers={"Host": f"{CANARY}.example"})
    browser.client.open("/", method=CANARY.upper())
    browser.sign_in(make_person(CANARY, email=MAIL, roles={"admin"}))
    for address in ("people", "badges", "awards", "deliveries", "groups", "skills"):
        browser.get(f"/admin/{address}?q={CANARY}")
    form = {"first_name": CANARY, "last_name": CANARY, "email": f"b{MAIL}"}
    browser.submit("/admin/people/new", **form)
    assert len(answered(lines)) > 12
    assert CANARY.lower() not in json.dumps(lines()).lower()


def test_what_other_packages_log_is_kept_without_its_values(lines):
    logging.getLogger("waitress").warning("%s could not be served in %d s", MAIL, 3)
    assert lines()[-1]["said"] == "… could not be served in 3 s"


def test_the_lines_of_an_engine_name_their_delivery(lines):
    with about(delivery=7):
        logging.getLogger("portal.jobs.work").info("it is done")
    assert lines()[-1]["delivery"] == 7


def test_text_is_one_line_whatever_it_holds():
    assert as_text({"a": 1, "b": 'x "y"\nz', "c": ""}) == 'a=1 b="x \\"y\\"\\nz" c=""'
