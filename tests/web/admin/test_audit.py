"""The audit page: found, walked through, taken along; and nobody but administrators sees it."""

import csv
import io
import re
from datetime import timedelta

import pytest

from portal.extensions import db
from portal.models import AuditEntry, Channel
from portal.services import audit, audit_trail
from portal.services.learning import objects
from tests.factories import make_badge, make_connection, make_course, make_person
from tests.page import Browser

PAGE = "/admin/audit"


def write(count: int, now, **said) -> None:
    for number in range(count):
        audit.note("person.deactivate", now=now - timedelta(minutes=number), **said)
    db.session.commit()


def entries(page: str) -> int:
    return page.count("<tr>") - 1


@pytest.fixture
def audits(browser, ada) -> Browser:
    return browser.sign_in(ada)


def test_a_changed_role_is_told_in_plain_words(audits, ada, otto):
    said = {"email": otto.email, "first_name": "Otto", "last_name": "Author"}
    audits.submit(f"/admin/people/{otto.id}", **said, roles=["admin", "author"])
    page = audits.get(PAGE)
    assert "Roles changed" in page
    assert "Author → Administrator, Author" in page
    assert f'<a href="/admin/people/{otto.id}">Otto Author</a>' in page
    assert "127.0.0.0/24" in page


def test_badges_are_told_by_their_names(audits, otto, now):
    course, badge = make_course(otto, "Knots"), make_badge("Rope Hand")
    objects.attach_badge(actor=otto, learning_object=course, badge=badge, now=now)
    audit.note("badge.add", actor=otto, now=now, subject=badge)
    db.session.commit()
    page = audits.get(PAGE)
    assert "– → Rope Hand" in page
    assert "Badge: Rope Hand" in page


def test_what_else_happened_is_told_in_words_and_numbers(audits, otto, now):
    audit.note(
        "enrolment.undo", actor=otto, now=now, completed_at="2026-11-16T08:01:42+00:00", also=[7, 9]
    )
    audit.note("earlier.start", actor=otto, now=now, what="objects", source_id=3, stopping=[])
    db.session.commit()
    page = audits.get(PAGE)
    assert "Completed on: 16 Nov 2026 08:01" in page
    assert "Completions taken back with it: 2" in page
    for word in ("source_id", "stopping", "Perhaps on their way", "objects"):
        assert word not in page


def test_of_nothing_that_became_nothing_nothing_is_told(audits, lena, now):
    audit.note("person.add", person=lena, now=now, before=[], after=[])
    db.session.commit()
    assert "→ –" not in audits.get(PAGE).partition("<tbody")[2]


def test_the_page_says_when_nothing_is_written_down(audits):
    assert "Nothing is written down yet" in audits.get(PAGE)
    assert "No entry matches" in audits.get(f"{PAGE}?what=erased&q=nobody")


def test_pages_go_on_where_the_one_before_ended(audits, lena, now):
    write(120, now, person=lena)
    first = audits.get(f"{PAGE}?what=person")
    second = audits.get(re.search(r'href="([^"]+)" rel="next"', first).group(1))
    third = audits.get(re.search(r'href="([^"]+)" rel="next"', second).group(1))
    assert [entries(one) for one in (first, second, third)] == [50, 50, 20]
    assert 'rel="next"' not in third
    assert 'rel="prev"' not in first
    back = audits.get(re.search(r'href="([^"]+)" rel="prev"', third).group(1))
    assert re.findall("<time.*?>", back) == re.findall("<time.*?>", second)
    assert "what=person" in second.partition('rel="next"')[0], "the filters stay"
    assert "120 entries" in third


def test_no_more_is_counted_than_one_reads(app, lena, now):
    row = {"at": now, "action": "person.deactivate", "reason": "", "details": {}}
    rows = [{**row, "person_id": lena.id}] * (audit_trail.MOST_COUNTED + 50)
    db.session.execute(db.insert(AuditEntry.__table__), rows)
    found = audit_trail.list_for_admin(audit_trail.Wanted(people=(lena.id,)))
    assert (found.total, len(found.rows)) == (audit_trail.MOST_COUNTED + 1, audit_trail.PER_PAGE)


def test_filters_narrow_it_down(app, audits, ada, otto, lena, now):
    write(1, now, actor=otto, person=lena)
    write(1, now - timedelta(days=400), actor=lena)
    connection = make_connection(app.extensions["means"])
    course = make_course(otto, "Knots")
    audit.note("connection.pause", actor=ada, subject=connection, now=now)
    audit.note("learning_object.published", actor=otto, subject=course, now=now)
    db.session.commit()
    found = {
        "": 4,
        "q=lena": 2,
        "q=otto": 2,
        "q=nobody+here": 0,
        f"person={ada.id}": 1,
        f"person={ada.id}&q=lena": 0,
        "person=999999": 0,
        "what=connection": 1,
        "what=nonsense": 4,
        "subject=course": 1,
        f"subject=course&subject_id={course.id}": 1,
        "subject=course&subject_id=999": 0,
        f"from={now - timedelta(days=2):%Y-%m-%d}": 3,
        f"to={now - timedelta(days=2):%Y-%m-%d}": 1,
        "from=0001-01-01&to=9999-12-31": 4,
        "from=yesterday&before=x&after=-1": 4,
        "before=999999999": 4,
    }
    for asked, count in found.items():
        page = audits.get(f"{PAGE}?{asked}")
        assert (entries(page) if count else page.count("No entry matches")) == (count or 1), asked
    page = audits.get(f"{PAGE}?subject=course&subject_id={course.id}")
    assert f'<a href="/author/courses/{course.id}">Course: Knots</a>' in page


def test_whoever_was_erased_shows_as_erased(audits, lena, now):
    write(1, now, person=lena)
    lena.erased_at, lena.first_name, lena.last_name = now, "–", "–"
    db.session.commit()
    page = audits.get(f"{PAGE}?person={lena.id}")
    assert f'<a href="/admin/people/{lena.id}">Erased person {lena.id}</a>' in page


def test_the_file_holds_every_entry_and_runs_nothing(audits, ada, lena, now):
    write(audit_trail._PIECE + 1, now, person=lena)
    with audit.acting(audit.Doer(Channel.COMMAND)):
        audit.note("person.erasure_asked", person=lena, reason="=HYPERLINK(1)", now=now)
    db.session.commit()
    answer = audits.post(f"{PAGE}/audit.csv?person={lena.id}", page=PAGE, expect=200)
    rows = list(csv.DictReader(io.StringIO(answer.removeprefix("\ufeff"))))
    assert len(rows) == audit_trail._PIECE + 2
    assert len({row["id"] for row in rows}) == len(rows)
    (asked,) = (row for row in rows if row["action"] == "person.erasure_asked")
    assert (asked["reason"], asked["channel"]) == ("'=HYPERLINK(1)", "command")
    assert "Audit exported" in audits.get(PAGE)


def test_the_page_asks_no_more_when_it_shows_more(audits, app, now):
    for number in range(3):
        write(1, now, actor=make_person(f"Staff {number}"), person=make_person(f"Learner {number}"))
    asked = []
    for _time in range(2):
        with app.extensions["sqlalchemy"].engine.connect():
            asked.append(statements(audits))
        write(20, now, person=make_person("One More"))
    assert asked[0] == asked[1]


def statements(audits) -> int:
    seen = []

    def count(*args):
        seen.append(args[2])

    # What the garbage collector has not met yet is not asked for again: begin with nothing.
    db.session.expunge_all()
    db.event.listen(db.engine, "before_cursor_execute", count)
    audits.get(PAGE)
    db.event.remove(db.engine, "before_cursor_execute", count)
    return len(seen)


def test_things_lead_to_what_was_done_to_them(app, audits, ivar, otto, lena, world):
    delivery, at = world.complete(), "/admin/audit?subject"
    connection, course = world.connection.id, world.course.id
    pages = {
        f"/admin/people/{lena.id}": f"/admin/audit?person={lena.id}",
        f"/admin/deliveries/{delivery.id}": f"{at}=delivery&subject_id={delivery.id}",
        f"/admin/connectors/credly/{connection}": f"{at}=connection&subject_id={connection}",
        f"/author/courses/{course}": f"{at}=course&subject_id={course}",
    }
    for page, link in pages.items():
        assert f'href="{link}"' in audits.get(page), page
        audits.get(link)
    visitor = Browser(app).sign_in(ivar)
    assert "/admin/audit" not in visitor.get(f"/admin/connectors/credly/{connection}")
    assert "/admin/audit" not in Browser(app).sign_in(otto).get(f"/author/courses/{course}")
