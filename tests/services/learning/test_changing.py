"""Modules, and changes that others rely on: kept for those who have begun, or for all."""

from io import BytesIO

import pytest

from portal.errors import RuleBroken
from portal.extensions import db
from portal.models import (
    AuditEntry,
    Criteria,
    EarnedCredit,
    Enrolment,
    KeptLevel,
    Module,
    ModuleDone,
    ModuleKind,
    ReachedLevel,
)
from portal.services.learning import completions, modules, paths, skills
from portal.services.learning.applying import run_next
from portal.services.learning.changing import ForStarted
from portal.services.learning.modules import Written
from portal.services.learning.paths import SectionPlan
from portal.services.learning.skills import LevelPlan
from tests.factories import make_course

PDF = b"%PDF-1.7\n1 0 obj\nendobj\ntrailer\n%%EOF\n"


@pytest.fixture
def means(app):
    return app.extensions["means"]


@pytest.fixture
def write(otto, means, now):
    """Adds a text module to a course."""

    def add(course, title: str, answer=None, **values) -> Module:
        written = Written(**{"title": title, "content": "Read this.", **values})
        return modules.create(
            actor=otto,
            course=course,
            kind=values.get("kind", ModuleKind.TEXT),
            written=written,
            answer=answer,
            means=means,
            now=now,
        )

    return add


def refused(work, *args, **values) -> tuple[str, str | None]:
    with pytest.raises(RuleBroken) as broken:
        work(*args, **values)
    return broken.value.message.code, broken.value.field


def titles(course) -> list[str]:
    db.session.expire_all()
    return [module.title for module in modules.list_of(course)]


def test_modules_stand_in_their_order_and_move(otto, write):
    course = make_course(otto)
    _one, two, _three = (write(course, title) for title in ("One", "Two", "Three"))
    modules.move(course=course, module=two, up=True)
    modules.move(course=course, module=two, up=True)
    assert titles(course) == ["Two", "One", "Three"]
    modules.move(course=course, module=two, up=False)
    assert titles(course) == ["One", "Two", "Three"]


def test_a_removed_module_is_kept_and_comes_back(otto, write, now):
    course = make_course(otto)
    one, two = write(course, "One"), write(course, "Two")
    what = {"actor": otto, "course": course, "answer": None, "now": now}
    modules.remove(module=one, **what)
    assert titles(course) == ["Two"]
    assert modules.list_of(course, removed=True) == [one]
    modules.restore(module=one, **what)
    assert titles(course) == ["One", two.title]


def test_a_file_is_replaced_and_the_old_one_goes(otto, means, now):
    course = make_course(otto)
    what = {"actor": otto, "course": course, "answer": None, "means": means, "now": now}
    written = Written("Plan", file=(BytesIO(PDF), "plan.pdf"))
    module = modules.create(kind=ModuleKind.FILE, written=written, **what)
    first = module.file_key
    modules.edit(module=module, written=Written("The plan"), **what)
    assert (module.title, module.file_key) == ("The plan", first)
    modules.edit(
        module=module, written=written.__class__("Plan", file=(BytesIO(PDF), "b.pdf")), **what
    )
    assert [path.name for path in means.files.iterdir()] == [module.file_key]
    assert module.file_name == "b.pdf"


@pytest.mark.parametrize(
    ("kind", "written", "said"),
    [
        (ModuleKind.TEXT, Written(" "), ("title_missing", "title")),
        (ModuleKind.TEXT, Written("A", content=" "), ("content_missing", "content")),
        (ModuleKind.ADDRESS, Written("A"), ("address_missing", "address")),
        (ModuleKind.ADDRESS, Written("A", address="ftp://x"), ("address_not_usable", "address")),
        (ModuleKind.FILE, Written("A"), ("file_missing", "file")),
        (
            ModuleKind.FILE,
            Written("A", file=(BytesIO(b"<a>"), "a")),
            ("file_type_not_taken", "file"),
        ),
    ],
)
def test_a_module_that_makes_no_sense_is_said_at_the_field(otto, means, now, kind, written, said):
    how = {"answer": None, "means": means, "now": now}
    course = make_course(otto)
    create = modules.create
    assert refused(create, actor=otto, course=course, kind=kind, written=written, **how) == said


def test_a_course_asks_only_for_what_is_there(otto, write, now):
    course = make_course(otto)
    one, two = write(course, "One"), write(course, "Two", required=False)
    what = {"actor": otto, "course": course, "answer": None, "now": now}
    ask = {"criteria": Criteria.SOME, **what}
    assert refused(modules.set_criteria, needed=3, **ask) == ("modules_needed_wrong", "needed")
    assert refused(modules.set_criteria, needed=None, **ask) == ("modules_needed_wrong", "needed")
    modules.set_criteria(needed=2, **ask)
    assert refused(modules.remove, module=two, **what)[0] == "modules_needed_wrong"
    modules.set_criteria(**what, criteria=Criteria.CHOSEN, needed=None)
    assert refused(modules.remove, module=one, **what)[0] == "modules_none_required"
    assert titles(course) == ["One", "Two"]


def test_a_change_asks_when_somebody_has_begun_and_else_does_not(otto, lena, write, now):
    course = make_course(otto)
    write(course, "One")
    enrolment = completions.enrol(learner=lena, learning_object=course, now=now)
    assert refused(write, course, "Two") == ("for_started_missing", "for_started")
    assert titles(course) == ["One"]
    write(course, "Two", ForStarted.KEEP)
    assert len(enrolment.requirements["sections"][0]["items"]) == 1
    entry = db.session.query(AuditEntry).filter_by(action="learning_object.requirements").one()
    assert entry.details == {"for_started": "keep", "learners": 1}


def test_an_edit_that_changes_nothing_required_does_not_ask(otto, lena, write, means, now):
    course = make_course(otto)
    module = write(course, "One")
    completions.enrol(learner=lena, learning_object=course, now=now)
    modules.edit(
        actor=otto,
        course=course,
        module=module,
        written=Written("Renamed", content="Better.", required=False),
        answer=None,
        means=means,
        now=now,
    )
    assert titles(course) == ["Renamed"]


def test_who_keeps_what_was_required_completes_by_it(otto, lena, write, now):
    course = make_course(otto)
    one = write(course, "One")
    completions.enrol(learner=lena, learning_object=course, now=now)
    write(course, "Two", ForStarted.KEEP)
    enrolment = completions.mark_done(learner=lena, course=course, module=one, now=now)
    assert enrolment.done


def test_a_module_taken_out_for_all_completes_whoever_has_done_the_rest(
    otto, lena, write, means, now
):
    course = make_course(otto)
    one, two = write(course, "One"), write(course, "Two")
    completions.enrol(learner=lena, learning_object=course, now=now)
    completions.mark_done(learner=lena, course=course, module=one, now=now)
    what = {"actor": otto, "course": course, "module": two, "now": now}
    modules.remove(**what, answer=ForStarted.ALL)
    while run_next(means, now):
        continue
    db.session.expire_all()
    assert db.session.query(Enrolment).one().done
    assert db.session.query(ModuleDone).count() == 1


def test_changed_steps_ask_too_and_nothing_is_half_saved(otto, lena, now):
    knots, charts = make_course(otto, "Knots"), make_course(otto, "Charts")
    path = paths.create(actor=otto, title="Sailor", description="", earned_again=False)
    what = {"actor": otto, "path": path, "ordered": False, "now": now}
    before, after = SectionPlan("", None, (knots.id,)), SectionPlan("", None, (charts.id,))
    paths.save_steps(sections=[before], **what)
    db.session.add(Enrolment(learner_id=lena.id, learning_object_id=path.id))
    db.session.commit()
    assert refused(paths.save_steps, sections=[after], **what)[1] == "for_started"
    assert paths.plan_of(path) == [before]
    paths.save_steps(sections=[before], **what)
    paths.save_steps(sections=[after], **what, answer=ForStarted.KEEP)
    kept = db.session.query(Enrolment).one().requirements
    assert kept["sections"][0]["items"] == [knots.id]


@pytest.mark.parametrize("answer", [ForStarted.KEEP, ForStarted.ALL])
def test_other_credits_of_a_level_ask_about_those_who_have_some(
    ada, otto, lena, means, now, answer
):
    what = {"actor": ada, "name": "Sailing", "description": "", "now": now}
    skill = skills.create(**what, plans=[LevelPlan(3)])
    level_id, course = skill.levels[0].id, make_course(otto)
    who = {"learner_id": lena.id, "course_id": course.id, "skill_level_id": level_id}
    db.session.add(EarnedCredit(**who, credits=2, earned_at=now))
    db.session.commit()
    change = {"skill": skill, "plans": [LevelPlan(2)], **what}
    assert refused(skills.change, **change)[1] == "for_started"
    skills.change(**change, answer=answer)
    while run_next(means, now):
        continue
    kept, reached = db.session.query(KeptLevel).count(), db.session.query(ReachedLevel).count()
    assert (kept, reached) == ((1, 0) if answer is ForStarted.KEEP else (0, 1))
