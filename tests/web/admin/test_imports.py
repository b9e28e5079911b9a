"""The pages of an import: preview, start, watch, mend."""

import re

import pytest

from portal.clock import utc_now
from portal.extensions import db
from portal.models import Badge, ImportRun
from portal.services.importing.running import Pace, work_on
from tests.services.importing.conftest import file_of, row
from tests.web.admin.uploads import PAGE, imported, send, uploaded, work


@pytest.fixture
def means(app):
    return app.extensions["means"]


def test_ivar_imports_a_file_from_choosing_it_to_the_result(browser, ivar, means):
    browser.sign_in(ivar)
    address = send(browser, file_of(row(1), row(2, state="Aktiv"))).location
    assert "Reading the file" in browser.get(address)
    work(means)
    page = browser.get(address)
    assert "Start import" in page
    assert "The state must be Active or Retired." in page
    browser.post(f"{address}/start", page=address)
    assert "0 of 2 rows" in browser.get(address)
    work(means)
    page = browser.get(address)
    assert "1 of 2 rows succeeded, 1 failed." in page
    assert "Ivar Integration" in page
    assert re.search('href="/admin/badges[?]sort=newest">.*See the badges', page)


def test_a_refused_file_says_why(browser, ada, means):
    address = send(browser.sign_in(ada), b"id,state\n").location
    work(means)
    page = browser.get(address)
    assert "Missing columns: badgeName, badgeCreationDate, imageUrl." in page
    assert "Start import" not in page


def test_what_would_change_nothing_cannot_be_started_and_says_what_next(browser, ada, means):
    address = uploaded(browser.sign_in(ada), means, row(1, state="Aktiv"))
    page = browser.get(address)
    assert "Mend the rows with errors and upload the file again." in page
    assert "Import another file" in page
    assert "Start import" not in page
    imported(browser, means, row(1))
    page = browser.get(uploaded(browser, means, row(1)))
    assert "everything in the file is here already" in page
    assert "Start import" not in page


def test_foreign_text_is_shown_inert_everywhere(browser, ada, means):
    evil = "<script>alert(1)</script>{{7*7}}${7*7}%s"
    rows = (row(1, evil), row(f'"{evil}"', evil, state=evil))
    address = uploaded(browser.sign_in(ada), means, *rows)
    for where in (address, f"{address}/rows", "/admin/badges"):
        assert "<script>alert" not in browser.client.get(where).get_data(as_text=True)
    name = "<img src=x onerror=alert(1)>.csv"
    address = send(browser, file_of(row(1)), name).location
    assert "<img src=x" not in browser.client.get(address).get_data(as_text=True)


def test_a_second_start_is_refused_with_words(browser, ada, means):
    address = uploaded(browser.sign_in(ada), means, row(1))
    browser.post(f"{address}/start", page=address)
    page = browser.follow(browser.post(f"{address}/start", page=address))
    assert "cannot be started now" in page


def test_error_records_are_a_download(browser, ada, means):
    address = imported(browser.sign_in(ada), means, row(1, state="x"))
    assert "Download error records" in browser.get(address)
    answer = browser.post(f"{address}/errors.csv", page=address, expect=200)
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert '"2","state","The state must be' in answer


def test_of_ten_thousand_bad_rows_the_page_shows_fifty_and_the_error_records_all(
    browser, ada, means
):
    address = uploaded(browser.sign_in(ada), means, *(row(n, state="x") for n in range(10_000)))
    page = browser.get(address)
    assert "The first 50 of 10,000." in page
    assert page.count("The state must be Active or Retired.") == 50
    last = browser.get(f"{address}/rows?outcome=error&page=last")
    assert last.count("The state must be Active or Retired.") == 50
    records = browser.post(f"{address}/errors.csv", page=address, expect=200)
    assert records.count("The state must be Active or Retired.") == 10_000


@pytest.mark.parametrize("query", ["page=0", "page=x", "page=99999999", "outcome=x", "q=%25_"])
def test_nonsense_in_the_address_is_harmless(browser, ada, means, query):
    address = uploaded(browser.sign_in(ada), means, row(1))
    browser.get(f"{address}/rows?{query}")
    browser.get(f"/admin/imports?{query}&state=x")


def test_a_row_is_found_by_its_name(browser, ada, means):
    address = uploaded(browser.sign_in(ada), means, row(1, "Knots"), row(2, "Ropes"))
    page = browser.get(f"{address}/rows?q=rop")
    assert "Ropes" in page
    assert "Knots" not in page


def test_an_import_behind_another_says_that_it_waits(browser, ada, means):
    browser.sign_in(ada)
    first, second = uploaded(browser, means, row(1)), uploaded(browser, means, row(2))
    for address in (first, second):
        browser.post(f"{address}/start", page=address)
    assert "Another import is running." not in browser.get(first)
    assert "Another import is running." in browser.get(second)
    work(means)
    assert "1 of 1 rows succeeded" in browser.get(second)


def test_an_import_that_is_cancelled_on_its_way_says_what_is_in(browser, ada, means):
    address = uploaded(browser.sign_in(ada), means, row(1), row(2), row(3))
    browser.post(f"{address}/start", page=address)
    work_on(int(address.rsplit("/", 1)[1]), means, utc_now(), Pace(rows=2, seconds=-1.0))
    page = browser.follow(browser.submit(f"{address}/cancel"))
    assert "Added: 2, changed: 0; these stay. Not imported: 1." in page


def test_cancelling_asks_first_and_changes_nothing(browser, ada, means):
    address = uploaded(browser.sign_in(ada), means, row(1))
    assert "Nothing was changed yet" in browser.get(f"{address}/cancel")
    page = browser.follow(browser.submit(f"{address}/cancel"))
    assert "cancelled before it changed anything" in page
    assert db.session.scalars(db.select(Badge)).all() == []


def test_imports_are_listed_with_how_they_went(browser, ada, means):
    assert "Nothing was imported yet" in browser.sign_in(ada).get("/admin/imports")
    imported(browser, means, row(1), row(2, state="x"))
    page = browser.get("/admin/imports")
    assert "badge.csv" in page
    assert "Ada Admin" in page
    assert "No import matches" in browser.get("/admin/imports?q=other")


def test_imports_of_a_kind_that_is_not_ones_own_do_not_exist(browser, ada, ivar, means):
    address = uploaded(browser.sign_in(ada), means, row(1))
    db.session.execute(db.update(ImportRun).values(kind="some later kind"))
    db.session.commit()
    browser.sign_in(ivar).get(address, expect=404)
    assert "Nothing was imported yet" in browser.get("/admin/imports")


@pytest.mark.parametrize(
    "where", [PAGE, "/admin/imports/samples", "/admin/imports", "/admin/imports/1"]
)
def test_authors_and_learners_stay_outside(browser, otto, where):
    browser.sign_in(otto).get(where, expect=403)


def test_an_import_that_is_not_there_is_not_found(browser, ada):
    browser.sign_in(ada).get("/admin/imports/999", expect=404)


def test_a_retired_upload_says_that_its_rows_are_gone(browser, ada, means):
    address = imported(browser.sign_in(ada), means, row(1, state="x"))
    db.session.execute(db.update(ImportRun).values(upload=None))
    db.session.commit()
    page = browser.get(address)
    assert "kept long enough and are deleted" in page
    assert "Download error records" not in page
