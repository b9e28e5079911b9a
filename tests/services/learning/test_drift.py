"""What a template that changed at Credly touches, and that nothing is taken from anybody."""

from datetime import timedelta

import pytest
from sqlalchemy import event

from portal.errors import RuleBroken
from portal.extensions import db
from portal.models import Award, AwardState, Badge, EarnedCredit, LearningObject, SyncRun
from portal.services.issuing import syncing
from portal.services.learning import completions, drift, objects, skills
from portal.services.learning.skills import LevelPlan
from portal.services.slices import Place
from tests.factories import make_badge, make_course, make_person


@pytest.fixture
def sync(world):
    """Changes the template at practice Credly, syncs, and returns the run."""

    def change(**fields) -> SyncRun:
        place = f"organizations/{world.credly.id}/templates/{world.template['id']}"
        if fields:
            world.credly.control("PATCH", place, fields)
        later = world.now + timedelta(minutes=1)
        run = syncing.ask_for(connection=world.connection, actor=None, now=later)
        assert syncing.run_next(world.means, later)
        db.session.expire_all()
        return run

    return change


def test_a_renamed_template_names_the_objects_and_people_it_touches(world, ada, sync):
    world.complete()
    nils = make_person("Nils Learner")
    completions.enrol(learner=nils, learning_object=world.course, now=world.now)
    skill = skills.create(
        actor=ada, name="Ropes", description="", plans=[LevelPlan(2, world.badge)], now=world.now
    )
    runa = make_person("Runa Learner")
    who = {"learner_id": runa.id, "course_id": world.course.id}
    level_id = skill.levels[0].id
    db.session.add(EarnedCredit(**who, skill_level_id=level_id, credits=1, earned_at=world.now))
    db.session.commit()
    (touched,) = drift.of_run(sync(name="Knots and bends"))
    assert (touched.badge.id, touched.badge.name) == (world.badge.id, "Knots and bends")
    assert touched.objects == [world.course]
    assert touched.levels == [skill.levels[0]]
    assert (touched.earned, touched.on_the_way, touched.held) == (1, 2, 0)
    people, earned = drift.people_of(world.badge)
    assert {person.id: earned[person.id] for person in people.rows} == {
        world.lena.id: True,
        nils.id: False,
        runa.id: False,
    }
    (last,) = drift.people_of(world.badge, Place(after=nils.id))[0].rows
    assert last == runa


def test_an_archived_template_holds_and_blocks_and_deletes_nothing(world, sync):
    world.complete()
    run = sync(state="archived")
    (touched,) = drift.of_run(run)
    assert touched.held == 1
    other = make_course(world.otto, "Another")
    with pytest.raises(RuleBroken):
        objects.attach_badge(
            actor=world.otto, learning_object=other, badge=world.badge, now=world.now
        )
    assert db.session.query(Award).one().state is AwardState.EARNED
    assert db.session.get(LearningObject, world.course.id).badge_id == world.badge.id
    (change,) = drift.changes_of(world.badge)
    assert change.run.id == run.id
    assert (change.values["old"], change.values["new"]) == ("active", "archived")


def test_a_template_that_is_gone_keeps_its_badge(world, sync):
    world.credly.call("DELETE", f"/badge_templates/{world.template['id']}", expect=204)
    (touched,) = drift.of_run(sync())
    assert touched.badge.template.state == "missing"
    assert db.session.query(Badge).count() == 1


def test_new_templates_and_unchanged_ones_touch_nothing(world, sync):
    first = db.session.query(SyncRun).order_by(SyncRun.id).first()
    assert drift.of_run(first) == []
    assert drift.of_run(sync()) == []
    assert drift.changes_of(make_badge()) == []


def test_statements_do_not_grow_with_the_badges(app, otto):
    def statements() -> int:
        # What the garbage collector has not met yet is not asked for again: begin with nothing.
        db.session.expunge_all()
        badges, seen = db.session.query(Badge).all(), []
        listener = ("before_cursor_execute", lambda *_call: seen.append(1))
        event.listen(db.engine, *listener)
        drift.touched_by(badges)
        event.remove(db.engine, *listener)
        return len(seen)

    make_course(otto, badge=make_badge())
    few = statements()
    for _number in range(8):
        make_course(otto, badge=make_badge())
    assert statements() == few
