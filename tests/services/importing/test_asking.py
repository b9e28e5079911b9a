"""The preview asks Credly for the templates of a file, over the chosen connection."""

from datetime import timedelta

from portal.extensions import db
from portal.models import ConnectionState, ImportState
from portal.services.issuing import connections, syncing
from tests.services.importing.conftest import badge_of, file_of, row


def backed(template: dict) -> dict[str, str]:
    return {"template": template["id"], "provider": "Credly"}


def calls(world) -> list[str]:
    return [entry["path"] for entry in world.credly.log() if world.credly.id in entry["path"]]


def test_a_template_that_credly_knows_is_tied_to_its_badge(desk, world):
    template = world.credly.template(name="Ropes")
    run = desk.bring(file_of(row(1, "Ropes", image="", **backed(template))), world.connection)
    assert (run.new, run.failed) == (1, 0)
    assert badge_of(1).template.name == "Ropes"
    assert badge_of(1).connection_id == world.connection.id
    assert badge_of(1).template.image is not None


def test_an_unknown_template_fails_its_row(desk, world):
    unknown = {"id": "1a2b3c4d-0000-4000-8000-00000000dead"}
    run = desk.preview(file_of(row(1, **backed(unknown)), row(2)), world.connection)
    assert desk.said(run) == [("externalBadgeId", "template_missing")]
    assert run.new == 1


def test_a_template_of_another_organization_fails_its_row(desk, world):
    other = world.credly.control("POST", "organizations", {"name": "Others"})["organization"]
    path = f"organizations/{other['id']}/templates"
    template = world.credly.control("POST", path, {"name": "Theirs"})
    run = desk.preview(file_of(row(1, **backed(template))), world.connection)
    assert desk.said(run) == [("externalBadgeId", "template_missing")]


def test_an_archived_template_and_another_name_are_notes(desk, world):
    template = world.credly.template(name="Ropes", state="archived")
    run = desk.preview(file_of(row(1, "Lines", **backed(template))), world.connection)
    codes = [code for _column, code in desk.said(run)]
    assert (run.new, "import_unchecked" in codes) == (1, False)
    assert {"import_template_not_active", "import_template_name"} <= set(codes)


def test_many_templates_are_read_as_a_list(desk, world):
    path = f"organizations/{world.credly.id}/templates"
    made = world.credly.control("POST", path, {"count": 60})["ids"]
    before = len(calls(world))
    rows = [row(number, **backed({"id": one})) for number, one in enumerate(made)]
    gone = {"id": "1a2b3c4d-0000-4000-8000-00000000dead"}
    run = desk.preview(file_of(*rows, row("gone", **backed(gone))), world.connection)
    assert (run.new, run.failed) == (60, 1)
    assert len(calls(world)) - before < 6


def test_without_an_answer_the_rows_are_unchecked_and_the_preview_says_why(desk, world):
    template = world.credly.template(name="Ropes")
    match = {"method": "GET", "path": "/badge_templates"}
    world.credly.plan(match=match, status=500, times=20)
    run = desk.preview(file_of(row(1, **backed(template))), world.connection)
    assert run.state is ImportState.READY
    assert [note["code"] for note in run.notes] == ["import_credly_silent", "credly_server_error"]
    assert ("externalBadgeId", "import_unchecked") in desk.said(run)


def test_a_refused_token_holds_the_connection_and_the_rows_stay_unchecked(desk, world):
    template = world.credly.template(name="Ropes")
    world.credly.control("POST", f"organizations/{world.credly.id}/tokens/expire", {})
    run = desk.preview(file_of(row(1, **backed(template))), world.connection)
    db.session.refresh(world.connection)
    assert (run.new, world.connection.state) == (1, ConnectionState.HELD)


def test_a_paused_connection_is_not_asked(desk, world):
    connections.pause(connection=world.connection, now=world.now)
    before = len(calls(world))
    template = {"id": "1a2b3c4d-0000-4000-8000-000000000001"}
    run = desk.preview(file_of(row(1, **backed(template))), world.connection)
    assert ("externalBadgeId", "import_unchecked") in desk.said(run)
    assert len(calls(world)) == before


def test_the_next_sync_checks_an_unchecked_badge(desk, world):
    template = world.credly.template(name="Ropes")
    desk.bring(file_of(row(1, **backed(template))))
    assert badge_of(1).connection_id is None
    syncing.ask_for(connection=world.connection, actor=None, now=world.now)
    syncing.run_next(desk.means, world.now)
    db.session.expire_all()
    assert badge_of(1).template.name == "Ropes"


def test_a_template_that_was_synced_before_is_asked_for_again(desk, world):
    template = world.badge.template
    template.seen_at = world.now - timedelta(days=1)
    db.session.commit()
    path = f"organizations/{world.credly.id}/templates/{template.credly_id}"
    world.credly.control("PATCH", path, {"state": "archived"})
    cells = row(1, "Knots", state="Retired", **backed({"id": template.credly_id}))
    run = desk.preview(file_of(cells), world.connection)
    assert ("externalBadgeId", "import_template_not_active") in desk.said(run)
    assert ("externalBadgeId", "import_unchecked") not in desk.said(run)
