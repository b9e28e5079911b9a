"""The pages of a catalogue: one zip, a look at each file, one start."""

import io

from portal.extensions import db
from portal.models import AuditEntry, Award, Course, Person
from tests.services.importing.conftest import zip_of
from tests.web.admin.uploads import work

PAGE = "/admin/imports/catalogues"


def send(browser, content, name="catalogue.zip", expect=302):
    return browser.post(PAGE, expect=expect, file=(io.BytesIO(content), name), connection="0")


def sample(browser):
    return browser.client.get(f"{PAGE}/sample.zip").data


def test_ada_brings_the_sample_in_from_choosing_it_to_the_result(browser, ada, app):
    means = app.extensions["means"]
    address = send(browser.sign_in(ada), sample(browser)).location
    assert "rows, of which" in browser.get(address)
    work(means)
    page = browser.get(address)
    assert "Nothing was changed yet" in page
    assert "By these files 1 time somebody completed a course" in page
    assert db.session.scalars(db.select(Course)).all() == []
    browser.post(f"{address}/start", page=address, history="keep")
    work(means)
    page = browser.get(address)
    assert "The catalogue is in." in page
    assert "See the learning objects" in page
    assert db.session.scalars(db.select(Award.not_sent_because)).all() == ["history"]


def test_a_file_of_a_catalogue_is_not_started_by_itself(browser, ada, app):
    address = send(browser.sign_in(ada), sample(browser)).location
    work(app.extensions["means"])
    page = browser.get("/admin/imports/1")
    assert "Start import" not in page
    assert "started together, on its page" in page
    browser.post("/admin/imports/1/start", page=address)
    assert db.session.scalars(db.select(Person).filter_by(first_name="Lena")).all() == []


def test_what_is_no_catalogue_says_why_at_the_field(browser, ada):
    browser.sign_in(ada)
    for content, name, words in (
        (b"id,name\n", "course.csv", "comes in one .zip"),
        (b"PK nothing", "catalogue.zip", "damaged"),
        (zip_of(("hello.txt", b"hello")), "catalogue.zip", "none of the files of a catalogue"),
        (zip_of(("a/skill.csv", b"id"), ("b/skill.csv", b"id")), "c.zip", "skill.csv"),
    ):
        page = send(browser, content, name, expect=200)
        assert 'id="file-error-1"' in page, name
        assert words in page, name


def test_an_import_that_is_cancelled_leaves_what_is_in(browser, ada, app):
    address = send(browser.sign_in(ada), sample(browser)).location
    work(app.extensions["means"])
    assert "Nothing was changed yet" in browser.get(f"{address}/cancel")
    cancel = f"{address}/cancel"
    browser.post(cancel)
    assert "The import was cancelled." in browser.get(address)
    browser.post(cancel, page=PAGE)
    assert [one.action for one in db.session.scalars(db.select(AuditEntry))].count(
        "catalogue.cancel"
    ) == 1
