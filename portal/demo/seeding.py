"""Filling the demo, by the same services that people use. Cut short, it is completed next time."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select

from portal.clock import utc_now
from portal.demo.catalogue import Catalogue
from portal.demo.courses import COURSES, OWN_BADGE, UNCHECKED_BADGE, CourseData
from portal.demo.desk import Desk
from portal.demo.finding import badge_called
from portal.demo.organizations import CONNECTED, HARBOUR, Organization
from portal.demo.people import EVERYBODY, OTTO, PASSWORD
from portal.demo.timeline import Timeline
from portal.extensions import db
from portal.models import Channel, Course, Person, Setting, Template
from portal.services import audit
from portal.services.issuing import badges, connections, images, reading_back, syncing
from portal.services.learning import courses, objects
from portal.services.means import Means
from portal.services.people import people
from portal.services.people.passwords import hash_password

SEEDED = "demo_seeded"
OFFICE = "192.0.2.0/24"
BEGAN = timedelta(weeks=13)
PEOPLE_CAME = timedelta(weeks=60)  # some certificates are older than the connection


def is_seeded() -> bool:
    """Say whether the demo data is complete."""
    return db.session.get(Setting, SEEDED) is not None


def seed(means: Means, host: str) -> None:
    """Make the demo data, with practice Credly at `host`. Each step passes over what is there."""
    # Practice Credly may be called as fast as it answers: nobody else uses it yet.
    means = replace(means, rules=replace(means.rules, rate=0.0))
    now = utc_now().replace(microsecond=0)
    desk = Desk(host)
    desk.forget_plan()
    _add_people(now - PEOPLE_CAME)
    with audit.acting(_administrator()):
        for organization in CONNECTED:
            desk.make_organization(organization)
            _connect(organization, host, means, now - BEGAN)
        desk.make_library()
        _add_other_badges(now - BEGAN)
        for course in COURSES:
            _add_course(course)
        Catalogue(means, now).make()
    Timeline(desk, means, now).run()
    desk.forget_plan()
    Catalogue(means, now).attach_late()
    _settle(means, now)
    db.session.add(Setting(name=SEEDED, value="1"))
    db.session.commit()


def _add_people(at: datetime) -> None:
    """The password is too well known to be typed into a form: it is set here directly."""
    hashed = hash_password(PASSWORD)
    for one in EVERYBODY:
        person = db.session.scalar(select(Person).filter_by(email=one.email)) or people.add(
            email=one.email,
            first_name=one.first_name,
            last_name=one.last_name,
            roles=set(one.roles),
        )
        person.password_hash, person.created_at = person.password_hash or hashed, at
        db.session.commit()


def _administrator() -> audit.Doer:
    """Who makes what the demo begins with, from the office."""
    first = db.session.scalar(select(Person).filter_by(email=EVERYBODY[0].email))
    return audit.Doer(Channel.PAGE, first.id if first else None, OFFICE)


def _connect(organization: Organization, host: str, means: Means, at: datetime) -> None:
    connection = connections.find_by_name(organization.connection)
    if connection is None:
        connection = connections.connect(
            name=organization.connection,
            organization_id=organization.id,
            token=organization.token,
            hostname=host,
            means=means,
            now=at,
        )
    syncing.ask_for(connection=connection, actor=None, now=at)
    syncing.run_next(means, at)
    query = select(Template.id).filter_by(connection_id=connection.id)
    template_ids = list(db.session.scalars(query))
    badges.add_from_templates(connection=connection, template_ids=template_ids, now=at)


def _add_other_badges(at: datetime) -> None:
    """One whose template nobody knows, and one that is not at Credly at all."""
    unknown = HARBOUR.id[:-4] + "0000"
    for name, external_id in ((UNCHECKED_BADGE, unknown), (OWN_BADGE, "")):
        if badge_called(name) is None:
            badges.add_by_hand(name=name, external_badge_id=external_id, connection_id=0, now=at)


def _add_course(data: CourseData) -> None:
    title, description, content = data.read()
    course = db.session.scalar(select(Course).filter_by(title=title))
    if course is None:
        otto = db.session.scalars(select(Person).filter_by(email=OTTO.email)).one()
        course = courses.create(
            actor=otto,
            title=title,
            description=description,
            content=content,
            external_url=data.external_url,
            policy=data.policy,
        )
    if data.badge:
        badge = badge_called(data.badge)
        objects.attach_badge(actor=None, learning_object=course, badge=badge, now=utc_now())
    if not data.draft:
        objects.publish(actor=None, learning_object=course, now=utc_now())


def _settle(means: Means, now: datetime) -> None:
    """Fetch the pictures, and read what is still pending as often as a portal would have."""
    while images.fetch_next(means, utc_now()):
        continue
    for hours in (3, 2, 1):
        while reading_back.read_next(means, now - timedelta(hours=hours)):
            continue
