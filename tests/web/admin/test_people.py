"""People as administrators see them: found, added, changed, invited, switched off."""

import pytest

from portal.extensions import db
from portal.models import Enrolment, Person, Role, SignInSession
from portal.services.issuing.awarding import award
from portal.services.learning.completions import enrol
from tests.factories import PASSWORD, make_badge, make_course, make_person, with_password
from tests.page import Browser

XSS = "<script>alert(1)</script>"
NINA = {"first_name": "Nina", "last_name": "New", "email": "nina@example.org"}


@pytest.fixture
def at_work(browser, ada):
    return browser.sign_in(ada)


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
    onward = page.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0]
    assert "role=author" in onward
    second = at_work.get(onward)
    assert "Sam Number9" in second
    assert "Sam Number10" not in second
    last = page.split("Last page")[0].rsplit('href="', 1)[1].split('"')[0]
    assert "Sam Number9" in at_work.get(last)
    back = second.split("First page")[0].rsplit('href="', 1)[1].split('"')[0]
    assert "Sam Number10" in at_work.get(back)


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


def test_all_mistakes_are_said_at_once(at_work):
    wrong = {"email": "a@b..c", "first_name": "", "last_name": "!?"}
    page = at_work.submit("/admin/people/new", expect=200, **wrong)
    for name in wrong:
        assert f'id="{name}-error-1"' in page
        assert f'id="{name}-error-2"' not in page


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


def test_enrolments_and_awards_are_shown_with_their_states(at_work, otto, lena, now):
    badge = make_badge("Sailor")
    course = make_course(otto, "Knots for beginners", badge=badge)
    enrol(learner=lena, learning_object=course, now=now)
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
