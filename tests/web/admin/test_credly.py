"""The integration admin connects Credly and keeps the connection well."""

import pytest

from portal.clock import utc_now
from portal.extensions import db
from portal.models import AuditEntry, Connection, ConnectionState, SyncRun
from portal.services.issuing import syncing
from tests.factories import PASSWORD, make_badge, make_connection, make_template, with_password

NEW = "/admin/connectors/credly/new"


def fields(credly, **changed):
    """The four fields as they should be, but for what is changed."""
    return {
        "name": "Harbour, production",
        "organization_id": credly.id,
        "token": credly.token,
        "hostname": credly.practice.host,
        **changed,
    }


def connected(browser, credly, person) -> Connection:
    """Connect through the page."""
    browser.sign_in(person).submit(NEW, **fields(credly))
    return db.session.scalars(db.select(Connection)).one()


def test_ivar_connects_and_reads_the_organizations_name(browser, credly, ivar):
    answer = browser.sign_in(ivar).submit(NEW, **fields(credly))
    assert "Connected to STEM Learning." in browser.follow(answer)


def test_spaces_around_what_was_pasted_do_no_harm(browser, credly, ivar):
    pasted = {name: f"  {value}\n" for name, value in fields(credly).items()}
    browser.sign_in(ivar).submit(NEW, **pasted)
    assert db.session.scalars(db.select(Connection)).one().organization_id == credly.id


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        ({"token": "wrong-token-0000000000000000"}, "token", "Credly refused the authorization"),
        ({"token": "Basic abc def"}, "token", "This is not a token"),
        ({"token": ""}, "token", "This is needed."),
        ({"token": "user:token"}, "token", "This is not a token"),
        ({"token": "tökën"}, "token", "This is not a token"),
        ({"token": "x" * 10_000}, "token", "Use at most 500 characters."),
        ({"organization_id": "12"}, "organization_id", "This is not an organization ID"),
        (
            {"organization_id": "00000000-0000-4000-8000-00000000dead"},
            "organization_id",
            "Credly does not know this organization",
        ),
        ({"hostname": "127.0.0.1:1"}, "hostname", "The portal may not talk to this host"),
        ({"hostname": "https://api.credly.com"}, "hostname", "may not talk to this host"),
        ({"name": ""}, "name", "This is needed."),
        ({"name": "x" * 101}, "name", "Use at most 100 characters."),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_saved(
    browser, credly, ivar, changed, field, words
):
    page = browser.sign_in(ivar).submit(NEW, expect=200, **fields(credly, **changed))
    assert f'id="{field}-error-1"' in page
    assert words in page
    assert db.session.scalar(db.select(Connection)) is None


def test_the_token_is_not_shown_again_after_an_error(browser, credly, ivar):
    page = browser.sign_in(ivar).submit(NEW, expect=200, **fields(credly, name=""))
    assert credly.token not in page


def test_no_answer_is_said_at_the_host(browser, credly, ivar):
    credly.plan(match={"method": "GET"}, status=503, times=0)
    page = browser.sign_in(ivar).submit(NEW, expect=200, **fields(credly))
    assert "Credly asked us to come back later." in page
    assert 'id="hostname-error-1"' in page


def test_a_taken_name_is_said_whatever_its_case(browser, credly, ivar):
    connected(browser, credly, ivar)
    page = browser.submit(NEW, expect=200, **fields(credly, name="HARBOUR, Production"))
    assert "Another connection has this name." in page


def test_the_token_is_sealed_and_on_no_page(browser, credly, ivar):
    connection = connected(browser, credly, ivar)
    page = browser.get(f"/admin/connectors/credly/{connection.id}")
    assert credly.token not in page
    assert credly.token not in connection.sealed_token
    assert f"ends in {credly.token[-4:]}" in page


def test_a_refused_test_holds_the_connection_and_a_new_token_frees_it(browser, credly, ivar):
    connection = connected(browser, credly, ivar)
    org = f"organizations/{credly.id}"
    credly.control("POST", f"{org}/tokens/expire", {"token": credly.token})
    here = f"/admin/connectors/credly/{connection.id}"
    assert "Credly refused" in browser.follow(browser.post(f"{here}/test", page=here))
    assert db.session.get(Connection, connection.id).state is ConnectionState.HELD
    fresh = credly.control("POST", f"{org}/tokens", {})
    token = fresh["token"] if isinstance(fresh["token"], str) else fresh["token"]["token"]
    browser.submit(f"{here}/token", token=token)
    assert db.session.get(Connection, connection.id).state is ConnectionState.WORKING


def test_a_bad_new_token_leaves_the_old_one(browser, credly, ivar):
    connection = connected(browser, credly, ivar)
    here = f"/admin/connectors/credly/{connection.id}"
    page = browser.submit(f"{here}/token", expect=200, token="wrong-token-111111111111")
    assert "Credly refused the authorization token" in page
    assert "the connection works" in browser.follow(browser.post(f"{here}/test", page=here))


def test_a_token_is_not_replaced_without_the_present_password(browser, credly, ivar):
    connection = connected(browser, credly, with_password(ivar))
    sealed, here = connection.sealed_token, f"/admin/connectors/credly/{connection.id}"
    for typed in ("", "not this one at all"):
        page = browser.submit(f"{here}/token", expect=200, token=credly.token, password=typed)
        assert 'id="password-error-1"' in page
    assert db.session.get(Connection, connection.id).sealed_token == sealed
    failed = db.session.query(AuditEntry).filter_by(action="sign_in.failed").first()
    assert failed.details == {"way": "present_password"}
    answer = browser.submit(f"{here}/token", token=credly.token, password=PASSWORD)
    assert "The token was replaced" in browser.follow(answer)
    assert db.session.get(Connection, connection.id).sealed_token != sealed


def test_pause_and_resume(browser, credly, ivar):
    connection = connected(browser, credly, ivar)
    here = f"/admin/connectors/credly/{connection.id}"
    assert "Nothing is sent" in browser.follow(browser.post(f"{here}/pause", page=here))
    assert db.session.get(Connection, connection.id).state is ConnectionState.PAUSED
    assert "Resumed." in browser.follow(browser.post(f"{here}/resume", page=here))


def test_a_connection_in_use_cannot_be_deleted(app, browser, ivar):
    connection = make_connection(app.extensions["means"])
    make_badge(template=make_template(connection))
    url = f"/admin/connectors/credly/{connection.id}/delete"
    assert "so it cannot be deleted" in browser.sign_in(ivar).get(url)


def test_an_unused_connection_is_deleted_after_a_question(browser, credly, ivar):
    connection = connected(browser, credly, ivar)
    answer = browser.submit(f"/admin/connectors/credly/{connection.id}/delete")
    assert "was deleted" in browser.follow(answer)
    assert db.session.scalar(db.select(Connection)) is None


def test_all_sixty_templates_can_be_picked_not_only_the_first_fifty(
    browser, credly, ivar, app, now
):
    connection = connected(browser, credly, ivar)
    credly.control("POST", f"organizations/{credly.id}/templates", {"count": 60, "prefix": "Knot"})
    here = f"/admin/connectors/credly/{connection.id}"
    browser.post(f"{here}/sync", page=here)
    while syncing.run_next(app.extensions["means"], utc_now()):
        pass
    assert "60 templates to choose from" in browser.get(f"{here}/badges")


def test_a_later_sync_shows_what_changed(browser, credly, ivar, app, now):
    connection = connected(browser, credly, ivar)
    template = credly.template(name="Knots")
    means = app.extensions["means"]
    syncing.ask_for(connection=connection, actor=ivar, now=now)
    syncing.run_next(means, now)
    path = f"organizations/{credly.id}/templates/{template['id']}"

    def after(change):
        credly.control("PATCH", path, change)
        run = syncing.ask_for(connection=connection, actor=ivar, now=now)
        syncing.run_next(means, now)
        return browser.get(f"/admin/connectors/credly/{connection.id}/runs/{run.id}")

    page = after({"name": "Knots and bends"})
    assert "Knots and bends" in page
    assert "1 change" in page
    page = after({"state": "archived"})
    assert ">Active<" in page
    assert ">Archived<" in page


def test_a_sync_that_fails_says_why(browser, credly, ivar, app, now):
    connection = connected(browser, credly, ivar)
    syncing.ask_for(connection=connection, actor=ivar, now=now)
    credly.plan(match={"method": "GET"}, status=500, times=0)
    syncing.run_next(app.extensions["means"], now)
    assert db.session.scalars(db.select(SyncRun)).one().reason["code"] == "credly_server_error"
    page = browser.get(f"/admin/connectors/credly/{connection.id}/badges")
    assert "Credly had an internal error." in page


def test_a_name_nobody_can_read_is_refused(browser, credly, ivar):
    for name in ("   ", "\u200b\u200b", "\u00a0", "\u202e"):
        page = browser.sign_in(ivar).submit(NEW, expect=200, **fields(credly, name=name))
        assert 'id="name-error-1"' in page


def test_signs_that_turn_text_around_are_left_out(browser, credly, ivar):
    browser.sign_in(ivar).submit(NEW, **fields(credly, name="Harbour \u202eevil"))
    assert db.session.scalars(db.select(Connection)).one().name == "Harbour evil"


def test_a_second_connection_for_one_organization_is_pointed_out(browser, credly, ivar):
    connected(browser, credly, ivar)
    answer = browser.submit(NEW, **fields(credly, name="Harbour again"))
    assert "speaks for the same organization" in browser.follow(answer)
