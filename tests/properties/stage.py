"""A plan built for real, and its events done through the services."""

from copy import copy
from datetime import UTC, datetime, time, timedelta

from sqlalchemy import select

from portal.errors import RuleBroken
from portal.extensions import db
from portal.models import (
    Award,
    AwardState,
    Badge,
    BadgeState,
    Certification,
    CertificationCourse,
    Course,
    CourseCredit,
    Criteria,
    LearningObject,
    LearningPath,
    Module,
    ObjectState,
    PathLevel,
    PathSection,
    PathStep,
    Person,
    Skill,
    SkillLevel,
    SkillState,
)
from portal.services.learning import applying, chain, completions, paths, undo
from portal.services.learning.changing import ForStarted
from tests.factories import make_person
from tests.properties.attempts import START, WINDOW
from tests.properties.plans import Event, Plan, Thing
from tests.properties.reference import Earned

MIDNIGHT = datetime.combine(START, time(12), UTC)


def moment(day: int) -> datetime:
    return MIDNIGHT + timedelta(days=day)


class Stage:
    """One catalogue in the database, with a learner who has done nothing yet."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.learner = make_person()
        self.badges = [
            Badge(own_name=f"Badge {n}", state=BadgeState.RETIRED if gone else BadgeState.ACTIVE)
            for n, gone in enumerate(plan.badges)
        ]
        db.session.add_all(self.badges)
        db.session.flush()
        self.levels = [self._level(one) for one in plan.levels]
        self.courses = [self._course(one) for one in plan.courses]
        self.paths: list[LearningPath] = []
        self.certifications: list[Certification] = []
        for one in plan.paths:
            self.paths.append(self._path(one))
        self.certifications = [self._certification(one) for one in plan.certifications]
        db.session.commit()

    def object(self, thing: Thing) -> LearningObject:
        kind, number = thing
        shelves = {"course": self.courses, "path": self.paths}
        return shelves.get(kind, self.certifications)[number]

    def do(self, event: Event) -> None:
        """Do what an event says; what a rule refuses stays undone."""
        try:
            self._do(event, moment(event.day))
        except RuleBroken:
            db.session.rollback()

    def _do(self, event: Event, now: datetime) -> None:
        learner, thing = self.learner, self.object(event.thing)
        if event.deed == "renew":
            completions.renew(learner=learner, certification=thing, now=now)
        elif event.deed == "withdraw":
            completions.withdraw(learner=learner, learning_object=thing)
        elif event.deed == "undo":
            self.take_back(event.thing, now)
        elif event.deed in ("keep", "apply"):
            self._change(thing, event, now)
        else:
            self._learn(thing, event, now)

    def _learn(self, thing: LearningObject, event: Event, now: datetime) -> None:
        learner = self.learner
        enrolment = completions.enrol(learner=learner, learning_object=thing, now=now)
        if event.deed == "complete":
            completions.complete(learner=learner, course_id=thing.id, now=now)
        elif event.deed == "fail":
            chain.lock_enrolment(enrolment)
            chain.finish(enrolment, at=now, now=now, success=False)
            db.session.commit()
        elif event.deed == "module" and event.module < len(thing.modules):
            module = thing.modules[event.module]
            completions.mark_done(learner=learner, course=thing, module=module, now=now)

    def in_this_session(self) -> "Stage":
        """The same stage with the rows of the session that is here: another thread's, say."""
        here = copy(self)
        here.learner = db.session.get_one(Person, self.learner.id)
        for name in ("badges", "levels", "courses", "paths", "certifications"):
            rows = [db.session.get_one(type(one), one.id) for one in getattr(self, name)]
            setattr(here, name, rows)
        return here

    def _change(self, path: LearningPath, event: Event, now: datetime) -> None:
        """Give a path other sections, and carry them to all if the event says so."""
        sections = [
            paths.SectionPlan("", needed, tuple(self.object(item).id for item in items))
            for needed, items in event.sections
        ]
        answer = ForStarted.KEEP if event.deed == "keep" else ForStarted.ALL
        paths.save_steps(
            actor=self.learner, path=path, ordered=False, sections=sections, now=now, answer=answer
        )
        while applying.run_next(None, now):
            pass

    def take_back(self, thing: Thing, now: datetime) -> None:
        """Take the newest completion of something back, if there is one."""
        found = completions.newest_completion(self.learner, self.object(thing))
        if found is not None:
            undo.undo(actor=None, enrolment=found, reason="By mistake", now=now)

    def awards(self) -> set[Earned]:
        """Return what the learner has earned, in the words of the reference."""
        query = select(Award).filter_by(learner_id=self.learner.id, state=AwardState.EARNED)
        found = db.session.scalars(query, execution_options={"populate_existing": True})
        return {self._said(one) for one in found}

    def _said(self, award: Award) -> Earned:
        badges = [one.id for one in self.badges]
        day = (award.earned_at - MIDNIGHT).days
        if award.skill_level_id:
            source = ("level", [one.id for one in self.levels].index(award.skill_level_id))
        else:
            things = [
                (kind, number)
                for kind, shelf in (
                    ("course", self.courses),
                    ("path", self.paths),
                    ("certification", self.certifications),
                )
                for number, one in enumerate(shelf)
                if one.id == award.learning_object_id
            ]
            (source,) = things
        ends = (award.expires_at - MIDNIGHT).days if award.expires_at else None
        return source, badges.index(award.badge_id), award.cycle, day, ends

    def _badge(self, number: int | None) -> Badge | None:
        return None if number is None else self.badges[number]

    def _level(self, plan) -> SkillLevel:
        state = SkillState.RETIRED if plan.retired else SkillState.ACTIVE
        level = SkillLevel(level=1, credits=plan.credits, badge=self._badge(plan.badge))
        db.session.add(Skill(name="Skill", state=state, levels=[level]))
        db.session.flush()
        return level

    def _made(self, kind, plan, **values):
        made = kind(title=kind.__name__, badge=self._badge(plan.badge), **values)
        made.state = ObjectState.PUBLISHED
        db.session.add(made)
        db.session.flush()
        return made

    def _course(self, plan) -> Course:
        course = self._made(Course, plan, criteria=Criteria(plan.criteria), needed=plan.needed)
        for position, required in enumerate(plan.modules):
            row = Module(course_id=course.id, position=position, title="Part", required=required)
            db.session.add(row)
        for level, credits in plan.credits:
            row = CourseCredit(course_id=course.id, skill_level_id=self.levels[level].id)
            row.credits = credits
            db.session.add(row)
        return course

    def _path(self, plan) -> LearningPath:
        path = self._made(LearningPath, plan)
        for position, (needed, items) in enumerate(plan.sections):
            steps = [
                PathStep(learning_object_id=self.object(item).id, position=number)
                for number, item in enumerate(items)
            ]
            path.sections.append(PathSection(position=position, needed=needed, steps=steps))
        for level in plan.grants:
            row = PathLevel(learning_path_id=path.id, skill_level_id=self.levels[level].id)
            db.session.add(row)
        return path

    def _certification(self, plan) -> Certification:
        courses = [
            CertificationCourse(course_id=self.courses[one].id, position=position)
            for position, one in enumerate(plan.courses)
        ]
        values = {"needed": plan.needed, "validity_months": plan.months, "renewal_days": WINDOW}
        return self._made(Certification, plan, courses=courses, **values)
