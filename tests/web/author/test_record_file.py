"""Completions from a file: previewed, then recorded with all that follows."""

from datetime import UTC, datetime
from io import BytesIO

import pytest

from portal.extensions import db
from portal.models import Award, Enrolment, ImportRow, ImportRun, ImportState, Outcome, Policy
from portal.services.importing.completions.kind import MOST_ROWS
from portal.services.importing.running import run_next
from portal.services.learning import completions
from tests.factories import make_badge, make_course, make_person
from tests.page import Browser


@pytest.fixture
def owner(app, otto):
    """Otto's browser."""
    return Browser(app).sign_in(otto)


@pytest.fixture
def course(otto):
    return make_course(otto, badge=make_badge(), policy=Policy.STAFF)


@pytest.fixture
def at(course):
    return f"/author/courses/{course.id}/learners/file"


def work(app) -> None:
    while run_next(app.extensions["means"], datetime.now(UTC)):
        pass
    db.session.expire_all()


def upload(owner, app, at, *lines, result="success") -> str:
    """Upload and let the preview be made; return where the run is."""
    content = "\r\n".join(["email,date", *lines, ""]).encode()
    page = owner.submit(at, file=(BytesIO(content), "completions.csv"), result=result)
    work(app)
    return page.location


def test_a_file_is_previewed_then_recorded(app, owner, at, course, lena, now):
    had = make_person("Hedda Had")
    completions.enrol(learner=had, learning_object=course, now=now)
    owner.submit(
        f"/author/courses/{course.id}/learners/record",
        person=had.id,
        group=0,
        day="2026-01-02",
        result="success",
    )
    run = upload(
        owner,
        app,
        at,
        f"{lena.email.upper()},2026-02-03",
        f"{had.email},2026-02-03",
        "nobody@example.org,2026-02-03",
        f"{make_person().email},3 Feb",
        f"{make_person().email},2037-12-31",
    )
    page = owner.get(run)
    assert "Lena Learner" in page
    assert "Nobody here has this address" in page
    assert "This is not a day" in page
    assert "This day is still to come" in page
    assert "had completed it already" in page
    assert db.session.query(Award).count() == 1
    owner.post(f"{run}/start", page=run)
    assert "0 of 5 rows, of which 0 failed" in owner.get(run)
    work(app)
    assert "2 of 5 rows succeeded, 3 failed" in owner.get(run)
    done = db.session.scalars(db.select(Enrolment).filter_by(learner_id=lena.id)).one()
    assert done.completed_at.date().isoformat() == "2026-02-03"
    assert db.session.query(Award).count() == 2
    records = owner.post(f"{run}/errors.csv", page=run, expect=200)
    assert "nobody@example.org" in records


def test_without_success_earns_nothing(app, owner, at, lena):
    run = upload(owner, app, at, f"{lena.email},2026-02-03", result="failure")
    owner.post(f"{run}/start", page=run)
    work(app)
    assert db.session.query(Enrolment).one().success is False
    assert db.session.query(Award).count() == 0


def test_the_same_file_again_changes_nothing(app, owner, at, lena):
    for _again in range(2):
        run = upload(owner, app, at, f"{lena.email},2026-02-03")
        if "Start import" in owner.get(run):
            owner.post(f"{run}/start", page=run)
            work(app)
    assert db.session.query(Enrolment).count() == 1
    last = db.session.scalars(db.select(ImportRow).order_by(ImportRow.import_run_id.desc())).first()
    assert last.outcome is Outcome.UNCHANGED


def test_more_rows_than_allowed_are_refused(app, owner, at):
    lines = [f"p{number}@example.org,2026-02-03" for number in range(MOST_ROWS + 1)]
    page = owner.get(upload(owner, app, at, *lines))
    assert "more than 10000 rows" in page
    assert db.session.query(ImportRun).one().state is ImportState.REFUSED


def test_the_sample_has_the_columns(owner, at):
    text = owner.client.get(f"{at}/sample.csv").get_data().decode("utf-8-sig")
    assert text.startswith('"email","date"')


def test_what_is_wrong_with_the_form_is_said_at_its_field(owner, at):
    assert 'id="file-error-1"' in owner.submit(at, expect=200, result="success")
    sent = (BytesIO(b"email,date"), "completions.csv")
    page = owner.submit(at, expect=200, file=sent, result="perhaps")
    assert 'id="result-error-1"' in page


def test_only_its_owners_and_admins_see_a_run(app, ada, owner, at, otto, lena):
    run = upload(owner, app, at, f"{lena.email},2026-02-03")
    assert "completions.csv" in owner.get(at)
    Browser(app).sign_in(ada).get(run)
    other = Browser(app).sign_in(make_person("Olga Other", roles={"author"}))
    other.get(run, expect=404)
    elsewhere = make_course(otto, "Elsewhere")
    number = run.rsplit("/", 1)[-1]
    owner.get(f"/author/courses/{elsewhere.id}/learners/file/{number}", expect=404)


def test_rows_of_the_deactivated_and_of_oneself_are_errors_with_a_reason(
    app, owner, at, course, otto, lena
):
    lena.active = False
    db.session.commit()
    upload(owner, app, at, f"{lena.email},2026-01-02", f"{otto.email},2026-01-02")
    rows = db.session.scalars(db.select(ImportRow).order_by(ImportRow.line))
    assert [one.remarks[0]["code"] for one in rows] == ["learner_inactive", "own_completion"]
