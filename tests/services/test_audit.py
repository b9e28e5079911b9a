"""What is written down about who did what, and that nobody writes it over."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, text, update
from sqlalchemy.exc import IntegrityError

from portal.extensions import db
from portal.models import AuditEntry, Channel, Role
from portal.services import audit
from portal.services.people import people

PLACES = {
    "203.0.113.77": "203.0.113.0/24",
    "::ffff:203.0.113.77": "203.0.113.0/24",
    "2001:db8:7:1:2:3:4:5": "2001:db8:7::/48",
    "fe80::1%eth0": "fe80::/48",
    "": None,
    "unix:": None,
}


def noted(action: str) -> AuditEntry:
    return db.session.query(AuditEntry).filter_by(action=action).one()


@pytest.fixture
def entry(app, ada, lena, now) -> AuditEntry:
    """Something that Ada did to Lena, from somewhere, with a reason."""
    with audit.acting(audit.Doer(Channel.PAGE, ada.id, "203.0.113.0/24")):
        audit.note("person.deactivate", person=lena, reason="she asked", now=now)
    db.session.commit()
    return noted("person.deactivate")


def test_an_entry_names_who_acts_and_from_which_network(entry, ada, lena):
    assert (entry.actor_id, entry.person_id) == (ada.id, lena.id)
    assert (entry.channel, entry.network) == (Channel.PAGE, "203.0.113.0/24")


def test_of_an_address_only_the_network_is_kept():
    assert {one: audit.network_of(one) for one in PLACES} == PLACES


def test_what_the_portal_does_by_itself_is_nobodys(app, lena, now):
    audit.note("person.password_link", person=lena, now=now)
    assert (noted("person.password_link").actor_id, noted("person.password_link").channel) == (
        None,
        Channel.PORTAL,
    )


def test_an_action_without_words_is_refused(app):
    with pytest.raises(KeyError):
        audit.note("person.vanish")


def test_changed_roles_are_written_down_before_and_after(app, otto, now):
    said = {"email": otto.email, "first_name": otto.first_name, "last_name": "Writer"}
    people.change(person=otto, **said, roles={Role.ADMIN}, now=now)
    assert noted("person.roles").details == {"before": ["author"], "after": ["admin"]}
    assert noted("person.change").details == {"fields": ["last_name"]}, "no name stands there"


@pytest.mark.parametrize(
    "change",
    [
        update(AuditEntry).values(action="person.erase"),
        update(AuditEntry).values(reason="another"),
        update(AuditEntry).values(network="198.51.100.0/24"),
        update(AuditEntry).values(details={"before": []}),
        update(AuditEntry).values(actor_id=None),
        delete(AuditEntry),
    ],
    ids=["action", "reason", "network", "details", "actor", "delete"],
)
def test_nobody_writes_an_entry_over(entry, change):
    with pytest.raises(IntegrityError):
        db.session.execute(change.execution_options(synchronize_session=False))
    db.session.rollback()


def test_nobody_empties_the_table_on_postgresql(entry):
    if db.engine.dialect.name != "postgresql":
        pytest.skip("needs PostgreSQL: SQLite has no TRUNCATE")
    with pytest.raises(IntegrityError):
        db.session.execute(text("TRUNCATE audit_entry"))
    db.session.rollback()


def test_the_network_is_forgotten_after_a_year_and_the_rest_stays(entry, now):
    kept = timedelta(days=365)
    audit.sweep(kept, now + kept)
    assert entry.network is not None
    audit.sweep(kept, now + kept + timedelta(seconds=1))
    db.session.commit()
    db.session.refresh(entry)
    assert (entry.network, entry.reason) == (None, "she asked")
