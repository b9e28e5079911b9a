"""Things to test with. Every factory works without arguments and commits."""

import itertools
import uuid
from datetime import UTC, datetime

from sqlalchemy import select

from portal.clock import utc_now
from portal.extensions import db
from portal.models import (
    Award,
    Badge,
    Connection,
    Course,
    Delivery,
    DeliveryState,
    ObjectState,
    Person,
    Provider,
    Role,
    Template,
)
from portal.services.learning import completions
from portal.services.people.passwords import hash_password

PASSWORD = "a quiet harbour at dawn"
_numbers = itertools.count(1)


def make_person(
    name: str = "Sam Somebody", *, roles: set[str] | None = None, email: str | None = None
) -> Person:
    """A person; without roles a learner."""
    first_name, _space, last_name = name.partition(" ")
    person = Person(
        email=email or f"{first_name.lower()}.{next(_numbers)}@example.org",
        first_name=first_name,
        last_name=last_name or "Somebody",
    )
    person.give_roles({Role(role) for role in roles or ()})
    db.session.add(person)
    db.session.commit()
    return person


def make_connection(means, *, name: str | None = None, host: str = "api.credly.com") -> Connection:
    """A working connection that was never asked anything."""
    name = name or f"Connection {next(_numbers)}"
    connection = Connection(
        name=name,
        name_key=name.casefold(),
        organization_id="00000000-0000-4000-8000-000000000001",
        organization_name="Harbour Institute",
        hostname=host,
        sealed_token="",
        token_ending="kx9Q",
        token_saved_at=datetime.now(UTC),
    )
    db.session.add(connection)
    db.session.flush()
    connection.sealed_token = means.sealer.seal(
        "a-token-of-thirty-six-signs-12345678", connection.seal_owner
    )
    db.session.commit()
    return connection


def make_template(connection: Connection, name: str = "Knots", **values) -> Template:
    """An active template of a connection."""
    number = next(_numbers)
    values = {"credly_id": f"00000000-0000-4000-8000-{number:012d}", "state": "active", **values}
    template = Template(connection_id=connection.id, name=name, **values)
    db.session.add(template)
    db.session.commit()
    return template


def make_badge(name: str = "Knots", *, template: Template | None = None, **values) -> Badge:
    """A badge; without a template it lives in the portal alone."""
    badge = Badge(own_name=name, **values)
    if template is not None:
        badge.own_name = None
        badge.external_badge_id = template.credly_id
        badge.external_badge_provider = Provider.CREDLY
        badge.template_id, badge.connection_id = template.id, template.connection_id
    db.session.add(badge)
    db.session.commit()
    return badge


def make_course(
    owner: Person, title: str = "Knots for beginners", *, badge: Badge | None = None, **values
) -> Course:
    """A published course."""
    values = {"state": ObjectState.PUBLISHED, "description": "Tie what must hold.", **values}
    course = Course(title=title, owners=[owner], badge=badge, **values)
    db.session.add(course)
    db.session.commit()
    return course


def with_password(person: Person, password: str = PASSWORD) -> Person:
    """The person, who can now sign in with a password."""
    person.password_hash = hash_password(password)
    db.session.commit()
    return person


def make_credly_badge(means, name: str = "Knots", **values) -> Badge:
    """A badge that a template of a working connection backs; the values are the template's."""
    return make_badge(template=make_template(make_connection(means), name, **values))


def earn(learner: Person, badge: Badge, **at_credly) -> Award:
    """The award of a learner who has completed a course; the values are what Credly said of it."""
    course, now = make_course(learner, f"The way to {badge.name}", badge=badge), utc_now()
    completions.enrol(learner=learner, learning_object=course, now=now)
    completions.complete(learner=learner, course_id=course.id, now=now)
    award = db.session.scalars(select(Award).filter_by(learning_object_id=course.id)).one()
    if at_credly:
        award.issued_badge.credly_id = str(uuid.uuid4())
        for name, value in at_credly.items():
            setattr(award.issued_badge, name, value)
        for delivery in db.session.scalars(
            select(Delivery).filter_by(issued_badge_id=award.issued_badge_id)
        ):
            delivery.state = DeliveryState.DONE
        db.session.commit()
    return award
