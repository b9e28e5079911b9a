"""Groups: named lists of people that administrators keep."""

import pytest

from portal.extensions import db
from portal.models import AuditEntry, Enrolment, Group, GroupMember
from portal.services.people import groups

CREW = {"name": "Harbour crew", "description": "Who works at the quay."}


@pytest.fixture
def keeper(browser, ada):
    """Ada's browser."""
    return browser.sign_in(ada)


@pytest.fixture
def crew(ada, now):
    """An empty group."""
    return groups.create(actor=ada, now=now, **CREW)


def members(group_id: int) -> set[int]:
    query = db.select(GroupMember.person_id).filter_by(group_id=group_id)
    return set(db.session.scalars(query))


def test_a_group_is_made_and_people_are_asked_for(keeper):
    page = keeper.follow(keeper.submit("/admin/groups/new", **CREW))
    assert "<h1>Add people</h1>" in page
    assert "Harbour crew" in keeper.get("/admin/groups")


@pytest.mark.parametrize("name", ["", "  ", "…", "x" * 256, "harbour CREW"])
def test_a_name_that_cannot_be_is_said_at_the_field(keeper, crew, name):
    page = keeper.submit("/admin/groups/new", expect=200, name=name, description="")
    assert 'id="name-error-1"' in page


def test_people_are_found_and_ticked(keeper, crew, lena):
    at = f"/admin/groups/{crew.id}/add"
    assert f'value="{lena.id}"' in keeper.get(f"{at}?q=Learner")
    page = keeper.follow(keeper.submit(at, person=lena.id))
    assert "Lena Learner" in page
    assert members(crew.id) == {lena.id}


def test_pasted_addresses_are_put_in_and_unknown_ones_named(keeper, crew, lena, otto):
    pasted = f"{lena.email.upper()}; Otto <{otto.email}>\r\nnobody@example.org, rubbish"
    page = keeper.submit(f"/admin/groups/{crew.id}/add", expect=200, emails=pasted)
    assert members(crew.id) == {lena.id, otto.id}
    assert "2 addresses belong to nobody here" in page
    assert "nobody@example.org" in page
    assert "rubbish" in page


def test_choosing_nobody_says_so(keeper, crew):
    page = keeper.submit(f"/admin/groups/{crew.id}/add", expect=200, emails=" ")
    assert "Choose somebody" in page


def test_somebody_is_put_in_once(crew, ada, lena, now):
    assert groups.add(actor=ada, group=crew, people=[lena], now=now) == 1
    assert groups.add(actor=ada, group=crew, people=[lena], now=now) == 0


def test_people_are_taken_out(keeper, crew, ada, lena, otto, now):
    groups.add(actor=ada, group=crew, people=[lena, otto], now=now)
    at = f"/admin/groups/{crew.id}"
    keeper.post(f"{at}/remove", page=at, person=lena.id)
    assert members(crew.id) == {otto.id}


def test_a_group_is_called_otherwise(keeper, crew):
    keeper.submit(f"/admin/groups/{crew.id}/edit", name="Quay crew", description="")
    assert db.session.get(Group, crew.id).name == "Quay crew"


def test_deleting_a_group_says_who_stays_and_is_written_down(keeper, crew, ada, lena, now):
    groups.add(actor=ada, group=crew, people=[lena], now=now)
    at, group_id = f"/admin/groups/{crew.id}/delete", crew.id
    assert "1 person is in it" in keeper.get(at)
    keeper.submit(at)
    assert db.session.query(Group).count() == 0
    assert members(group_id) == set()
    assert db.session.query(Enrolment).count() == 0
    noted = db.session.query(AuditEntry).filter_by(action="group.delete").one()
    assert (noted.actor_id, noted.subject_id) == (ada.id, group_id)
