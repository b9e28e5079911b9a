"""Whom a word in a search field finds, whatever the list."""

import pytest
from sqlalchemy import select

from portal.clock import utc_now
from portal.extensions import db
from portal.models import Person
from portal.services.issuing import badges
from portal.services.mentions import names_person
from portal.services.people import people
from tests.factories import make_badge, make_person


def found(q: str) -> set[str]:
    return set(db.session.scalars(select(Person.last_name).where(names_person(q))))


@pytest.fixture
def three(app):
    make_person("Åsa Öberg", email="asa.oberg@skola.example.org")
    make_person("Lena Lind", email="lena_l@example.org")
    make_person("Ada Müller", email="ada%1@example.org")


WHO = (
    ("åsa", {"Öberg"}),
    ("ÖBERG", {"Öberg"}),
    ("Å", {"Öberg"}),
    ("A\u030asa O\u0308b", {"Öberg"}),  # as a Mac types them: a letter, and its ring apart
    ("üLL", {"Müller"}),
    ("sa ö", {"Öberg"}),
    ("berg@skol", {"Öberg"}),
    ("EXAMPLE.org", {"Öberg", "Lind", "Müller"}),
    ("_", {"Lind"}),
    ("%", {"Müller"}),
    ("\\", set()),
    ("lind lena", set()),
)


def test_who_is_found(three):
    assert [(q, found(q)) for q, _names in WHO] == list(WHO)


def test_a_new_name_is_found_and_the_old_one_is_not(three):
    lena = people.find("lena_l@example.org")
    people.change(
        person=lena,
        email="lena@ny.example.org",
        first_name="Lena",
        last_name="Åkerlund",
        roles=set(),
        now=utc_now(),
    )
    assert found("åkerlund") == found("@NY.") == {"Åkerlund"}
    assert found("lind") == found("lena_l") == set()


def test_a_badge_is_found_by_a_swedish_letter_of_either_case(app):
    make_badge("Örtagård")
    found = badges.list_for_attaching("ört")
    assert [one.name for one in found] == ["Örtagård"]
