"""Skills on their pages: created, from a badge too, changed, retired, deleted."""

import pytest

from portal.extensions import db
from portal.models import CourseCredit, PathLevel, Skill
from portal.services.learning import paths
from tests.factories import make_badge, make_course, make_credly_badge


@pytest.fixture
def admin(browser, ada):
    """Ada's browser."""
    return browser.sign_in(ada)


def create(admin, **values):
    written = {"name": "Seamanship", "credits_1": "3", "badge_1": "0", "badge_2": "0"}
    return admin.submit("/admin/skills/new", **{"badge_3": "0", **written, **values})


def the_skill() -> Skill:
    db.session.expire_all()
    return db.session.query(Skill).one()


def test_a_skill_is_created_and_listed(admin):
    badge = make_badge("Mate")
    page = admin.follow(create(admin, credits_2="6", badge_2=badge.id))
    assert "<h1>Seamanship</h1>" in page
    assert "Mate" in page
    assert "Nothing gives credits for it yet" in page
    page = admin.get("/admin/skills?q=sea&badge=none&state=active")
    assert "1 skill" in page
    assert "6 credits" in page


@pytest.mark.parametrize("credits", ["", "0", "-1", "x", "100001", "1e3"])
def test_credits_that_are_none_are_said_at_the_field(admin, credits):
    page = admin.submit("/admin/skills/new", expect=200, name="Seamanship", credits_1=credits)
    assert 'id="credits_1-error-1"' in page


@pytest.mark.parametrize("badge", ["99", "x", ""])
def test_a_badge_that_is_none_is_said_at_the_field(admin, badge):
    page = admin.submit(
        "/admin/skills/new", expect=200, name="S", credits_1="1", badge_1=badge, badge_2="0"
    )
    assert 'id="badge_1-error-1"' in page


def test_a_badge_and_its_credly_skills_suggest_a_skill(admin, app):
    badge = make_credly_badge(
        app.extensions["means"], "Coxswain", skills=["Steering", "Ropework"], description="Steers."
    )
    page = admin.get(f"/admin/badges/{badge.id}")
    assert f"/admin/skills/new?badge={badge.id}" in page
    page = admin.get(f"/admin/skills/new?badge={badge.id}")
    assert 'value="Coxswain"' in page
    assert "Steers." in page
    assert "Steering, Ropework" in page
    assert f'<option selected value="{badge.id}">Coxswain</option>' in page
    page = admin.get(f"/admin/skills/new?badge={badge.id}&name=Steering")
    assert 'value="Steering"' in page
    admin.get("/admin/skills/new?badge=999", expect=404)


def test_the_integration_admin_is_not_offered_what_is_shut(browser, ivar):
    badge = make_badge("Mate")
    assert "/admin/skills" not in browser.sign_in(ivar).get(f"/admin/badges/{badge.id}")


def test_a_skill_is_changed_retired_and_deleted(admin):
    create(admin)
    at = f"/admin/skills/{the_skill().id}"
    admin.submit(
        f"{at}/edit", name="Sailing", credits_1="4", credits_2="8", badge_1="0", badge_2="0"
    )
    assert [level.credits for level in the_skill().levels] == [4, 8]
    admin.post(f"{at}/retire", page=at)
    page = admin.get(at)
    assert "Nobody reaches it any more" in page
    assert "was deleted" in admin.follow(admin.submit(f"{at}/delete"))
    assert db.session.query(Skill).count() == 0


def test_an_active_skill_is_not_deleted(admin):
    create(admin)
    at = f"/admin/skills/{the_skill().id}"
    assert "Retire the skill first" in admin.follow(admin.submit(f"{at}/delete"))


def test_a_course_gives_credits_and_a_path_grants_a_level(admin, browser, otto):
    create(admin, credits_2="6")
    skill, course = the_skill(), make_course(otto, "Knots")
    path = paths.create(actor=otto, title="Sailor", description="", earned_again=False)
    browser.sign_in(otto)
    at = f"/author/courses/{course.id}"
    row = {"rows-0-skill": skill.id, "rows-0-level": "1", "rows-0-credits": "2"}
    empty = {"rows-1-skill": "0", "rows-1-level": "1", "rows-1-credits": ""}
    page = browser.follow(browser.submit(f"{at}/skills", **row, **empty))
    assert "2 credits for Seamanship, level 1" in page
    assert db.session.query(CourseCredit).one().credits == 2
    page = browser.get(f"{at}/skills")
    assert f'<option data-levels="1 2" selected value="{skill.id}">Seamanship</option>' in page
    page = browser.submit(f"{at}/skills", expect=200, **{**row, "rows-0-level": "3"}, **empty)
    assert 'id="rows-0-level-error-1"' in page
    page = browser.submit(f"{at}/skills", expect=200, **{**row, "rows-0-credits": "x"}, **empty)
    assert 'id="rows-0-credits-error-1"' in page
    at = f"/author/learning-paths/{path.id}"
    row = {"rows-0-skill": skill.id, "rows-0-level": "2"}
    assert "Seamanship, level 2" in browser.follow(browser.submit(f"{at}/skills", **row))
    assert db.session.query(PathLevel).count() == 1
    page = admin.sign_in(db.session.get(type(otto), 1)).get(f"/admin/skills/{skill.id}")
    assert "Knots" in page
    assert "grants level 2" in page
