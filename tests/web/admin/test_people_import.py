"""Import people.csv in the browser, and how those who were added get in."""

import io
import re
import zipfile

import pytest

from portal.clock import utc_now
from portal.extensions import db
from portal.models import ImportRun, Mail, Person
from portal.services.people import people
from tests.web.admin.uploads import send, work

PAGE = "/admin/people/import"
FILE = b"email,firstName,lastName,roles\r\nlena@x.org,Lena,Learner,\r\nbad,Otto,Author,author\r\n"


@pytest.fixture
def means(app):
    return app.extensions["means"]


@pytest.fixture
def imported(browser, ada, means):
    """The address of an import of people that Ada has started and that is done."""
    browser.sign_in(ada)
    address = browser.post(PAGE, file=(io.BytesIO(FILE), "people.csv")).location
    work(means)
    browser.post(f"{address}/start", page=address)
    work(means)
    return address


def test_the_page_has_its_words(browser, ada):
    page = browser.sign_in(ada).get(PAGE)
    for words in ("Import people.csv</h1>", ">people.csv</label>", ">Preview</button>"):
        assert words in page
    assert "Import people.csv" in browser.get("/admin/people")


def test_ada_sees_what_came_in_and_what_did_not(browser, imported):
    page = browser.get(imported)
    assert "1 of 2 rows succeeded, 1 failed." in page
    assert "Connection" not in page.partition("<main")[2]
    assert "Import people.csv" in browser.get("/admin/imports")
    errors = browser.post(f"{imported}/errors.csv", page=imported, expect=200)
    assert "people-errors-" in errors.headers["Content-Disposition"]
    assert '"bad","Otto","Author","author","3","email",' in errors


def test_without_mail_the_links_are_handed_over_in_a_file_once(browser, imported):
    assert "1 person whom this import has added" in browser.get(imported)
    answer = browser.post(f"{PAGE}/{imported.rsplit('/', 1)[1]}/invite", page=imported, expect=200)
    assert 'filename="invitations.csv"' in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "no-store"
    code = re.search(r'"lena@x.org","Lena","Learner","http://[^"]+/invitation/([^"]+)"', answer)[1]
    assert people.invited(code, utc_now()).email == "lena@x.org"
    page = browser.get(imported)
    assert "is invited or has a password" in page
    again = browser.post(f"{PAGE}/{imported.rsplit('/', 1)[1]}/invite", page="/admin/people/new")
    assert "is invited or has a password" in browser.follow(again)


class TestWithMail:
    @pytest.fixture
    def settings(self):
        return {"SMTP_HOST": "127.0.0.1", "SMTP_FROM": "portal@example.org", "SMTP_TLS": "none"}

    def test_invitations_are_mailed(self, browser, imported):
        run = imported.rsplit("/", 1)[1]
        page = browser.follow(browser.post(f"{PAGE}/{run}/invite", page=imported))
        assert "1 invitation is on its way." in page
        lena = db.session.scalar(db.select(Person).filter_by(email="lena@x.org"))
        assert db.session.scalars(db.select(Mail.person_id)).all() == [lena.id]


def test_for_ivar_imports_of_people_do_not_exist(browser, ivar, imported):
    browser.sign_in(ivar)
    for path in ("", "/rows", "/cancel"):
        browser.get(imported + path, expect=404)
    browser.post(f"{imported}/errors.csv", page="/learner/profile", expect=404)
    assert "people.csv" not in browser.get("/admin/imports")
    assert "people.csv" not in browser.get("/admin/imports/samples")
    browser.get("/admin/imports/samples/people.csv", expect=404)
    browser.get(PAGE, expect=403)
    browser.post("/admin/people/export.csv", page="/learner/profile", expect=403)


def test_badges_go_out_with_their_pictures(browser, ada, means):
    sample = browser.sign_in(ada).client.get("/admin/imports/samples/badge.zip").data
    address = send(browser, sample, "badge.zip").location
    work(means)
    browser.post(f"{address}/start", page=address)
    work(means)
    assert "Export</a>" in browser.get("/admin/badges")
    token = browser.token_of("/admin/badges/export")
    answer = browser.client.post("/admin/badges/export.zip", data={"csrf_token": token})
    assert answer.headers["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        names = archive.namelist()
        assert archive.testzip() is None
    assert names[0] == "badge.csv"
    assert re.fullmatch(r"images/[0-9a-f]{64}\.png", names[1])


@pytest.mark.parametrize("name", ["badge.csv", "people.csv"])
def test_samples_say_what_stands_in_each_column(browser, ada, name):
    page = browser.sign_in(ada).get("/admin/imports/samples")
    sample = browser.get(f"/admin/imports/samples/{name}")
    assert f'filename="{name}"' in sample.headers["Content-Disposition"]
    for column in re.findall(r'"(\w+)"', sample.splitlines()[0]):
        assert f"<code>{column}</code>" in page


def test_the_sample_of_people_comes_in_cleanly(browser, ada, means):
    sample = browser.sign_in(ada).get("/admin/imports/samples/people.csv")
    browser.post(PAGE, file=(io.BytesIO(sample.encode()), "people.csv"))
    work(means)
    run = db.session.scalar(db.select(ImportRun))
    assert (run.state, run.new, run.failed, run.noted) == ("ready", 3, 0, 0)


@pytest.mark.parametrize(("page", "name"), [("badges", "badge.csv"), ("people", "people.csv")])
def test_exports_are_downloads(browser, ada, page, name):
    browser.sign_in(ada)
    where = "/admin/badges/export" if page == "badges" else "/admin/people"
    assert f"Export {name}" in browser.get(where)
    # What is taken along is written down, so it is a button.
    answer = browser.post(f"/admin/{page}/export.csv", page=where, expect=200)
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert f'attachment; filename="{name}"' == answer.headers["Content-Disposition"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.startswith('\ufeff"')
