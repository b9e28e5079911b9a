"""Importing badge.csv on the pages: choose, preview, start, watch, mend."""

import io

import pytest

from portal.clock import utc_now
from portal.extensions import db
from portal.models import Badge, ImportRun
from portal.services.importing import imports
from portal.services.importing.running import run_next
from tests.factories import make_connection, make_template
from tests.services.importing.conftest import file_of, row

PAGE = "/admin/badges/import"


@pytest.fixture
def means(app):
    return app.extensions["means"]


def work(means) -> None:
    """Let the background job do all there is to do."""
    while run_next(means, utc_now()):
        pass


def send(browser, content: bytes, name: str = "badge.csv", expect: int = 302, **more):
    """Choose a file and press Preview."""
    return browser.post(
        PAGE, expect=expect, file=(io.BytesIO(content), name), **{"connection": "0", **more}
    )


def uploaded(browser, means, *rows: str) -> str:
    """The address of an import whose preview is there."""
    address = send(browser, file_of(*rows)).location
    work(means)
    return address


def imported(browser, means, *rows: str) -> str:
    """The address of an import that is done."""
    address = uploaded(browser, means, *rows)
    browser.post(f"{address}/start", page=address)
    work(means)
    return address


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


def test_the_import_page_has_its_words(browser, ada, means):
    make_connection(means, name="Harbour")
    page = browser.sign_in(ada).get(PAGE)
    for words in ("Import badge.csv</h1>", ">badge.csv</label>", ">Connection</label>", "Harbour"):
        assert words in page
    assert ">Preview</button>" in page


@pytest.mark.parametrize("chosen", [False, True])
def test_the_sample_is_imported_cleanly(browser, ada, means, chosen):
    connection = make_connection(means)
    make_template(connection, "Ropes")
    connection.state = "paused"
    db.session.commit()
    sample = browser.sign_in(ada).get(f"{PAGE}/sample.csv")
    assert sample.headers["Content-Type"] == "text/csv; charset=utf-8"
    address = send(browser, sample.encode(), connection=str(connection.id if chosen else 0))
    work(means)
    run = db.session.get(ImportRun, int(address.location.rsplit("/", 1)[1]))
    assert (run.rows, run.new, run.failed) == (3, 3, 0)


def test_no_file_is_said_at_the_field(browser, ada):
    assert 'id="file-error-1"' in browser.sign_in(ada).post(PAGE, expect=200, connection="0")


def test_two_files_are_said_at_the_field(browser, ada):
    files = [(io.BytesIO(file_of(row(1))), name) for name in ("a.csv", "b.csv")]
    page = browser.sign_in(ada).post(PAGE, expect=200, connection="0", file=files)
    assert "Choose one file at a time." in page
    assert db.session.scalars(db.select(ImportRun)).all() == []


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("badges.zip", "Unpack it and upload badge.csv itself"),
        ("badge.xlsx", "does not end in .csv"),
        ("badge.csv.exe", "does not end in .csv"),
        ("badge", "does not end in .csv"),
    ],
)
def test_a_file_of_another_name_is_refused_and_not_kept(browser, ada, means, name, words):
    assert words in send(browser.sign_in(ada), file_of(row(1)), name, expect=200)
    assert list(means.uploads.iterdir()) == []


def test_the_type_that_the_browser_claims_does_not_matter(browser, ada, means):
    sent = (io.BytesIO(file_of(row(1))), "badge.csv", "text/html")
    answer = browser.sign_in(ada).post(PAGE, file=sent, connection="0")
    work(means)
    assert "Start import" in browser.follow(answer)


@pytest.mark.parametrize("connection", ["x", "999", "-1", ""])
def test_a_connection_that_is_not_offered_is_refused(browser, ada, connection):
    page = send(browser.sign_in(ada), file_of(row(1)), expect=200, connection=connection)
    assert 'id="connection-error-1"' in page


def test_a_refused_file_says_why(browser, ada, means):
    address = send(browser.sign_in(ada), b"id,state\n").location
    work(means)
    page = browser.get(address)
    assert "Missing columns: badgeName, badgeCreationDate, imageUrl." in page
    assert "Start import" not in page


def test_foreign_text_is_shown_inert_everywhere(browser, ada, means):
    evil = "<script>alert(1)</script>{{7*7}}${7*7}%s"
    rows = (row(1, evil), row(f'"{evil}"', evil, state=evil))
    address = uploaded(browser.sign_in(ada), means, *rows)
    for where in (address, f"{address}/rows", f"{address}/errors.csv", "/admin/badges"):
        raw = browser.client.get(where).get_data(as_text=True)
        assert where.endswith(".csv") or "<script>alert" not in raw
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
    answer = browser.get(f"{address}/errors.csv")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert '"2","state","The state must be' in answer


def test_the_page_shows_fifty_rows_and_a_way_to_all(browser, ada, means):
    address = uploaded(browser.sign_in(ada), means, *(row(n, state="x") for n in range(60)))
    page = browser.get(address)
    assert "The first 50 of 60." in page
    assert page.count("The state must be Active or Retired.") == 50
    rest = browser.get(f"{address}/rows?outcome=error&page=2")
    assert rest.count("The state must be Active or Retired.") == 10


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


def test_other_kinds_of_imports_exist_for_admins_only(browser, ada, ivar, means):
    address = uploaded(browser.sign_in(ada), means, row(1))
    db.session.execute(db.update(ImportRun).values(kind="people"))
    db.session.commit()
    browser.get(address)
    browser.sign_in(ivar).get(address, expect=404)
    assert "Nothing was imported yet" in browser.get("/admin/imports")


@pytest.mark.parametrize(
    "where", [PAGE, f"{PAGE}/sample.csv", "/admin/imports", "/admin/imports/1"]
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
    assert "deleted after 30 days" in page
    assert "Download error records" not in page


def test_one_byte_over_the_limit_is_413_and_leaves_no_file(browser, ada, means, app):
    small = 2000
    app.extensions["means"] = type(means)(**{**vars(means), "upload_limit": small})
    browser.sign_in(ada)
    content = file_of(row(1)).ljust(small, b"\n")
    assert send(browser, content).location
    kept = len(list(means.uploads.iterdir()))
    send(browser, content + b"\n", expect=413)
    assert len(list(means.uploads.iterdir())) == kept


def test_a_far_too_large_request_is_413_before_it_is_read(browser, ada):
    answer = browser.sign_in(ada).client.post(
        PAGE,
        content_type="multipart/form-data; boundary=x",
        input_stream=io.BytesIO(b"--x"),
        environ_overrides={"CONTENT_LENGTH": "2000000000"},
    )
    assert answer.status_code == 413
    assert imports.list_for(ada, "", "", 1).total == 0
