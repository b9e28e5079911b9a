"""Whoever changes something leaves an entry in the audit, page by page."""

import io

import pytest

from portal.clock import utc_now
from portal.extensions import db
from portal.models import (
    AuditEntry,
    BooksRun,
    Channel,
    ConnectionState,
    ImportRun,
    LinkPurpose,
    Person,
    Template,
)
from portal.services import audit
from portal.services.issuing import syncing
from portal.services.people import addresses
from tests.factories import PASSWORD, make_person, with_password
from tests.page import Browser
from tests.web.admin.test_catalogues import PAGE as CATALOGUES
from tests.web.admin.test_catalogues import sample
from tests.web.admin.test_people_import import FILE
from tests.web.admin.uploads import work
from tests.web.audited import ADMIN, TABLE

SKILL = {"name": "Sailing", "credits_1": "4", **{f"badge_{one}": "0" for one in (1, 2, 3)}}


class Tour:
    """Sends forms as one person and looks at what each leaves behind."""

    def __init__(self, app, person: Person) -> None:
        self.app, self.person, self.seen = app, person, set()
        self.browser = Browser(app).sign_in(person)

    def send(self, path: str, expect: int = 302, **values):
        """Send a form; its endpoint must leave the entry that the table says."""
        last = db.session.query(db.func.max(AuditEntry.id)).scalar() or 0
        endpoint, _values = self.app.url_map.bind("localhost").match(
            path.partition("?")[0], method="POST"
        )
        answer = self.browser.post(path, page="/learner/profile", expect=expect, **values)
        new = db.session.query(AuditEntry).filter(AuditEntry.id > last).all()
        told = [entry for entry in new if entry.action == TABLE[endpoint]]
        assert told, f"{endpoint} left {[entry.action for entry in new]}, not {TABLE[endpoint]}"
        assert {entry.actor_id for entry in told} == {self.person.id}, endpoint
        assert {entry.network for entry in told} == {"127.0.0.0/24"}, endpoint
        self.seen.add(endpoint)
        return answer


@pytest.fixture
def tour(app, ada) -> Tour:
    return Tour(app, ada)


def test_people_and_groups(tour, lena, now):
    with_password(lena)
    at = f"/admin/people/{lena.id}"
    said = {"email": lena.email, "first_name": "Lena", "last_name": "Null"}
    new = {"email": "nina@example.org", "first_name": "Nina", "last_name": "New"}
    tour.send("/admin/people/new", **new)
    tour.send(at, **said, roles=["author"])
    tour.send(f"{at}/name/confirm", name="Lena Null")
    tour.send(f"{at}/invite", expect=200)
    tour.send(f"{at}/end-sessions")
    for answer in ("confirm", "refuse"):
        kind = LinkPurpose.BADGE_EMAIL
        mail = f"{answer}@example.org"
        means = tour.app.extensions["means"]
        values = {"password": PASSWORD, "remote": "", "means": means}
        addresses.ask_badge(person=lena, email=mail, **values, now=now)
        tour.send(f"{at}/addresses/{kind.value}/{answer}")
    lena.second_factor_at = now
    db.session.commit()
    tour.send(f"{at}/second-factor")
    tour.send(f"{at}/deactivate")
    tour.send(f"{at}/activate")
    tour.send(f"{at}/erase", reason="by letter")
    tour.send(f"{at}/erase/take-back")
    tour.send(f"{at}/erase", reason="by letter")
    tour.send(f"{at}/erase/for-good", email=lena.email, revoke="no")
    tour.send("/admin/people/export.csv", expect=200)
    tour.send("/admin/audit/audit.csv", expect=200)
    nina = db.session.query(Person).filter_by(email="nina@example.org").one()
    group = tour.send("/admin/groups/new", name="Crew", description="").location
    group = group.removesuffix("/add")
    tour.send(f"{group}/edit", name="Quay crew", description="")
    tour.send(f"{group}/add", person=nina.id)
    tour.send(f"{group}/remove", person=nina.id)
    tour.send(f"{group}/delete")
    tour.send("/admin/acceptance/pending.csv", expect=200)
    tour.send("/admin/reports/awards/rows.csv", expect=200)
    for kind in ("csv", "pdf"):
        tour.send(f"/admin/reports/transcripts/{tour.person.id}/transcript.{kind}", expect=200)
    missing(tour, "reports", "acceptance", "accounts", "audit", "erasures", "groups", "people")


def test_settings(tour):
    tour.send("/admin/settings", name="Harbour", brand="#00777f", time_zone="UTC")
    missing(tour, "settings")


def test_badges_skills_and_files(tour):
    badge = tour.send("/admin/badges/new", name="House badge", connection="0").location
    tour.send(f"{badge}/edit", name="House badge", retired="y")
    for kind in ("csv", "zip"):
        tour.send(f"/admin/badges/export.{kind}", expect=200)
    skill = tour.send("/admin/skills/new", **SKILL).location
    tour.send(f"{skill}/edit", **{**SKILL, "name": "Steering"})
    tour.send(f"{skill}/retire")
    tour.send(f"{skill}/activate")
    other = tour.send("/admin/skills/new", **SKILL).location
    tour.send(f"{other}/retire")
    tour.send(f"{other}/delete")
    means = tour.app.extensions["means"]
    sheet = (io.BytesIO(b'"badgeName","state"\r\n"Mate","active"\r\n'), "badge.csv")
    at = tour.send("/admin/badges/import", file=sheet, connection="0").location
    tour.send(f"{at}/cancel")
    at = tour.send("/admin/people/import", file=(io.BytesIO(FILE), "people.csv")).location
    work(means)
    tour.send(f"{at}/start")
    db.session.execute(db.update(ImportRun).values(state="stopped"))
    db.session.commit()
    tour.send(f"{at}/go-on")
    work(means)
    tour.send(f"{at}/errors.csv", expect=200)
    tour.send(f"/admin/people/import/{at.rsplit('/', 1)[1]}/invite", expect=200)
    at = tour.send(
        CATALOGUES, file=(io.BytesIO(sample(tour.browser)), "all.zip"), connection="0"
    ).location
    work(means)
    tour.send(f"{at}/start", history="keep")
    tour.send(f"{at}/cancel")
    tour.send(f"{CATALOGUES}/export.zip", expect=200)
    missing(tour, "badges", "catalogues", "skills", "imports", "badge_import", "people_import")


def test_connections(tour, world):
    credly = world.credly
    at = f"/admin/connectors/credly/{world.connection.id}"
    tour.send(f"{at}/edit", name="Practice", linked_in_organization_id="")
    tour.send(f"{at}/token", token=credly.token)
    tour.send(f"{at}/pause")
    tour.send(f"{at}/resume")
    world.connection.state = ConnectionState.HELD
    db.session.commit()
    tour.send(f"{at}/test")
    tour.send(f"{at}/webhook")
    credly.template(name="Splices")
    tour.send(f"{at}/sync")
    syncing.run_next(world.means, utc_now())
    splices = db.session.query(Template).filter_by(name="Splices").one()
    tour.send(f"{at}/badges", template=splices.id)
    said = {"organization_id": credly.id, "token": credly.token, "hostname": credly.practice.host}
    other = tour.send("/admin/connectors/credly/new", name="Another", **said).location
    tour.send(f"{other}/delete")
    missing(tour, "credly")


def test_deliveries_awards_and_books(tour, world):
    first = world.complete()
    world.credly.plan(status=422, json={"data": {"message": "No"}, "metadata": None})
    world.work()
    tour.send(f"/admin/deliveries/{first.id}/retry")
    tour.send("/admin/deliveries/retry-all", number="1")
    world.work(after=600)
    award = world.delivery_of(world.lena).issued_badge
    tour.send("/admin/awards/1/revoke", reason="Passed by mistake")
    tour.send(f"/admin/deliveries/{world.delivery_of(world.lena).id}/cancel")
    world.course.hold_minutes = 60
    (held,) = world.completed_by(1)
    tour.send(f"/admin/deliveries/{held.id}/send-now")
    tour.send("/admin/deliveries/cancel-all", number="1")
    db.session.query(BooksRun).delete()
    db.session.commit()
    tour.send("/admin/books/balance")
    tour.send("/admin/books/take-over", issued_badge_id=str(award.id))
    missing(
        tour,
        *("deliveries", "awards", "books"),
        but={"admin.books.send", "admin.books.adopt", "admin.books.acknowledge"},
    )


def missing(tour: Tour, *pages: str, but=frozenset()) -> None:
    """Every page of these folders was seen; `but` are those that other tests look at."""
    whole = {one for one in ADMIN if one.split(".")[1] in pages}
    assert whole - tour.seen - set(but) == set()


def test_signing_in_and_out(app, lena, now):
    with_password(lena)
    browser = Browser(app)
    make_person("Ada Admin", roles={"admin"})
    for email in (lena.email, "nobody@example.org"):
        browser.submit("/login", expect=200, email=email, password="not this one at all")
    browser.submit("/login", email=lena.email, password=PASSWORD)
    browser.post("/logout", page="/learner/profile")
    entries = db.session.query(AuditEntry).order_by(AuditEntry.id)
    told = [(one.action, one.actor_id, one.person_id) for one in entries]
    assert told == [
        ("sign_in.failed", None, lena.id),
        ("sign_in.failed", None, None),
        ("sign_in.in", lena.id, lena.id),
        ("sign_in.out", lena.id, lena.id),
    ]


def test_an_award_is_written_down_unless_the_learner_completed_alone(world):
    with audit.acting(audit.Doer(Channel.PAGE, world.lena.id)):
        world.complete()
    assert not db.session.query(AuditEntry).filter_by(action="award.earn").count()
    other = world.complete(make_person("Mona Mate")).issued_badge
    earned = db.session.query(AuditEntry).filter_by(action="award.earn").one()
    assert (earned.subject, earned.person_id) == ("award", other.learner_id)
