"""Courses with modules, learning paths, certifications and skills on their learner's pages."""

from datetime import timedelta
from io import BytesIO

import pytest

from portal.extensions import db
from portal.models import (
    Certification,
    CertificationCourse,
    CourseCredit,
    Criteria,
    Enrolment,
    LearningPath,
    Module,
    ModuleKind,
    ObjectState,
    PathSection,
    PathStep,
    Policy,
    Skill,
    SkillLevel,
)
from portal.services.learning import completions, files
from tests.factories import make_badge, make_course

PUBLISHED = ObjectState.PUBLISHED
PDF = b"%PDF-1.7\n1 0 obj\nendobj\ntrailer\n%%EOF\n"


@pytest.fixture
def reader(browser, lena):
    """Lena's browser."""
    return browser.sign_in(lena)


def with_modules(course, *titles, **values):
    """Give a course modules of these titles."""
    for name, value in values.items():
        setattr(course, name, value)
    for position, title in enumerate(titles):
        db.session.add(Module(course_id=course.id, position=position, title=title, content="*Do*"))
    db.session.commit()
    return course


def a_path(owner, *steps, title="Skipper", **values):
    section = PathSection(position=0, title="First part")
    section.steps = [
        PathStep(learning_object_id=one.id, position=number) for number, one in enumerate(steps)
    ]
    path = LearningPath(title=title, state=PUBLISHED, owners=[owner], sections=[section], **values)
    db.session.add(path)
    db.session.commit()
    return path


def a_certification(owner, *courses, **values):
    found = Certification(title="Safety", state=PUBLISHED, owners=[owner], **values)
    found.courses = [
        CertificationCourse(course_id=one.id, position=number) for number, one in enumerate(courses)
    ]
    db.session.add(found)
    db.session.commit()
    return found


def complete(learner, course, now):
    completions.enrol(learner=learner, learning_object=course, now=now)
    completions.complete(learner=learner, course_id=course.id, now=now)


def modules_of(course) -> list[int]:
    query = db.select(Module.id).filter_by(course_id=course.id).order_by(Module.position)
    return list(db.session.scalars(query))


def test_a_course_is_completed_with_its_last_module(reader, otto):
    course = with_modules(make_course(otto), "Bowline", "Clove hitch")
    at = f"/learner/courses/{course.id}"
    assert "Mark as done" not in reader.get(at)
    reader.post(f"{at}/enrol", page=at)
    first, second = modules_of(course)
    page = reader.follow(reader.post(f"{at}/modules/{first}/done", page=at))
    assert "1 of 2 done" in page
    assert "Mark as complete" not in page
    reader.post(f"{at}/modules/{first}/not-done", page=at)
    assert "0 of 2 done" in reader.get(at)
    answer = reader.post(f"{at}/modules/{first}/done", page=at)
    assert answer.location.endswith(f"#module-{first}")
    answer = reader.post(f"{at}/modules/{second}/done", page=at)
    assert answer.location.endswith(at), "where the page says what was earned"
    page = reader.follow(answer)
    assert "Well done!" in page
    assert "You have completed this course" in page


def test_some_modules_are_enough(reader, otto, lena, now):
    course = with_modules(make_course(otto), "One", "Two", criteria=Criteria.SOME, needed=1)
    completions.enrol(learner=lena, learning_object=course, now=now)
    assert "1 of these modules is enough." in reader.get(f"/learner/courses/{course.id}")


def test_modules_of_other_courses_do_not_exist(app, reader, otto, lena, now):
    course = with_modules(make_course(otto), "One")
    other = with_modules(make_course(otto), "Two")
    kept = files.keep(
        BytesIO(PDF), "two.pdf", allowed=files.DOCUMENTS, means=app.extensions["means"]
    )
    module = db.session.get(Module, modules_of(other)[0])
    module.file_key, module.file_name, module.file_type = kept.key, kept.name, kept.type
    for one in (course, other):
        completions.enrol(learner=lena, learning_object=one, now=now)
    reader.get(f"/learner/courses/{other.id}/modules/{module.id}/file")
    at = f"/learner/courses/{course.id}/modules/{module.id}"
    reader.post(f"{at}/done", page=f"/learner/courses/{course.id}", expect=404)
    reader.get(f"{at}/file", expect=404)


def test_an_address_and_a_file_are_offered(reader, otto, lena, now):
    course = with_modules(make_course(otto), "Read", "See")
    completions.enrol(learner=lena, learning_object=course, now=now)
    read, see = db.session.scalars(db.select(Module).order_by(Module.position))
    read.kind, read.file_key, read.file_name = ModuleKind.FILE, "ab" * 32, "knots.pdf"
    see.kind, see.address = ModuleKind.ADDRESS, "https://example.org/knots"
    db.session.commit()
    page = reader.get(f"/learner/courses/{course.id}")
    assert "Download knots.pdf" in page
    assert 'href="https://example.org/knots"' in page


def test_where_staff_record_nothing_is_to_be_pressed(reader, otto, lena, now):
    course = make_course(otto, policy=Policy.STAFF)
    completions.enrol(learner=lena, learning_object=course, now=now)
    page = reader.get(f"/learner/courses/{course.id}")
    assert "Whoever holds it records that you have completed it" in page
    assert "Mark as complete" not in page


def test_a_path_opens_step_by_step_and_completes_by_itself(reader, otto, lena, now):
    first, second = make_course(otto, "Knots"), make_course(otto, "Ropes")
    path = a_path(otto, first, second, ordered=True, badge=make_badge("Skipper badge"))
    at = f"/learner/learning-paths/{path.id}"
    reader.post(f"{at}/enrol", page=at)
    page = reader.get(at)
    assert "Opens after the step before it" in page
    assert f'href="/learner/courses/{second.id}"' not in page
    complete(lena, first, now)
    assert f'href="/learner/courses/{second.id}"' in reader.get(at)
    complete(lena, second, now)
    page = reader.get(at)
    assert "You have completed this learning path" in page
    assert "You have earned the badge Skipper badge." in page


def test_a_path_within_a_path_says_how_far_it_is(reader, otto, lena, now):
    done, left = make_course(otto, "Knots"), make_course(otto, "Ropes")
    path = a_path(otto, a_path(otto, done, left, title="Rope work"))
    complete(lena, done, now)
    page = reader.get(f"/learner/learning-paths/{path.id}")
    assert "Rope work" in page
    assert "1 of 2 done" in page


def test_a_certification_ends_and_is_renewed(reader, otto, lena, now):
    course = make_course(otto)
    found = a_certification(otto, course, validity_months=12, renewal_days=30)
    completions.enrol(learner=lena, learning_object=found, now=now)
    complete(lena, course, now)
    at = f"/learner/certifications/{found.id}"
    page = reader.get(at)
    assert "Valid" in page
    assert "It can be renewed from:" in page
    held = db.session.scalars(db.select(Enrolment).filter_by(learning_object_id=found.id)).one()
    held.expires_at = now - timedelta(days=1)
    db.session.commit()
    assert "It ended on:" in reader.get(at)
    page = reader.follow(reader.post(f"{at}/renew", page=at))
    assert "only what you complete from its beginning on counts" in page
    assert "0 of 1 done" in page
    assert "A renewal that you have begun needs it once more." in reader.get(
        f"/learner/courses/{course.id}"
    )


def test_skills_show_levels_credits_and_where_more_is(reader, otto, lena, now):
    skill = Skill(name="Rope work", description="Tie and splice.")
    one = SkillLevel(level=1, credits=2, badge=make_badge("Rope badge"))
    skill.levels = [one, SkillLevel(level=2, credits=10)]
    db.session.add(skill)
    db.session.commit()
    knots, ropes = make_course(otto, "Knots"), make_course(otto, "Ropes")
    for course, level, given in (
        (knots, one, 2),
        (knots, skill.levels[1], 4),
        (ropes, skill.levels[1], 6),
    ):
        db.session.add(CourseCredit(course_id=course.id, skill_level_id=level.id, credits=given))
    db.session.commit()
    assert "0 of 2 credits; 2 to go" in reader.get("/learner/skills")
    complete(lena, knots, now)
    page = reader.get("/learner/skills?show=mine")
    assert "Reached" in page
    assert "4 of 10 credits; 6 to go" in page
    assert f'href="/learner/courses/{ropes.id}"' in page


def test_the_catalogue_has_every_kind(reader, otto):
    course = make_course(otto, "Knots")
    path, found = a_path(otto, course), a_certification(otto, course)
    page = reader.get("/learner/catalogue")
    assert f'href="/learner/learning-paths/{path.id}"' in page
    assert f'href="/learner/certifications/{found.id}"' in page
    assert "Skipper" in reader.get("/learner/catalogue?kind=learning_path")
    assert "Safety" not in reader.get("/learner/catalogue?kind=learning_path")
