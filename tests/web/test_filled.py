"""Pages with something in them open, and nothing a person does leads to a page that is broken."""

import json
import uuid

from portal.extensions import db
from portal.models import Connection, ImportRun
from portal.services.issuing import connections
from portal.services.issuing.webhook_addresses import set_address
from portal.services.issuing.webhooks import receive


def test_what_came_in_can_be_seen(browser, world, ivar):
    set_address(connection=world.connection, means=world.means, now=world.now)
    secret = world.credly.data("GET", "")["webhook_url"].rsplit("/", 1)[-1]
    event = {
        "id": str(uuid.uuid4()),
        "organization_id": world.credly.id,
        "event_type": "badge.created",
    }
    receive(secret=secret, body=json.dumps(event).encode(), now=world.now)
    page = browser.sign_in(ivar).get(f"/admin/connectors/credly/{world.connection.id}/events")
    assert "badge.created" in page


def test_every_list_and_every_thing_in_it_opens(browser, world, ada):
    delivery = world.complete()
    world.work()
    browser.sign_in(ada)
    for path in (
        "/admin/",
        "/admin/badges",
        f"/admin/badges/{world.badge.id}",
        f"/admin/badges/{world.badge.id}/edit",
        "/admin/deliveries",
        f"/admin/deliveries/{delivery.id}",
        "/admin/awards",
        "/admin/awards/1",
        "/admin/awards/1/revoke",
        f"/admin/connectors/credly/{world.connection.id}",
        f"/admin/connectors/credly/{world.connection.id}/badges",
        f"/admin/connectors/credly/{world.connection.id}/runs/1",
        f"/admin/people/{world.lena.id}",
        f"/author/courses/{world.course.id}",
    ):
        browser.get(path)


def test_a_connection_that_an_import_named_can_be_deleted(app, browser, credly, ivar, now):
    connection = connections.connect(
        name="Short-lived",
        organization_id=credly.id,
        token=credly.token,
        hostname=credly.practice.host,
        means=app.extensions["means"],
        now=now,
    )
    db.session.add(ImportRun(kind="badge", file_name="badge.csv", connection_id=connection.id))
    db.session.commit()
    browser.sign_in(ivar).submit(f"/admin/connectors/credly/{connection.id}/delete")
    assert db.session.scalar(db.select(Connection)) is None
    assert db.session.scalars(db.select(ImportRun)).one().connection_id is None


def test_whoever_was_signed_out_meanwhile_keeps_what_they_wrote(browser, otto):
    text = "A course of three evenings that I do not want to write again"
    answer = browser.client.post(
        "/author/courses/new", data={"title": text, "csrf_token": "old", "password": "hidden-word"}
    )
    page = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert "You were signed out meanwhile" in page
    assert text in page
    assert "hidden-word" not in page


def test_what_was_written_stands_under_its_label_in_the_readers_language(browser):
    answer = browser.client.post(
        "/author/courses/new",
        data={"title": "Kvällskurs", "policy": "learner", "preview": "1", "title-3": "Dag två"},
        headers={"Accept-Language": "sv"},
    )
    page = answer.get_data(as_text=True)
    assert page.count(">Titel</label>") == 2
    assert page.count("<textarea") == 2


def test_whoever_signed_in_again_meanwhile_keeps_what_they_wrote(browser, otto):
    text = "A course of three evenings that I do not want to write again"
    browser.sign_in(otto)
    answer = browser.client.post("/author/courses/new", data={"title": text, "csrf_token": "old"})
    assert answer.status_code == 400
    assert text in answer.get_data(as_text=True)


def test_an_address_that_only_takes_a_form_says_so(browser, ada):
    assert "takes no such request" in browser.sign_in(ada).get("/logout", expect=405)
