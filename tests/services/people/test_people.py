"""The rules about people, without pages."""

import threading

import pytest

from portal.errors import NotFound, RuleBroken
from portal.extensions import db
from portal.models import Person, Role
from portal.services.people import people
from tests.factories import PASSWORD, make_person

NINA = {"first_name": "Nina", "last_name": "New", "email": "nina@example.org", "roles": set()}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" Nina@Example.ORG\n", "nina@example.org"),
        ("nina@exämple.de", "nina@xn--exmple-cua.de"),
        ("o'hara+tag@example.org", "o'hara+tag@example.org"),
        ("x" * 64 + "@example.org", "x" * 64 + "@example.org"),
    ],
)
def test_an_address_has_one_form(typed, kept):
    assert people.plain_email(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "a@b",
        "a@b..c",
        "a b@c.de",
        '"a"@c.de',
        "ü@exämple.de",
        "x" * 65 + "@c.de",
        "a@x.org\nBcc:b@y.org",
        "a@[127.0.0.1]",
        "Nina <nina@example.org>",
        "a\0@x.org",
        "a@" + "b" * 250 + ".org",
    ],
)
def test_what_is_no_address_is_refused_at_its_field(typed):
    with pytest.raises(RuleBroken) as refusal:
        people.plain_email(typed)
    assert refusal.value.field == "email"


@pytest.mark.parametrize("name", ["", " ", "\u00a0", "\u200b", "-", "..."])
def test_a_name_that_cannot_be_seen_is_none(app, name):
    for field in ("first_name", "last_name"):
        with pytest.raises(RuleBroken) as refusal:
            people.add(**{**NINA, field: name})
        assert refusal.value.field == field


def test_names_are_kept_in_one_form(app):
    nina = people.add(**{**NINA, "first_name": "  Nin  A\u030a ", "last_name": "Öst"})
    assert nina.first_name == "Nin Å"


def test_the_same_address_is_refused_whatever_the_case(app):
    people.add(**NINA)
    with pytest.raises(RuleBroken) as refusal:
        people.add(**{**NINA, "email": "NINA@example.org"})
    assert refusal.value.message.code == "email_taken"


def test_two_who_add_the_same_person_at_once_add_one(app):
    said = []

    def add():
        with app.app_context():
            try:
                people.add(**NINA)
                said.append("added")
            except RuleBroken as broken:
                said.append(broken.message.code)

    both = [threading.Thread(target=add) for _one in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert sorted(said) == ["added", "email_taken"]


def test_an_administrator_who_is_off_does_not_count(app, ada, now):
    make_person("Olle Off", roles={"admin"}).active = False
    db.session.commit()
    kept = {"email": ada.email, "first_name": "Ada", "last_name": "Admin"}
    with pytest.raises(RuleBroken) as refusal:
        people.change(person=ada, roles={Role.AUTHOR}, now=now, **kept)
    assert refusal.value.message.code == "last_admin"


def test_the_last_administrator_is_not_switched_off(app, ada, otto):
    with pytest.raises(RuleBroken) as refusal:
        people.deactivate(actor=otto, person=ada)
    assert refusal.value.message.code == "last_admin"


def test_a_refused_change_changes_nothing(app, ada, lena, now):
    email = lena.email
    values = {"first_name": "X", "last_name": "Y", "roles": {Role.ADMIN}}
    with pytest.raises(RuleBroken):
        people.change(person=lena, email=ada.email, now=now, **values)
    db.session.expire_all()
    assert (lena.name, lena.email, lena.roles) == ("Lena Learner", email, set())


def test_two_who_use_one_invitation_set_one_password(app, lena, now):
    code = people.invite(lena, now)
    people.accept_invitation(code=code, password=PASSWORD, now=now)
    first = lena.password_hash
    with pytest.raises(RuleBroken):
        people.accept_invitation(code=code, password="four wet geese in march", now=now)
    assert lena.password_hash == first


def test_nobody_is_found_by_a_number_that_nobody_has(app):
    with pytest.raises(NotFound):
        people.get(4711)


def test_signs_of_patterns_are_searched_as_they_stand(app, lena):
    make_person("Per%cent Under_score")
    assert people.list_for_admin("r%c", "").total == 1
    assert people.list_for_admin("%", "").total == 1
    assert db.session.query(Person).count() == 2
