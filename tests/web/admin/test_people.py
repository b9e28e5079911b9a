"""People as administrators see them: found, added, changed, invited, switched off."""

from urllib.parse import urlsplit

import pytest

from portal.extensions import db
from portal.models import Enrolment, Mail, OneTimeLink, Person, Role, SignInSession
from portal.services.issuing.awards import award
from portal.services.learning.completions import enrol
from tests.factories import PASSWORD, make_badge, make_course, make_person, with_password
from tests.page import Browser

XSS = "<script>alert(1)</script>"
NINA = {"first_name": "Nina", "last_name": "New", "email": "nina@example.org"}


@pytest.fixture
def at_work(browser, ada):
    return browser.sign_in(ada)


def link_on(page):
    return page.split('id="invitation-link" value="')[1].split('"')[0]


def of(person):
    return f"/admin/people/{person.id}"


@pytest.mark.parametrize("who", ["ivar", "otto", "lena"])
def test_only_administrators_come_in(browser, request, who, ada):
    browser.sign_in(request.getfixturevalue(who))
    for address in ("/admin/people", "/admin/people/new", of(ada), of(ada) + "/deactivate"):
        browser.get(address, expect=403)
    browser.post(of(ada) + "/deactivate", expect=403, page="/learner/profile")
    browser.post(of(ada) + "/invite", expect=403, page="/learner/profile")


def test_strangers_are_led_to_the_sign_in(browser, ada):
    assert browser.get("/admin/people", expect=302).location == "/login"


def test_everybody_is_in_the_list_with_roles_and_state(at_work, ivar, lena):
    page = at_work.get("/admin/people")
    assert "<h1>People</h1>" in page
    assert "Add person" in page
    assert "3 people" in page
    assert "Integration administrator" in page
    assert lena.email in page
    assert "No password yet" in page


def test_people_are_found_by_name_address_and_role(at_work, ivar, lena):
    assert lena.email in at_work.get("/admin/people?q=Lena+Lear")
    assert lena.email in at_work.get(f"/admin/people?q={lena.email[:6]}")
    page = at_work.get("/admin/people?role=integration_admin")
    assert ivar.email in page
    assert lena.email not in page


@pytest.mark.parametrize("q", ["%", "_", "'", "\\", "\0", XSS, "x" * 10_000])
def test_odd_searches_find_nobody_and_break_nothing(at_work, q):
    page = at_work.client.get("/admin/people", query_string={"q": q, "role": q, "page": q})
    assert page.status_code == 200
    assert XSS not in page.get_data(as_text=True)


@pytest.mark.parametrize("page", ["0", "-5", "999999999", "abc", "१"])
def test_any_page_number_gives_a_page(at_work, page):
    assert "1 person" in at_work.get(f"/admin/people?page={page}")


def test_a_long_list_has_pages_that_keep_the_filters(at_work):
    for number in range(26):
        make_person(f"Sam Number{number}", roles={"author"})
    page = at_work.get("/admin/people?role=author&q=sam")
    assert "Page 1 of 2" in page
    assert "role=author" in page.split('rel="next"')[0].rsplit("href=", 1)[1]


def test_ada_adds_nina(at_work):
    answer = at_work.submit("/admin/people/new", **NINA, roles=["author", "author"])
    nina = db.session.query(Person).filter_by(email="nina@example.org").one()
    assert answer.location == of(nina)
    assert nina.roles == {Role.AUTHOR}
    page = at_work.follow(answer)
    assert "Nina New was added." in page
    assert "has not chosen a password yet" in page


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("email", "a@b"),
        ("email", "a@b..c"),
        ("email", "a b@c.d"),
        ("email", '"a b"@example.org'),
        ("email", "x" * 65 + "@example.org"),
        ("email", "a@" + "x" * 60 + "." + "y" * 200),
        ("email", "nina@example.org\nBcc: b@y.org"),
        ("email", ""),
        ("first_name", " "),
        ("first_name", "x" * 101),
        ("last_name", "a\0b"),
        ("last_name", "\u200b"),
        ("roles", "emperor"),
        ("roles", "learner"),
    ],
)
def test_what_cannot_be_used_is_said_at_its_field(at_work, name, value):
    page = at_work.submit("/admin/people/new", expect=200, **{**NINA, name: value})
    assert f'id="{name}-error-1"' in page
    assert db.session.query(Person).count() == 1


@pytest.mark.parametrize("email", [" NINA@Example.org ", "nina@EXAMPLE.ORG"])
def test_an_address_has_one_stored_form(at_work, email):
    at_work.submit("/admin/people/new", **{**NINA, "email": email})
    assert db.session.query(Person).filter_by(email="nina@example.org").count() == 1


def test_an_address_outside_ascii_signs_in_as_it_was_typed(at_work, app):
    at_work.submit("/admin/people/new", **{**NINA, "email": "nina@exämple.de"})
    with_password(db.session.query(Person).filter_by(first_name="Nina").one())
    Browser(app).submit("/login", email="Nina@Exämple.de", password=PASSWORD)


def test_the_same_address_twice_is_one_person(at_work):
    at_work.submit("/admin/people/new", **NINA)
    page = at_work.submit("/admin/people/new", expect=200, **{**NINA, "email": "NINA@example.org"})
    assert 'id="email-error-1"' in page
    assert 'value="Nina"' in page
    assert db.session.query(Person).count() == 2


def test_a_name_with_markup_is_shown_inert(at_work):
    person = make_person(f"{XSS} {XSS}")
    for address in ("/admin/people", of(person), of(person) + "/deactivate"):
        html = at_work.client.get(address).get_data(as_text=True)
        assert XSS not in html
        assert "&lt;script&gt;" in html


@pytest.mark.parametrize("end", ["", "/deactivate"])
@pytest.mark.parametrize("number", ["999999", "abc", "-1"])
def test_nobody_has_this_number(at_work, number, end):
    at_work.get(f"/admin/people/{number}{end}", expect=404)


def test_ada_changes_name_address_and_roles(at_work, lena):
    values = {"first_name": "Lena", "last_name": "Ny", "email": "Lena.Ny@example.org"}
    page = at_work.submit(of(lena), **values, roles=["author", "integration_admin"])
    assert "<h1>Lena Ny</h1>" in at_work.follow(page)
    assert (lena.name, lena.email) == ("Lena Ny", "lena.ny@example.org")
    assert lena.roles == {Role.AUTHOR, Role.INTEGRATION_ADMIN}


def same(person, **changed):
    kept = {"first_name": person.first_name, "last_name": person.last_name, "email": person.email}
    return {**kept, "roles": [str(role) for role in person.roles], **changed}


def test_other_roles_end_the_sessions(at_work, lena, app):
    lenas = Browser(app).sign_in(lena)
    at_work.submit(of(lena), **same(lena, roles=["author"]))
    lenas.get("/learner/profile", expect=302)


def test_a_name_alone_leaves_the_sessions(at_work, lena, app):
    lenas = Browser(app).sign_in(lena)
    at_work.submit(of(lena), **same(lena, last_name="Ny"))
    lenas.get("/learner/profile")


def test_ada_who_changes_her_own_roles_goes_on_under_a_new_id(at_work, ada, app):
    elsewhere, old = Browser(app).sign_in(ada), at_work.client.get_cookie("session").value
    at_work.submit(of(ada), **same(ada, roles=["admin", "author"]))
    assert at_work.client.get_cookie("session").value != old
    assert "The changes are saved." in at_work.get(of(ada))
    elsewhere.get(of(ada), expect=302)
    assert db.session.query(SignInSession).count() == 1


def test_the_last_administrator_stays_one(at_work, ada):
    page = at_work.submit(of(ada), expect=200, **same(ada, roles=[]))
    assert "This is the last administrator." in page
    assert ada.roles == {Role.ADMIN}


def test_an_address_of_somebody_else_is_said_at_the_field(at_work, ada, lena):
    lenas = lena.email
    page = at_work.submit(of(lena), expect=200, **same(lena, email=ada.email, last_name="Ny"))
    assert 'id="email-error-1"' in page
    assert 'value="Ny"' in page
    assert (lena.email, lena.last_name) == (lenas, "Learner")


def test_the_link_is_shown_once_and_works(at_work, lena, app):
    page = at_work.post(of(lena) + "/invite", expect=200, page=of(lena))
    link = link_on(page)
    assert link.startswith("http://127.0.0.1:5000/invitation/")
    assert 'data-copy-text="' + link in page
    assert link not in at_work.get(of(lena))
    Browser(app).submit(urlsplit(link).path, password=PASSWORD)
    assert not db.session.query(Mail).count()


def test_a_newer_link_ends_the_one_before(at_work, lena, app):
    older = link_on(at_work.post(of(lena) + "/invite", expect=200, page=of(lena)))
    at_work.post(of(lena) + "/invite", expect=200, page=of(lena))
    Browser(app).get(urlsplit(older).path, expect=404)


def test_another_address_ends_the_link_that_went_to_the_one_before(at_work, lena, app):
    link = link_on(at_work.post(of(lena) + "/invite", expect=200, page=of(lena)))
    at_work.submit(of(lena), **same(lena, email="right@example.org"))
    Browser(app).get(urlsplit(link).path, expect=404)


def test_the_code_is_in_no_log(at_work, lena, caplog):
    caplog.set_level("DEBUG")
    link = link_on(at_work.post(of(lena) + "/invite", expect=200, page=of(lena)))
    assert link.rsplit("/", 1)[1] not in caplog.text


class TestWithMail:
    @pytest.fixture
    def settings(self):
        return {"SMTP_HOST": "127.0.0.1", "SMTP_FROM": "portal@example.org"}

    def test_the_link_is_mailed_and_not_shown(self, at_work, lena, app):
        page = at_work.post(of(lena) + "/invite", expect=200, page=of(lena))
        mail = db.session.query(Mail).one()
        link = app.extensions["means"].sealer.open(mail.sealed_link, f"mail:{lena.id}")
        assert "/invitation/" in link
        assert "/invitation/" not in page
        assert f"on its way to {lena.email}" in page
        Browser(app).get(urlsplit(link).path)

    def test_a_mail_that_still_waits_is_replaced(self, at_work, lena):
        at_work.post(of(lena) + "/invite", expect=200, page=of(lena))
        at_work.post(of(lena) + "/invite", expect=200, page=of(lena))
        assert db.session.query(Mail).count() == 1


def test_switching_off_says_first_what_it_does(at_work, lena, app):
    Browser(app).sign_in(lena)
    page = at_work.get(of(lena) + "/deactivate")
    assert "1 browser is signed out at once." in page
    assert lena.active


def test_who_is_switched_off_is_out_and_can_be_let_in_again(at_work, lena, app):
    lenas = Browser(app).sign_in(with_password(lena))
    page = at_work.follow(at_work.submit(of(lena) + "/deactivate"))
    assert "can no longer sign in" in page
    assert "Deactivated" in page
    lenas.get("/learner/profile", expect=302)
    lenas.submit("/login", expect=200, email=lena.email, password=PASSWORD)
    at_work.post(of(lena) + "/activate", page=of(lena))
    lenas.submit("/login", email=lena.email, password=PASSWORD)


def test_nobody_is_invited_while_switched_off(at_work, lena):
    lena.active = False
    db.session.commit()
    answer = at_work.post(of(lena) + "/invite", page=of(lena))
    assert "Activate it first." in at_work.follow(answer)
    assert not db.session.query(OneTimeLink).count()


def test_ada_cannot_switch_herself_off(at_work, ada):
    assert 'href="' + of(ada) + "/deactivate" not in at_work.get(of(ada))
    answer = at_work.submit(of(ada) + "/deactivate")
    assert "cannot switch your own account off" in at_work.follow(answer)
    assert ada.active


def test_all_sessions_of_lena_are_ended(at_work, lena, app):
    lenas = Browser(app).sign_in(lena)
    assert "End all sessions" in at_work.get(of(lena))
    at_work.post(of(lena) + "/end-sessions", page=of(lena))
    lenas.get("/learner/profile", expect=302)
    assert "End all sessions" not in at_work.get(of(lena))


def test_a_link_changes_nothing(at_work, lena):
    for action in ("invite", "activate", "end-sessions"):
        at_work.get(f"{of(lena)}/{action}", expect=405)


def test_enrolments_and_awards_are_shown_with_their_states(at_work, otto, lena, now):
    badge = make_badge("Sailor")
    course = make_course(otto, "Knots for beginners", badge=badge)
    enrol(learner=lena, course=course, now=now)
    award(learner=lena, badge=badge, earned_at=now, now=now, learning_object_id=course.id)
    db.session.commit()
    page = at_work.get(of(lena))
    for words in ("Knots for beginners", "Enrolled", "1 enrolment", "Sailor", "Earned", "1 award"):
        assert words in page


def test_long_lists_show_the_newest_and_say_so(at_work, otto, lena, now):
    for number in range(26):
        course = make_course(otto, f"Course {number}")
        db.session.add(Enrolment(learner_id=lena.id, learning_object_id=course.id, enrolled_at=now))
    db.session.commit()
    assert "The newest 25 of 26." in at_work.get(of(lena))


def test_who_has_done_nothing_yet_reads_so(at_work, lena):
    page = at_work.get(of(lena))
    assert "They are on no course yet." in page
    assert "They have earned no badge yet." in page
