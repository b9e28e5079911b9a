"""The import page: which files are taken, and what is said of the others."""

import io

import pytest

from portal.extensions import db
from portal.models import ImportRun
from portal.services.importing import imports
from tests.factories import make_connection, make_template
from tests.services.importing.conftest import file_of, row
from tests.web.admin.uploads import PAGE, send, work


@pytest.fixture
def means(app):
    return app.extensions["means"]


def test_the_import_page_has_its_words(browser, ada, means):
    make_connection(means, name="Harbour")
    page = browser.sign_in(ada).get(PAGE)
    for words in (
        "Import badge.csv</h1>",
        ">badge.csv or .zip with images</label>",
        ">Connection</label>",
        "Harbour",
    ):
        assert words in page
    assert ">Preview</button>" in page


@pytest.mark.parametrize("chosen", [False, True])
def test_the_sample_is_imported_cleanly(browser, ada, means, chosen):
    connection = make_connection(means)
    make_template(connection, "Ropes")
    connection.state = "paused"
    db.session.commit()
    sample = browser.sign_in(ada).get("/admin/imports/samples/badge.csv")
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
        ("badge.xlsx", "does not end in .csv or .zip"),
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
    assert imports.list_for(ada, "", "").total == 0


def test_a_learner_cannot_make_the_portal_read_a_large_file(browser, ada, lena, otto):
    for person, wanted in ((lena, 413), (otto, 403), (ada, 200)):
        browser.sign_in(person)
        values = {"csrf_token": browser.token_of("/learner/profile")}
        values["file"] = (io.BytesIO(b"x" * 2_000_000), "badge.csv")
        answer = browser.client.post(PAGE, data=values)
        assert answer.status_code == wanted, person.name
