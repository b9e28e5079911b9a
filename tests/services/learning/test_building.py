"""Paths and certifications as their authors build them: what is refused, what is kept, who owns."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from sqlalchemy import event

from portal.errors import NotAllowed, RuleBroken
from portal.extensions import db, set_reading
from portal.models import (
    AuditEntry,
    BadgeState,
    Certification,
    Enrolment,
    LearningPath,
    ObjectState,
    Person,
)
from portal.services.learning import certifications, objects, owners, paths
from portal.services.learning.paths import SectionPlan
from tests.factories import make_badge, make_course, make_credly_badge, make_person


def make_path(owner, title: str, *steps, needed=None, now=None) -> LearningPath:
    path = paths.create(actor=owner, title=title, description="A way.", earned_again=False)
    if steps:
        save(owner, path, now, SectionPlan("", needed, tuple(one.id for one in steps)))
        path.state = ObjectState.PUBLISHED
        db.session.commit()
    return path


def save(owner, path, now, *sections) -> None:
    paths.save_steps(actor=owner, path=path, ordered=True, sections=sections, now=now)


def refused(owner, path, now, *sections) -> str:
    with pytest.raises(RuleBroken) as broken:
        save(owner, path, now, *sections)
    db.session.rollback()
    assert broken.value.field == "steps"
    return broken.value.message.code


def make_certification(owner, **values) -> Certification:
    written = {
        "title": "Skipper",
        "description": "",
        "earned_again": False,
        "external": False,
        "validity_months": None,
        "renewal_days": 60,
    }
    return certifications.create(actor=owner, **{**written, **values})


def test_steps_are_kept_in_their_order_and_can_be_saved_again(otto, now):
    knots, charts = make_course(otto, "Knots"), make_course(otto, "Charts")
    path = make_path(otto, "Sailor")
    save(otto, path, now, SectionPlan(" First\n", 1, (charts.id, knots.id)))
    plan = SectionPlan("Other", None, (knots.id, charts.id))
    save(otto, path, now, plan)
    db.session.expire_all()
    assert paths.plan_of(path) == [plan]
    assert path.ordered


def test_somebody_elses_published_course_may_be_a_step_and_a_draft_may_not(otto, now):
    theirs = make_course(make_person("Another Author", roles={"author"}))
    draft = make_course(otto, "Draft", state=ObjectState.DRAFT)
    path = make_path(otto, "Sailor", theirs, now=now)
    plan = SectionPlan("", None, (theirs.id, draft.id))
    assert refused(otto, path, now, plan) == "step_not_published"


def test_a_step_that_was_retired_since_may_stay(otto, now):
    course = make_course(otto)
    path = make_path(otto, "Sailor", course, now=now)
    course.state = ObjectState.RETIRED
    db.session.commit()
    save(otto, path, now, *paths.plan_of(path))


def test_what_makes_no_sense_is_refused(otto, now):
    course, path = make_course(otto), make_path(otto, "Sailor")
    one, none = (course.id,), ()
    assert refused(otto, path, now, SectionPlan("", None, none)) == "section_empty"
    assert refused(otto, path, now, SectionPlan("", 2, one)) == "section_needed_wrong"
    assert refused(otto, path, now, SectionPlan("", 0, one)) == "section_needed_wrong"
    twice = SectionPlan("", None, one), SectionPlan("", None, one)
    assert refused(otto, path, now, *twice) == "step_twice"
    assert refused(otto, path, now, SectionPlan("", None, (999,))) == "step_not_usable"
    for unknown in range(990, 998):
        unknown_twice = SectionPlan("", None, (*one, *one, unknown, unknown))
        assert refused(otto, path, now, unknown_twice) == "step_twice"
    certification = make_certification(otto)
    wrong = SectionPlan("", None, (certification.id,))
    assert refused(otto, path, now, wrong) == "step_not_usable"
    assert refused(otto, path, now, SectionPlan("", None, (path.id,))) == "path_in_itself"


def test_two_paths_do_not_go_round_in_a_circle(otto, now):
    course = make_course(otto)
    outer, inner = make_path(otto, "Outer"), make_path(otto, "Inner", course, now=now)
    save(otto, outer, now, SectionPlan("", None, (inner.id,)))
    outer.state = ObjectState.PUBLISHED
    db.session.commit()
    assert refused(otto, inner, now, SectionPlan("", None, (outer.id,))) == "path_circle"


def test_one_level_of_nesting_and_no_more(otto, now):
    course = make_course(otto)
    inner = make_path(otto, "Inner", course, now=now)
    middle = make_path(otto, "Middle", inner, now=now)
    outer = make_path(otto, "Outer")
    assert refused(otto, outer, now, SectionPlan("", None, (middle.id,))) == "path_too_deep"
    other = make_path(otto, "Other", course, now=now)
    assert refused(otto, inner, now, SectionPlan("", None, (other.id,))) == "path_is_a_step"


def test_a_certification_keeps_its_courses_and_how_many(otto, now):
    courses = [make_course(otto, title) for title in ("Knots", "Charts", "Radio")]
    one = make_certification(otto, validity_months=12, renewal_days=30)
    ids = [course.id for course in courses]
    for order in (ids, ids[::-1]):
        certifications.save_courses(
            actor=otto, certification=one, needed=2, course_ids=order, now=now
        )
    db.session.expire_all()
    assert [row.course_id for row in one.courses] == ids[::-1]
    assert (one.needed, one.validity_months, one.recurring) == (2, 12, True)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"validity_months": 0}, "validity_months"),
        ({"validity_months": 241}, "validity_months"),
        ({"renewal_days": -1}, "renewal_days"),
        ({"title": " "}, "title"),
    ],
)
def test_a_certification_that_makes_no_sense_is_said_at_the_field(otto, values, field):
    with pytest.raises(RuleBroken) as broken:
        make_certification(otto, **values)
    assert broken.value.field == field


def test_nobody_turns_a_certification_around_once_people_have_begun(otto, lena, now):
    one = make_certification(otto)
    written = {"title": "Skipper", "description": "", "earned_again": False}
    turn = {"certification": one, "validity_months": None, "renewal_days": 60, **written}
    certifications.edit(external=True, **turn)
    db.session.add(Enrolment(learner_id=lena.id, learning_object_id=one.id))
    db.session.commit()
    with pytest.raises(RuleBroken) as broken:
        certifications.edit(external=False, **turn)
    assert broken.value.field == "external"
    certifications.edit(external=True, **turn)


def test_what_is_empty_is_not_published(otto, now):
    for one in (make_path(otto, "Empty"), make_certification(otto)):
        with pytest.raises(RuleBroken):
            objects.publish(actor=otto, learning_object=one, now=now)
    external = make_certification(otto, external=True)
    objects.publish(actor=otto, learning_object=external, now=now)
    assert external.state is ObjectState.PUBLISHED


def test_an_archived_template_is_not_attached_anew_but_stays_where_it_is(app, otto, now):
    badge = make_credly_badge(app.extensions["means"], state="archived")
    course, other = make_course(otto), make_course(otto, badge=badge)
    with pytest.raises(RuleBroken) as broken:
        objects.attach_badge(actor=otto, learning_object=course, badge=badge, now=now)
    assert broken.value.message.code == "badge_template_not_active"
    objects.attach_badge(actor=otto, learning_object=other, badge=badge, now=now)
    assert other.badge_id == badge.id


def test_a_changed_badge_is_written_down(otto, now):
    course, badge = make_course(otto), make_badge(state=BadgeState.ACTIVE)
    objects.attach_badge(actor=otto, learning_object=course, badge=badge, now=now)
    entry = db.session.query(AuditEntry).one()
    assert (entry.action, entry.details) == (
        "learning_object.badge",
        {"before": None, "after": badge.id},
    )


def test_owners_are_added_by_owners_and_taken_off_by_an_admin(otto, ada, lena, now):
    course = make_course(otto)
    olga = make_person("Olga Author", roles={"author"}, email="olga@example.org")
    owners.add(actor=otto, learning_object=course, email=" Olga@example.org ", now=now)
    assert course.owners == [otto, olga]
    with pytest.raises(RuleBroken):
        owners.add(actor=otto, learning_object=course, email=lena.email, now=now)
    with pytest.raises(NotAllowed):
        owners.remove(actor=otto, learning_object=course, person_id=olga.id, now=now)
    owners.remove(actor=ada, learning_object=course, person_id=otto.id, now=now)
    with pytest.raises(RuleBroken):
        owners.remove(actor=ada, learning_object=course, person_id=olga.id, now=now)
    assert course.owners == [olga]


def test_two_authors_who_save_at_once_make_no_circle(app, otto, now):
    course = make_course(otto)
    one, other = (make_path(otto, title, course, now=now) for title in ("One", "Other"))
    one_id, other_id, author_id = one.id, other.id, otto.id
    checked, ended = Event(), Event()
    db.session.remove()

    def put(inner: int, outer: int) -> bool:
        path, author = db.session.get(LearningPath, outer), db.session.get(Person, author_id)
        try:
            save(author, path, now, SectionPlan("", None, (inner,)))
        except RuleBroken:
            db.session.rollback()
            return False
        return True

    def slowly() -> bool:
        def dawdle(_session) -> None:
            checked.set()
            ended.wait(0.5)  # as long as the other could use to slip by

        with app.app_context():
            set_reading(False)
            event.listen(db.session(), "before_commit", dawdle)
            return put(one_id, other_id)

    def at_once() -> bool:
        with app.app_context():
            set_reading(False)
            assert checked.wait(60)
            saved = put(other_id, one_id)
            ended.set()
            return saved

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.submit(slowly), pool.submit(at_once)
        assert (first.result(), second.result()) == (True, False)
