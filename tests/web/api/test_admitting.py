"""Who gets in by a token, and what everybody else is told."""

import secrets
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.clock import utc_now
from portal.extensions import db
from portal.models import ApiToken, AuditEntry, Role, SignInBrake
from portal.services.people import api_tokens, people
from tests.factories import make_person
from tests.waits import stretch_waits
from tests.web.api.machine import Machine


@pytest.fixture
def machine(app, ada):
    """The system of an administrator."""
    make_person("Berta Admin", roles={"admin"})
    return Machine(app, ada)


def test_without_a_token_nobody_gets_in(app, ada):
    nobody = Machine(app)
    for headers in ({}, {"Authorization": "Basic YTpi"}, {"Authorization": "Bearer"}):
        answer = nobody.get("/people", expect=401, headers=headers)
        assert answer.said["code"] == "token_missing"
    assert not db.session.scalars(select(SignInBrake)).all()


def test_a_session_is_no_way_in(app, browser, ada):
    browser.sign_in(ada)
    assert browser.client.get("/api/v1/people").status_code == 401


def test_a_token_that_is_over_or_made_up_is_refused(app, machine):
    machine.get("/people")
    machine.secret = f"rosette_{secrets.token_urlsafe(32)}"
    assert machine.get("/people", expect=401).said["code"] == "token_invalid"
    for over in ({"revoked_at": utc_now()}, {"expires_at": utc_now() - timedelta(seconds=1)}):
        other = Machine(app, db.session.merge(machine.token.person))
        db.session.execute(db.update(ApiToken).filter_by(id=other.token.id).values(**over))
        db.session.commit()
        answer = other.get("/people", expect=401)
        assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]
    refused = db.session.scalars(select(AuditEntry).filter_by(action="token.refused")).all()
    assert len(refused) == 2


def test_a_token_may_no_more_than_its_person_may_now(app, machine, ada, otto, now):
    ada.give_roles({Role.AUTHOR})
    db.session.commit()
    answer = machine.get("/people", expect=403)
    assert answer.said["code"] == "scope_missing"
    assert 'scope="people:read"' in answer.headers["WWW-Authenticate"]
    assert machine.ids("/objects") == []
    ada.give_roles(set())
    db.session.commit()
    machine.get("/objects", expect=403)
    ada.active = False
    db.session.commit()
    machine.get("/objects", expect=401)


def test_a_token_without_the_scope_is_told_so(app, ada):
    reader = Machine(app, ada, scopes=api_tokens.scopes_of(ada) - {"people:read"})
    reader.get("/objects")
    assert "people:read" in reader.get("/people", expect=403).said["detail"]


def test_who_is_switched_off_takes_their_token_along(app, machine, ada, otto):
    berta = people.find(make_person("Clara Admin", roles={"admin"}).email)
    people.deactivate(actor=berta, person=ada)
    machine.get("/people", expect=401)
    people.activate(person=ada)
    machine.get("/people", expect=401)


def test_bad_tokens_are_slowed_down_and_good_ones_are_not(app, machine):
    guesser = Machine(app)
    guesser.secret = "rosette_guess"
    for _try in range(20):
        guesser.get("/people", expect=401)
    stretch_waits()  # the machine may be slow: the wait must not be over by itself
    answer = guesser.get("/people", expect=429)
    assert int(answer.headers["Retry-After"]) >= 1
    assert answer.said["code"] == "sign_in_slow_down"
    machine.get("/people")


def test_what_is_asked_wrongly_is_answered_in_json(app, machine):
    machine.get("/nothing", expect=404)
    machine.get("/people/0", expect=404)
    machine.get("/people/99999999999", expect=404)
    answer = machine.ask("DELETE", "/people", expect=405)
    assert "GET" in answer.headers["Allow"]
    machine.ask("POST", "/people", expect=405, json={})
    machine.get("/people", expect=400, headers={"Host": "evil.example"})
    answer = machine.ask(
        "POST", "/people", expect=403, headers={"Sec-Fetch-Site": "cross-site"}, json={}
    )
    assert answer.said["code"] == "not_allowed"


def test_it_is_answered_in_the_language_that_is_asked_for(machine):
    answer = machine.get("/nothing", expect=404, headers={"Accept-Language": "sv"})
    assert answer.said["detail"].startswith("Det finns")


def test_a_failure_tells_nothing_of_the_code(app, machine):
    def broken():
        raise KeyError("a-secret-of-the-code in portal/")

    app.add_url_rule("/api/v1/trap", "trap", broken)
    said = machine.get("/api/v1/trap", expect=500).text
    assert "secret" not in said
    assert "portal/" not in said


@pytest.mark.parametrize("settings", [{"STAFF_SECOND_FACTOR": "required"}])
def test_where_staff_need_a_second_factor_their_tokens_wait_for_it(app, machine, ada, now):
    assert machine.get("/people", expect=403).said["code"] == "factor_required"
    ada.second_factor_at = now
    db.session.commit()
    machine.get("/people")


def test_the_secret_is_in_no_log_and_no_table(app, machine, caplog):
    caplog.set_level("DEBUG")
    machine.get("/people")
    machine.get("/nothing", expect=404)
    assert machine.secret not in caplog.text
    for table in db.metadata.sorted_tables:
        assert machine.secret not in str(db.session.execute(select(table)).all())
