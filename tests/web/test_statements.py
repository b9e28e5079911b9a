"""No page asks more of the database because there is more to list."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import event

from portal.extensions import db
from portal.models import (
    Award,
    Certification,
    CertificationCourse,
    CourseCredit,
    Delivery,
    EarlierRow,
    EarlierRun,
    Enrolment,
    EnrolmentState,
    Evidence,
    Group,
    GroupMember,
    ImportRow,
    ImportRun,
    IssuedBadge,
    LearningPath,
    Module,
    ObjectState,
    Outcome,
    PathSection,
    PathStep,
    Person,
    Policy,
    ReachedLevel,
    Skill,
    SkillLevel,
)
from portal.services.learning import completions
from tests.factories import (
    make_badge,
    make_connection,
    make_course,
    make_person,
    make_template,
)
from tests.page import Browser
from tests.web.test_doors import DOORS

FEW, MORE = 3, 6
ADDED = {"state": ObjectState.PUBLISHED, "description": "Something to learn."}


class Town:
    """Something of everything; `grow` adds one more of each, with what belongs to it."""

    def __init__(self, app: Flask, now) -> None:
        self.means, self.now, self.number = app.extensions["means"], now, 0
        self.ada = make_person("Ada Admin", roles={"admin"})
        self.skill = Skill(name="Seamanship")
        self.group = Group(name="Crew", name_key="crew")
        db.session.add_all([self.skill, self.group])
        self.first = make_course(self.ada, "The first", policy=Policy.STAFF)
        self.path = self._path("The first path")
        self.yearly = self._certification("The first certificate")
        self.run: EarlierRun | None = None

    def grow(self) -> None:
        self.number += 1
        db.session.expunge_all()
        own = (self.ada, self.skill, self.group, self.first, self.path, self.yearly)
        db.session.add_all([*own, *([self.run] if self.run else [])])
        learner = make_person(f"Lena Number{self.number}x")
        connection = make_connection(self.means)
        template = make_template(connection, f"Badge {self.number}")
        badge = make_badge(template=template)
        course = make_course(self.ada, f"Course {self.number}", badge=badge)
        for person in (learner, self.ada):
            completions.enrol(learner=person, learning_object=course, now=self.now)
            completions.complete(learner=person, course_id=course.id, now=self.now)
        self._open_attempts(learner)
        self._lists(learner, course, badge)
        db.session.commit()

    def _open_attempts(self, learner: Person) -> None:
        more = make_course(
            self.ada, f"Open {self.number}", badge=make_badge(), policy=Policy.EVIDENCE
        )
        objects = (more, self._path(f"Path {self.number}"), self._certification(f"C {self.number}"))
        for one in objects:
            completions.enrol(learner=self.ada, learning_object=one, now=self.now)
        for one in (self.first, self.path, self.yearly):
            completions.enrol(learner=learner, learning_object=one, now=self.now)
        handed_in = Enrolment(
            learner_id=learner.id, learning_object_id=more.id, state=EnrolmentState.SUBMITTED
        )
        db.session.add(handed_in)
        db.session.flush()
        db.session.add(Evidence(enrolment_id=handed_in.id, text="A log."))
        db.session.add(Module(course_id=self.first.id, position=self.number, title="A module"))

    def _lists(self, learner, course, badge) -> None:
        level = SkillLevel(skill=Skill(name=f"S {self.number}"), level=1, credits=3, badge=badge)
        db.session.add(level)
        db.session.flush()
        db.session.add_all(
            [
                CourseCredit(course_id=course.id, skill_level_id=level.id, credits=1),
                ReachedLevel(learner_id=self.ada.id, skill_level_id=level.id, reached_at=self.now),
                GroupMember(group_id=self.group.id, person_id=learner.id),
                Group(name=f"Crew {self.number}", name_key=f"crew {self.number}"),
                ImportRun(kind="badges", file_name="badge.csv", person_id=self.ada.id),
                CertificationCourse(
                    certification_id=self.yearly.id, course_id=course.id, position=self.number
                ),
                PathStep(
                    section_id=self.path.sections[0].id,
                    learning_object_id=course.id,
                    position=self.number,
                ),
            ]
        )
        self._earlier(learner, badge)
        db.session.flush()
        values = {"outcome": Outcome.NEW, "digest": str(self.number)}
        db.session.add(ImportRow(import_run_id=1, line=self.number, **values))

    def _earlier(self, learner: Person, badge) -> None:
        if self.run is None:
            self.first.badge = badge
            self.run = EarlierRun(learning_object_id=self.first.id, badge_id=badge.id)
        another = EarlierRun(
            learning_object_id=self.first.id, badge_id=badge.id, person_id=learner.id
        )
        db.session.add_all([self.run, another])
        db.session.flush()
        values = {"learner_id": learner.id, "completed_at": self.now}
        db.session.add(EarlierRow(run_id=self.run.id, **values))

    def _path(self, title: str) -> LearningPath:
        path = LearningPath(title=title, owners=[self.ada], badge=make_badge(), **ADDED)
        path.sections.append(PathSection(position=0, title="All of it"))
        path.sections[0].steps.append(PathStep(learning_object_id=self.first.id, position=0))
        db.session.add(path)
        db.session.commit()
        return path

    def _certification(self, title: str) -> Certification:
        made = Certification(title=title, owners=[self.ada], badge=make_badge(), **ADDED)
        made.courses.append(CertificationCourse(course_id=self.first.id, position=0))
        db.session.add(made)
        db.session.commit()
        return made

    def ids(self) -> dict[str, object]:
        """What stands for each place in an address."""
        issued = db.session.scalars(db.select(IssuedBadge).order_by(IssuedBadge.id)).first()
        delivery = db.session.scalars(db.select(Delivery).order_by(Delivery.id)).first()
        return {
            "person_id": issued.learner_id,
            "badge_id": issued.badge_id,
            "course_id": self.first.id,
            "delivery_id": delivery.id,
            "group_id": self.group.id,
            "skill_id": self.skill.id,
            "path_id": self.path.id,
            "certification_id": self.yearly.id,
            "award_id": db.session.scalars(
                db.select(Award.id).filter_by(learner_id=self.ada.id).order_by(Award.id)
            ).first(),
            "module_id": db.session.scalars(db.select(Module.id).order_by(Module.id)).first(),
            "role": "author",
            "evidence_id": 1,
            "connection_id": 1,
        }


@contextmanager
def counted(statements: list[str]) -> Iterator[None]:
    def note(_connection, _cursor, statement, *_rest):
        statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def pages(app: Flask, town: Town) -> list[str]:
    """The address of every page that is read, with things of the town in its places."""
    ids, found = town.ids(), []
    kinds = {"courses": town.first, "learning-paths": town.path, "certifications": town.yearly}
    for rule in app.url_map.iter_rules():
        if rule.endpoint not in DOORS or "GET" not in rule.methods:
            continue
        for kind, one in kinds.items() if "kind" in rule.arguments else [("", town.first)]:
            places = {**ids, "kind": kind, "object_id": one.id}
            places |= {"what": "objects", "source_id": town.first.id, "run_id": town.run.id}
            if rule.arguments <= set(places):
                place = lambda match: str(places[match[1]])  # noqa: E731, B023
                found.append(re.sub(r"<(?:[^:>]*:)?(\w+)>", place, rule.rule))
    return sorted(set(found))


@pytest.fixture
def town(app, now):
    made = Town(app, now)
    for _number in range(FEW):
        made.grow()
    return made


def read(browser: Browser, addresses: list[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for address in addresses:
        statements: list[str] = []
        # What the test itself still holds, or the garbage collector has not met, is not asked for
        # again: each page begins with nothing, as it does for its readers.
        db.session.expunge_all()
        with counted(statements):
            answer = browser._ask("GET", address)
            answer.get_data()  # files are written while they are read
        assert answer.status_code < 500, address
        if answer.status_code == 200 and answer.mimetype.startswith("text/"):
            found[address] = statements
    return found


def test_no_page_asks_more_because_there_is_more_to_list(app, browser, town):
    addresses = pages(app, town)
    browser.sign_in(town.ada)
    few = read(browser, addresses)
    for _number in range(MORE):
        town.grow()
    more = read(browser, addresses)
    assert len(few) > 60, sorted(set(addresses) - set(few))
    grown = {
        address: f"{len(few[address])} → {len(more[address])}: {most_asked(more[address])}"
        for address in few
        # One more may be somebody who was not met before; a question a row would be six more.
        if len(more[address]) > len(few[address]) + 1
    }
    assert not grown, "\n".join(f"{address}: {how}" for address, how in grown.items())


def most_asked(statements: list[str]) -> str:
    return max(set(statements), key=statements.count)[:300]
