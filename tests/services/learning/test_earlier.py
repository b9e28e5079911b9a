"""Award earlier completions: who gets what, when it leaves, and what is taken back."""

from datetime import timedelta

import pytest

from portal.errors import NotFound, RuleBroken
from portal.extensions import db
from portal.models import (
    Award,
    AwardState,
    BadgeState,
    Delivery,
    DeliveryState,
    EarlierOutcome,
    EarlierRow,
    EarlierState,
    Enrolment,
    EnrolmentState,
    Held,
    ReachedLevel,
    Skill,
    SkillLevel,
)
from portal.services.issuing.holding import let_go_due
from portal.services.learning import earlier, earlier_verdicts, sources
from portal.services.learning.earlier_running import Pace, work_on
from portal.services.learning.earlier_verdicts import Verdict
from portal.services.slices import Place
from tests.factories import make_person
from tests.services.learning.earlier_desk import LONG_AGO, Desk

ONE_BY_ONE = Pace(people=1, seconds=-1.0)
WAITING, HAD_IT, BLOCKED = EarlierOutcome.WAITING, EarlierOutcome.HAD_IT, EarlierOutcome.BLOCKED


@pytest.fixture
def desk(world):
    return Desk(world)


def test_the_badge_is_issued_with_the_day_it_was_earned_on(desk):
    eva = desk.completed()
    run = desk.run()
    assert (run.state, desk.outcomes(run)) == (EarlierState.DONE, {"Eva": EarlierOutcome.AWARDED})
    award = db.session.scalars(db.select(Award)).one()
    assert (award.learner_id, award.earned_at) == (eva.id, desk.now - LONG_AGO)
    desk.world.work()
    (post,) = desk.world.posts()
    assert post["body"]["issued_at"].startswith(str((desk.now - LONG_AGO).date()))
    assert "suppress_badge_notification_email" not in post["body"]


def test_the_preview_says_what_will_keep_a_badge_waiting(desk):
    desk.completed("Eva Earlier")
    desk.completed("Otto Out").opted_out_at = desk.now
    db.session.commit()
    found = earlier_verdicts.list_of(desk.source, desk.course.badge, "", "", desk.now).rows
    assert {one.learner.first_name: one.held for one in found} == {
        "Eva": None,
        "Otto": Held.OPTED_OUT,
    }
    desk.course.badge.template.state = "archived"
    db.session.commit()
    (one, _two) = earlier_verdicts.all_of(desk.source, desk.course.badge, "", "", desk.now)
    assert one.held is Held.TEMPLATE_NOT_ACTIVE


def test_people_of_a_preview_and_of_a_run_are_walked_by_name(desk):
    eva, bo = desk.completed("Eva Earlier"), desk.completed("Bo Before")
    run, badge = desk.start(), desk.course.badge

    def preview(**place):
        return earlier_verdicts.list_of(desk.source, badge, "", "", desk.now, Place(**place))

    for walk in (preview, lambda **place: earlier.rows_of(run, "", "", Place(**place))):
        assert [one.learner.id for one in walk().rows] == [bo.id, eva.id]
        behind = walk(after=bo.id)
        assert [one.learner.id for one in behind.rows] == [eva.id]
        assert behind.total == 2
        assert behind.previous == Place(before=eva.id)


def test_what_is_held_before_it_is_sent_is_held_here_too(desk):
    first, known = desk.completed(), desk.completed("Hanna History")
    desk.given(known, not_sent_because="history")
    desk.course.hold_minutes = 60
    db.session.commit()
    run = desk.run()
    assert set(desk.outcomes(run).values()) == {EarlierOutcome.AWARDED}
    held = {one.issued_badge.learner_id: one for one in db.session.scalars(db.select(Delivery))}
    assert set(held) == {first.id, known.id}
    assert {one.held_because for one in held.values()} == {Held.UNDO_WINDOW}
    assert {one.held_until for one in held.values()} == {desk.now + timedelta(hours=1)}
    assert desk.world.work() == []
    let_go_due(desk.world.means, desk.now + timedelta(hours=1))
    assert desk.world.work(after=3600) == [DeliveryState.DONE] * 2


def test_credly_writes_no_mail_when_nobody_wants_it(desk):
    desk.completed()
    desk.run(suppress_mail=True)
    desk.world.work()
    (post,) = desk.world.posts()
    assert post["body"]["suppress_badge_notification_email"] is True


def test_the_preview_says_what_each_gets_and_why(desk):
    desk.completed("Eva Earlier")
    desk.completed("Frida Failed", success=False)
    desk.completed("Olle Off").active = False
    desk.given(desk.completed("Rut Revoked"), state=AwardState.REVOKED)
    desk.given(desk.completed("Carl Cancelled"), state=AwardState.CANCELLED)
    desk.given(desk.completed("Hans History"), not_sent_because="history")
    holder = desk.completed("Hilda Holder")
    desk.world.complete(holder)
    desk.world.complete(make_person("Nora Nothere"))
    assert desk.verdicts() == {
        "Eva": Verdict.WILL,
        "Frida": Verdict.WITHOUT_SUCCESS,
        "Olle": Verdict.OFF,
        "Rut": Verdict.REVOKED,
        "Carl": Verdict.WILL_AGAIN,
        "Hans": Verdict.WILL_HISTORY,
        "Hilda": Verdict.HAS_OTHER,
    }
    counts = earlier_verdicts.counts(desk.source, desk.course.badge, desk.now)
    assert counts == {WAITING: 3, HAD_IT: 1, BLOCKED: 3}
    assert desk.verdicts(q="hild") == {"Hilda": Verdict.HAS_OTHER}
    assert desk.verdicts(q="100%") == {}
    assert set(desk.verdicts(outcome="blocked")) == {"Frida", "Olle", "Rut"}
    assert set(desk.verdicts(place=Place(after=10**8))) == set(desk.verdicts())


def test_nobody_gets_a_retired_badge(desk):
    desk.completed()
    desk.course.badge.state = BadgeState.RETIRED
    db.session.commit()
    assert desk.verdicts() == {"Eva": Verdict.RETIRED}
    with pytest.raises(RuleBroken, match="earlier_nobody"):
        desk.start()
    assert db.session.scalars(db.select(EarlierRow)).all() == []


def test_a_badge_that_was_retired_on_the_way_is_not_awarded(desk):
    desk.completed()
    run = desk.start()
    desk.course.badge.state = BadgeState.RETIRED
    db.session.commit()
    work_on(desk.world.means, desk.now, Pace())
    assert desk.outcomes(run) == {"Eva": BLOCKED}


def test_whose_completion_was_undone_on_the_way_gets_nothing(desk):
    eva = desk.completed()
    run = desk.start()
    enrolment = db.session.scalars(db.select(Enrolment).filter_by(learner_id=eva.id)).one()
    enrolment.state, enrolment.completed_at, enrolment.success = EnrolmentState.ENROLLED, None, None
    db.session.commit()
    work_on(desk.world.means, desk.now, Pace())
    assert desk.outcomes(run) == {"Eva": BLOCKED}
    assert db.session.scalars(db.select(Award)).all() == []


def test_who_has_it_through_something_else_shares_the_one_badge(desk):
    desk.completed("Eva Earlier")
    holder = desk.completed("Hilda Holder")
    desk.world.complete(holder)
    run = desk.run()
    assert desk.outcomes(run)["Hilda"] is HAD_IT
    both = db.session.scalars(db.select(Award).filter_by(learner_id=holder.id)).all()
    assert len({award.issued_badge_id for award in both}) == 1
    assert len(both) == 2


def test_imported_history_can_be_sent_later(desk):
    hans = desk.completed("Hans History")
    award = desk.given(hans, not_sent_because="history")
    desk.run()
    db.session.refresh(award)
    assert (award.not_sent_because, award.issued_badge.issued_at) == (None, award.earned_at)
    desk.world.work()
    assert len(desk.world.live()) == 1
    assert len(db.session.scalars(db.select(Award)).all()) == 1


def test_a_second_run_finds_nobody(desk):
    desk.completed()
    desk.run()
    with pytest.raises(RuleBroken, match="earlier_nobody"):
        desk.start()


def test_two_runs_at_once_are_refused(desk):
    desk.completed()
    desk.start()
    with pytest.raises(RuleBroken, match="earlier_under_way"):
        desk.start()


@pytest.mark.parametrize("reason", ["", "   "])
def test_a_reason_is_needed(desk, reason):
    desk.completed()
    with pytest.raises(RuleBroken, match="earlier_reason_missing"):
        desk.start(reason=reason)


def test_whoever_reached_a_skill_level_gets_its_badge(desk, ada):
    level = SkillLevel(skill=Skill(name="Rope work"), level=1, credits=5, badge=desk.world.badge)
    eva = make_person("Eva Earlier")
    db.session.add(level)
    db.session.flush()
    when = desk.now - LONG_AGO
    db.session.add(ReachedLevel(learner_id=eva.id, skill_level_id=level.id, reached_at=when))
    db.session.commit()
    desk.source, desk.otto = sources.get_for_managing(ada, "levels", level.id), ada
    run = desk.run()
    award = db.session.scalars(db.select(Award)).one()
    assert (award.skill_level_id, award.earned_at) == (level.id, when)
    assert earlier.get_for_managing(ada, run.id)[1].level is level


def test_somebody_elses_course_does_not_exist(desk, lena):
    other = make_person("Another Author", roles={"author"})
    for actor in (other, lena):
        with pytest.raises(NotFound):
            sources.get_for_managing(actor, "objects", desk.course.id)
