"""Trouble of a connection or a template: one request, then hold; once mended, all drains."""

import ssl
import time
from contextlib import closing

import pytest

from portal.clock import utc_now
from portal.extensions import db
from portal.models import Connection, Template
from portal.practice.server import start_thread
from portal.services.issuing import connections
from tests.credly.test_certificates import ELSEWHERE, HERE, LONG, OVER, make_certificate
from tests.demo.processes import wait_until
from tests.faults.stage import Practice, Stage

# Where every answer counts, none may be late because the machine is slow.
PATIENT = {"DELIVERY_LEASE": "30", "DELIVERY_QUIET": "40", "CREDLY_DEADLINE": "20"}


def fresh_token(place) -> str:
    path = f"organizations/{place.credly.id}/tokens"
    return place.credly.control("POST", path, {})["token"]


def replace_token(place, token) -> None:
    with place.stage.inside():
        connections.replace_token(
            connection=db.session.get_one(Connection, place.connection_id),
            token=token,
            means=place.stage.means,
            now=utc_now(),
        )


def move(place, hostname) -> None:
    """Lead the connection to another host; a test of the form would not let it through."""
    with place.stage.inside():
        db.session.get_one(Connection, place.connection_id).hostname = hostname
        db.session.commit()


def is_held(place, code) -> bool:
    connection = place.connection()
    return connection.state == "held" and connection.state_reason["code"] == code


def stays_held(place, code) -> None:
    """For several of the moments at which a worker looks, nothing more is tried."""
    wait_until(lambda: is_held(place, code) and place.states() == {"held": 5})
    ends = time.monotonic() + 5
    while time.monotonic() < ends:
        assert len(place.posts()) <= 1
        time.sleep(0.2)
    assert is_held(place, code)


def test_a_revoked_token_holds_everything_until_there_is_a_new_one(stage):
    place = stage.place()
    place.complete_after_silence(5)
    path = f"organizations/{place.credly.id}/tokens/expire"
    place.credly.control("POST", path, {"token": place.credly.token})
    stage.worker(**PATIENT)
    stays_held(place, "token_refused")
    replace_token(place, fresh_token(place))
    assert place.drained().is_clean
    assert place.states() == {"done": 5}


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ({"status": 403}, "token_lacks_rights"),
        ({"status": 302, "headers": {"Location": "OTHER"}}, "credly_redirects"),
    ],
    ids=["F33", "F31"],
)
def test_what_the_whole_connection_is_refused_is_asked_once(stage, tmp_path, fault, code):
    place = stage.place()
    with start_thread(tmp_path / "other.db") as other:
        if "headers" in fault:
            fault["headers"]["Location"] = f"{other.url}/v1/organizations/{place.credly.id}/badges"
        place.plan({**fault, "times": 0})
        place.complete_after_silence(5)
        stage.worker(**PATIENT)
        stays_held(place, code)
        assert len(place.posts()) == 1
        with other.app.store.transaction() as elsewhere:
            assert elsewhere.execute("SELECT count(*) FROM log").fetchone()[0] == 0
    stage.practice.behave()
    replace_token(place, fresh_token(place))
    assert place.drained().is_clean


def test_an_organization_that_is_not_there_holds_and_names_the_field(stage):
    place = stage.place()
    place.plan({"status": 404, "times": 0}, path=".", method="GET")
    place.plan({"status": 404, "times": 0}, path=".")
    place.complete_after_silence(5)
    stage.worker(**PATIENT)
    stays_held(place, "organization_not_found")
    stage.practice.behave()
    replace_token(place, fresh_token(place))
    assert place.drained().is_clean


@pytest.mark.parametrize("state", ["archived", "draft"])
def test_a_template_that_is_not_active_holds_only_its_own(stage, state):
    place, other = stage.place(), stage.place()
    path = f"organizations/{place.credly.id}/templates/{place.template['id']}"
    place.credly.control("PATCH", path, {"state": state})
    place.complete(2)
    other.complete(2)
    stage.worker()
    assert other.drained().is_clean
    wait_until(lambda: place.states() == {"held": 2})
    assert {one.held_because.value for one in place.deliveries()} == {"template_not_active"}
    place.credly.control("PATCH", path, {"state": "active"})
    with stage.inside():
        db.session.scalars(
            db.select(Template).filter_by(credly_id=place.template["id"])
        ).one().state = "active"
        db.session.commit()
    place.retry()
    assert place.drained().is_clean
    assert place.states() == {"done": 2}


@pytest.mark.parametrize("hostname", [None, "nobody.invalid"], ids=["refused", "no such name"])
def test_a_credly_that_cannot_be_reached_was_never_sent_anything(tmp_path, blank, hostname):
    (tmp_path / "practice").mkdir()
    with closing(Practice(tmp_path / "practice")) as practice:
        hosts = f"{practice.host} nobody.invalid"
        with Stage(tmp_path, practice, blank, CREDLY_EXTRA_HOSTS=hosts) as stage:
            place = stage.place()
            if hostname:
                move(place, hostname)
            else:
                practice.stop()
            place.complete(3)
            stage.worker()
            place.until_trail("credly_not_reached")
            place.until("waiting")
            assert {one.sent_at for one in place.deliveries()} == {None}
            if hostname:
                move(place, practice.host)
            else:
                practice.start()
            balance = place.drained()
            assert (balance.is_clean, balance.posts) == (True, 3), balance


@pytest.mark.parametrize(
    ("names", "ends"),
    [(HERE, LONG), (ELSEWHERE, LONG), (HERE, OVER)],
    ids=["self-signed", "wrong", "expired"],
)
def test_a_bad_certificate_never_sees_the_token(tmp_path, practice, blank, names, ends):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(make_certificate(tmp_path, names=names, ends=ends))
    with start_thread(tmp_path / "tls.db", tls=context) as secure:
        hosts = f"{practice.host} {secure.url}"
        with Stage(tmp_path, practice, blank, CREDLY_EXTRA_HOSTS=hosts) as stage:
            place = stage.place()
            move(place, secure.host)
            place.complete_after_silence(5)
            stage.worker(**PATIENT)
            stays_held(place, "certificate_not_trusted")
            with secure.app.store.transaction() as there:
                assert there.execute("SELECT count(*) FROM log").fetchone()[0] == 0
            move(place, practice.host)
            replace_token(place, fresh_token(place))
            assert place.drained().is_clean


def test_a_token_that_is_replaced_in_mid_flight_holds_nothing(stage):
    place = stage.place()
    place.plan({"status": 401, "delay": 12})
    place.complete()
    stage.worker(**PATIENT)
    wait_until(lambda: place.posts())
    replace_token(place, fresh_token(place))
    balance = place.drained()
    assert (balance.is_clean, balance.posts) == (True, 2), balance
    assert "token_was_replaced" in place.reasons()
    assert place.connection().state == "working"
