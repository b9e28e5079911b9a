"""A person's own data page, and the admin's two steps to erase somebody."""

import zipfile
from io import BytesIO

from portal.extensions import db
from tests.factories import make_person

PAGE = "/learner/privacy"


def test_everybody_takes_a_copy_of_their_data(browser, lena):
    browser.sign_in(lena)
    token = browser.token_of(PAGE)
    answer = browser.client.post(f"{PAGE}/download", data={"csrf_token": token})
    assert answer.headers["Content-Disposition"] == "attachment; filename=my-data.zip"
    with zipfile.ZipFile(BytesIO(answer.data)) as folder:
        assert lena.email in folder.read("person.csv").decode()


def test_somebody_says_no_to_credly_and_yes_again(browser, lena):
    browser.sign_in(lena)
    browser.post(f"{PAGE}/opt-out", page=PAGE)
    assert "nothing about you may be sent" in browser.get(PAGE)
    browser.post(f"{PAGE}/opt-in", page=PAGE)
    assert "You can say no" in browser.get(PAGE)


def test_an_admin_erases_somebody_in_two_steps(browser, ada):
    gone = make_person("Gone Soon", email="gone@example.org")
    path = f"/admin/people/{gone.id}"
    browser.sign_in(ada)
    page = browser.get(f"{path}/erase")
    assert "What stays, and why" in page
    browser.submit(f"{path}/erase", reason="Asked by letter today")
    page = browser.submit(f"{path}/erase/for-good", expect=200, revoke="no", email="x@example.org")
    assert "This is not the person" in page
    browser.submit(f"{path}/erase/for-good", revoke="no", email="gone@example.org")
    assert "gone@example.org" not in browser.get("/admin/people")
    db.session.expire_all()
    page = browser.submit(
        "/admin/people/new",
        expect=200,
        email="gone@example.org",
        first_name="Gone",
        last_name="Soon",
    )
    assert "They were erased here and asked to come back" in page


def test_an_address_that_is_taken_asks_nobody_whether_they_were_erased(browser, ada):
    taken = {"email": ada.email, "first_name": "Ada", "last_name": "Twice"}
    page = browser.sign_in(ada).submit("/admin/people/new", expect=200, **taken)
    assert "already here" in page
    assert "They were erased here" not in page


def test_no_way_leads_back_from_an_erasure(browser, ada):
    gone = make_person("Gone Soon", email="gone@example.org")
    path = f"/admin/people/{gone.id}"
    browser.sign_in(ada).submit(f"{path}/erase", reason="Asked by letter today")
    browser.submit(f"{path}/erase/for-good", revoke="no", email="gone@example.org")
    page = browser.get(path)
    assert "erased for good" in page
    assert 'name="first_name"' not in page
    here = "/admin/people/new"
    words = {"first_name": "Gone", "last_name": "Again", "email": "again@example.org"}
    assert "erased for good" in browser.post(path, page=here, expect=200, **words)
    answer = browser.post(f"{path}/activate", page=here)
    assert "This person was erased already." in browser.follow(answer)
    db.session.expire_all()
    assert (gone.name, gone.active) == ("–", False)


def test_the_first_step_is_taken_back(browser, ada):
    person = make_person("Kept After All")
    path = f"/admin/people/{person.id}"
    browser.sign_in(ada).submit(f"{path}/erase", reason="A mistake")
    assert "Keep the person" in browser.get(path)
    browser.post(f"{path}/erase/take-back", page=path)
    assert "Deactivate" in browser.get(path)


def test_the_second_step_needs_the_first(browser, ada):
    person = make_person()
    answer = browser.sign_in(ada).get(f"/admin/people/{person.id}/erase/for-good", expect=302)
    assert answer.location.endswith(f"/admin/people/{person.id}")
