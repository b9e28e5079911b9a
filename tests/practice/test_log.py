"""The log and the ledger: what was asked, when, and what came of it."""

import sqlite3


def test_a_call_is_written_down_with_its_badge(desk):
    template = desk.template()
    badge = desk.issue(template, issuer_earner_id="earner-1")
    entry = desk.log()[-1]
    assert (entry["method"], entry["status"], entry["badge"]) == ("POST", 201, badge["id"])
    assert entry["path"] == f"/v1/organizations/{desk.id}/badges"
    assert entry["body"]["issuer_earner_id"] == "earner-1"
    assert entry["organization"] == desk.id


def test_refusals_are_written_down_too(desk):
    desk.call("GET", "/badges?filter=state::pending", auth=("wrong", ""), expect=401)
    entry = desk.log()[-1]
    assert (entry["status"], entry["badges"]) == (401, [])
    assert entry["query"] == "filter=state::pending"


def test_the_log_is_read_from_a_point_on_and_cleared(desk):
    desk.call("GET", "")
    first = desk.log()[-1]["sequence"]
    desk.call("GET", "/events")
    later = desk.control("GET", f"log?since={first}")
    assert [entry["path"].rpartition("/")[2] for entry in later["entries"]] == ["events"]
    desk.control("DELETE", "log")
    assert desk.log() == []


def test_another_process_can_read_the_log(desk, tmp_path):
    desk.call("GET", "")
    with sqlite3.connect(tmp_path / "practice.db") as other:
        rows = other.execute("SELECT status FROM log").fetchall()
    other.close()
    assert rows == [(200,)]


def test_after_a_reset_nothing_is_left(desk):
    desk.issue(desk.template())
    desk.set(latency=0.1)
    desk.control("POST", "reset")
    assert (desk.ledger(), desk.log()) == ([], [])
    assert desk.control("GET", "switches")["latency"] == 0
    desk.call("GET", "", expect=401)


def test_an_organisation_made_again_is_the_same_with_one_more_token(desk):
    again = desk.control("POST", "organizations", {"id": desk.id, "token": "x" * 36, "bio": "New"})
    assert again["organization"]["bio"] == "New"
    desk.call("GET", "", auth=("x" * 36, ""), expect=200)
    desk.call("GET", "", expect=200)
