"""Building paths and certifications on their pages, without a script."""

import pytest

from portal.extensions import db
from portal.models import Certification, LearningPath, ObjectState
from portal.services.learning import completions, paths
from tests.catalogues import make_path
from tests.factories import make_badge, make_course, make_person


@pytest.fixture
def writer(browser, otto):
    """Otto's browser."""
    return browser.sign_in(otto)


def new_path(writer, title: str = "Sailor") -> str:
    page = writer.submit("/author/learning-paths/new", title=title, description="A way.")
    return page.location


def test_a_path_is_built_step_by_step_and_saved_at_once(writer, otto):
    knots, charts = make_course(otto, "Knots"), make_course(otto, "Charts")
    steps = new_path(writer)
    assert "Knots" in writer.get(steps)
    form = {"section": ["0"], "title-0": "Basics", "needed-0": ""}
    page = writer.post(steps, page=steps, expect=200, do="add", pick=[knots.id, charts.id], **form)
    assert page.count('name="step-0"') == 2
    form["step-0"] = [knots.id, charts.id]
    page = writer.post(steps, page=steps, expect=200, do="up-0-1", **form)
    assert page.index(f'name="step-0" value="{charts.id}"') < page.index(f'value="{knots.id}"')
    assert db.session.query(LearningPath).one().sections == []
    form["step-0"] = [charts.id, knots.id]
    page = writer.follow(writer.post(steps, page=steps, do="save", ordered="1", **form))
    assert "The steps were saved" in page
    assert "one after the other" in page
    plan = paths.plan_of(db.session.query(LearningPath).one())
    assert plan == [paths.SectionPlan("Basics", None, (charts.id, knots.id))]


def test_sections_are_added_moved_and_taken_out(writer, otto):
    course = make_course(otto)
    steps = new_path(writer)
    form = {"section": ["0", "1"], "title-0": "One", "title-1": "Two", "step-0": [course.id]}
    page = writer.post(steps, page=steps, expect=200, do="section", **form)
    assert page.count('name="section"') == 3
    page = writer.post(steps, page=steps, expect=200, do="lower-0", **form)
    assert page.index('value="Two"') < page.index('value="One"')
    page = writer.post(steps, page=steps, expect=200, do="down-0-0", **form)
    assert f'name="step-1" value="{course.id}"' in page
    page = writer.post(steps, page=steps, expect=200, do="drop-1", **form)
    assert 'value="Two"' not in page


@pytest.mark.parametrize("do", ["up-9-9", "drop-7", "nonsense", "up-0--1", "add", "up-0-²"])
def test_a_button_that_does_not_exist_does_nothing(writer, do):
    steps = new_path(writer)
    writer.post(steps, page=steps, expect=200, do=do, section="0", to="99", pick="x")


def test_what_is_refused_keeps_what_was_built(writer, otto):
    course = make_course(otto, "Knots")
    steps = new_path(writer)
    form = {"section": ["0"], "needed-0": "seven", "step-0": [course.id]}
    page = writer.post(steps, page=steps, expect=200, do="save", **form)
    assert "at least 1 and at most 1 steps" in page
    assert 'value="seven"' in page
    assert f'name="step-0" value="{course.id}"' in page


def test_the_search_finds_published_courses_of_anybody(writer, otto):
    make_course(make_person("Another Author", roles={"author"}), "Radio")
    make_course(otto, "Charts")
    steps = new_path(writer)
    page = writer.post(steps, page=steps, expect=200, do="search", q="adio", section="0")
    assert "Radio" in page
    assert "Charts" not in page
    writer.post(steps, page=steps, expect=200, do="search", q="\0radio\n", section="0")


def test_a_certification_is_built_and_given_a_badge(writer, otto):
    course, badge = make_course(otto, "Knots"), make_badge("Skipper badge")
    page = writer.submit(
        "/author/certifications/new",
        title="Skipper",
        description="Yearly.",
        validity="recurring",
        validity_months="12",
        renewal_days="30",
    )
    courses = page.location
    form = {"section": "0", "needed-0": "1", "step-0": [course.id]}
    page = writer.follow(writer.post(courses, page=courses, do="save", **form))
    one = db.session.query(Certification).one()
    assert (one.validity_months, one.renewal_days, one.needed) == (12, 30, 1)
    assert "12 months" in page
    at = f"/author/certifications/{one.id}"
    writer.post(f"{at}/badge", page=at, badge=badge.id)
    writer.post(f"{at}/publish", page=at)
    page = writer.get("/author/?kind=certification&state=published")
    assert "Skipper badge" in page


@pytest.mark.parametrize("months", ["", "0", "241", "twelve", "1.5", "9" * 40])
def test_months_that_are_none_are_said_at_the_field(writer, months):
    page = writer.submit(
        "/author/certifications/new",
        expect=200,
        title="Skipper",
        validity="recurring",
        validity_months=months,
    )
    assert 'id="validity_months-error-1"' in page
    assert "validity_months-error-2" not in page


def test_an_edit_keeps_the_validity_on_the_form(writer, otto):
    one = Certification(title="Skipper", owners=[otto], validity_months=24)
    db.session.add(one)
    db.session.commit()
    page = writer.get(f"/author/certifications/{one.id}/edit")
    assert 'value="24"' in page
    writer.submit(f"/author/certifications/{one.id}/edit", title="Skipper", validity="perpetual")
    db.session.refresh(one)
    assert one.validity_months is None


def test_an_owner_is_added_and_an_admin_takes_one_off(writer, otto, ada):
    course = make_course(otto)
    olga = make_person("Olga Author", roles={"author"}, email="olga@example.org")
    at = f"/author/courses/{course.id}/owners"
    assert "Olga Author" in writer.follow(writer.submit(at, email="olga@example.org"))
    assert 'id="email-error-1"' in writer.submit(at, expect=200, email="nobody@example.org")
    writer.post(f"{at}/remove", page=at, expect=403, person=olga.id)
    writer.sign_in(ada)
    page = writer.follow(writer.post(f"{at}/remove", page=at, person=otto.id))
    assert "not an owner any more" in page


@pytest.mark.parametrize("what", ["", "/edit", "/steps", "/retire", "/owners"])
def test_someone_elses_path_does_not_exist(writer, what):
    other = make_person("Another Author", roles={"author"})
    path = paths.create(actor=other, title="Theirs", description="", earned_again=False)
    writer.get(f"/author/learning-paths/{path.id}{what}", expect=404)


def test_a_course_is_not_found_as_a_path(writer, otto):
    writer.get(f"/author/learning-paths/{make_course(otto).id}", expect=404)
    writer.get(f"/author/nonsense/{make_course(otto).id}", expect=404)


def test_retiring_names_what_is_built_with_it(writer, otto):
    course = make_course(otto, "Knots")
    steps = new_path(writer, "Sailor")
    writer.post(steps, page=steps, do="save", section="0", **{"step-0": [course.id]})
    page = writer.get(f"/author/courses/{course.id}/retire")
    assert "1 other is built with it" in page
    assert "Sailor" in page


def test_the_page_says_how_many_go_by_what_was_required_before(writer, otto, lena, now):
    knots, charts = make_course(otto, "Knots"), make_course(otto, "Charts")
    path = make_path(otto, [knots])
    completions.enrol(learner=lena, learning_object=path, now=now)
    at = f"/author/learning-paths/{path.id}"
    form = {"section": ["0"], "title-0": "", "needed-0": "", "step-0": [knots.id, charts.id]}
    writer.post(f"{at}/steps", page=f"{at}/steps", do="save", for_started="keep", **form)
    assert "1 learner who had begun goes by what was required before." in writer.get(at)


@pytest.mark.parametrize("kind", ["learning-paths", "certifications"])
def test_somebody_elses_draft_is_not_told_by_its_number(writer, ada, kind):
    theirs = make_course(ada, "Closing the harbour", state=ObjectState.DRAFT)
    public = make_course(ada, "Charts")
    form = {"title": "Sailor", "description": "A way.", "validity": "perpetual"}
    built = writer.submit(f"/author/{kind}/new", **form).location
    form = {"section": ["0"], "title-0": "Basics", "step-0": [theirs.id, public.id]}
    for do in ("section", "save"):
        page = writer.post(built, page=built, expect=200, do=do, **form)
        assert "Closing the harbour" not in page
    assert "One of these is n" in page
