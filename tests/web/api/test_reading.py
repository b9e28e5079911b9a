"""Another system reads people, learning objects and awards."""

from datetime import timedelta

import pytest
from sqlalchemy import event

from portal.extensions import db
from portal.models import ApiToken, Delivery, ObjectState, Person
from portal.services.people import api_tokens
from tests.factories import earn, make_badge, make_course, make_credly_badge, make_person
from tests.web.api.machine import Machine


@pytest.fixture
def machine(app, ada):
    """The system of an administrator."""
    return Machine(app, ada)


def test_people_are_read_in_pieces_and_one_by_one(machine, ada, lena, otto):
    everybody = machine.ids("/people?limit=2")
    assert everybody == sorted([ada.id, lena.id, otto.id])
    assert machine.ids(f"/people?email={lena.email.upper()}") == [lena.id]
    said = machine.get(f"/people/{otto.id}").said
    assert said["roles"] == ["author"]
    assert said["created_at"].endswith("Z")
    assert set(said) == {
        *("id", "email", "badge_email", "first_name", "last_name", "roles", "active"),
        "created_at",
    }


def test_who_is_deactivated_can_be_asked_for_and_who_is_erased_is_not_there(
    machine, lena, otto, now
):
    otto.active = False
    lena.active, lena.erased_at = False, now
    db.session.commit()
    assert machine.ids("/people?active=false") == [otto.id]
    assert lena.id not in machine.ids("/people")
    machine.get(f"/people/{lena.id}", expect=404)


def test_awards_of_somebody_erased_are_not_there(machine, lena, now):
    award = earn(lena, make_badge())
    assert machine.ids("/awards") == [award.id]
    lena.erased_at = now
    db.session.commit()
    assert machine.ids("/awards") == []
    machine.get(f"/awards/{award.id}", expect=404)


def test_objects_are_found_by_what_is_known_of_them(machine, otto, now):
    knots = make_course(otto, "Knots", badge=make_badge("Able"), source_id="k-1")
    draft = make_course(otto, "Sails", state=ObjectState.DRAFT)
    knots.changed_at, draft.changed_at = now, now - timedelta(days=9)
    db.session.commit()
    assert machine.ids("/objects?state=draft") == [draft.id]
    assert machine.ids("/objects?source_id=k-1&kind=course") == [knots.id]
    since = (now - timedelta(days=1)).isoformat().replace("+00:00", "Z")
    assert machine.ids(f"/objects?updated_since={since}") == [knots.id]
    said = machine.get(f"/objects/{knots.id}").said
    assert (said["kind"], said["title"], said["badge"]["name"]) == ("course", "Knots", "Able")


def test_an_award_says_how_far_its_badge_is(app, machine, lena):
    means = app.extensions["means"]
    waiting = earn(lena, make_credly_badge(means, "Knots"))
    delivery = db.session.query(Delivery).one()
    said = machine.get(f"/awards/{waiting.id}").said
    assert (said["delivery"], said["issued_badge"]["state"]) == (delivery.state, None)
    taken = earn(lena, make_credly_badge(means, "Sails"), state="accepted", badge_url="https://c/1")
    said = machine.get(f"/awards/{taken.id}").said
    assert (said["delivery"], said["issued_badge"]["state"]) == ("done", "accepted")
    assert said["issued_badge"]["badge_url"] == "https://c/1"
    alone = earn(lena, make_badge("House"))
    said = machine.get(f"/awards/{alone.id}").said
    assert (said["delivery"], said["issued_badge"], said["email"]) == (None, None, lena.email)


def test_awards_are_found_by_person_object_badge_and_state(machine, lena, otto):
    mine, other = earn(lena, make_badge("A")), earn(otto, make_badge("B"))
    assert machine.ids(f"/awards?email={lena.email}") == [mine.id]
    assert machine.ids(f"/awards?person_id={otto.id}") == [other.id]
    assert machine.ids(f"/awards?object_id={mine.learning_object_id}") == [mine.id]
    assert machine.ids(f"/awards?badge_id={other.badge_id}&state=earned") == [other.id]
    assert machine.ids("/awards?state=revoked") == []


def test_an_author_reads_what_is_theirs_alone(app, ada, otto, lena):
    otto_reads = Machine(app, otto)
    foreign = earn(lena, make_badge("A"))
    mine = make_course(otto, "Mine")
    assert otto_reads.ids("/objects") == [mine.id]
    otto_reads.get(f"/objects/{foreign.learning_object_id}", expect=404)
    assert otto_reads.ids("/awards") == []
    otto_reads.get(f"/awards/{foreign.id}", expect=404)
    otto_reads.get("/people", expect=403)


def test_what_is_not_understood_is_refused_by_name(machine):
    for path, code in (
        ("/people?emial=a", "parameter_unknown"),
        ("/people?updated_since=2026-01-01T00:00:00Z", "parameter_unknown"),
        ("/people?email=a&email=b", "parameter_twice"),
        ("/people?active=yes", "parameter_wrong"),
        ("/people?email=", "parameter_wrong"),
        ("/people?email=%00", "parameter_wrong"),
        ("/people?limit=0", "parameter_wrong"),
        ("/people?limit=201", "parameter_wrong"),
        ("/people?limit=2e1", "parameter_wrong"),
        ("/people?after=-1", "parameter_wrong"),
        ("/people?after=99999999999", "parameter_wrong"),
        ("/objects?kind=book", "parameter_wrong"),
        ("/objects?updated_since=yesterday", "parameter_wrong"),
        ("/objects?updated_since=2026-01-01", "parameter_wrong"),
        ("/objects?updated_since=0001-01-01T00:00:00%2B14:00", "parameter_wrong"),
        ("/awards?state=nice", "parameter_wrong"),
    ):
        said = machine.get(path, expect=400).said
        assert said["code"] == code, path
        assert said["field"] in path


def test_a_list_takes_as_many_statements_however_long_it_is(app, machine, lena):
    def statements(path):
        seen = []
        hook = ("before_cursor_execute", lambda *given: seen.append(given[2]))
        event.listen(db.engine, *hook)
        machine.get(path)
        event.remove(db.engine, *hook)
        return len([one for one in seen if not one.startswith("BEGIN")])

    means = app.extensions["means"]
    earn(lena, make_credly_badge(means, "First"))
    before = [statements(path) for path in ("/people", "/objects", "/awards")]
    for number in range(4):
        earn(make_person(f"Person{number} Many"), make_credly_badge(means, f"Badge {number}"))
    assert [statements(path) for path in ("/people", "/objects", "/awards")] == before
    assert max(before) <= 5


def test_pieces_reach_everybody_once(machine):
    for number in range(7):
        make_person(f"Person{number} Many")
    found = machine.ids("/people?limit=3")
    assert found == sorted(set(found))
    assert len(found) == db.session.query(Person).count()
    kept = machine.get("/people?limit=3&active=true").said["next"]
    assert "active=true" in kept


def test_its_last_use_is_noted_at_most_once_a_minute(machine, now):
    def used():
        return db.session.get(ApiToken, machine.token.id, populate_existing=True).last_used_at

    machine.last_used(None)
    machine.get("/people")
    assert used() >= now
    machine.last_used(now + timedelta(hours=1))
    machine.get("/people")
    assert used() == now + timedelta(hours=1)
    machine.last_used(now - api_tokens.TOUCH_EVERY)
    machine.get("/people")
    assert used() >= now
