"""The yardstick of importing a catalogue: the same files into the same tables, and no questions.

What a script of a hundred lines would do in an empty portal: the standard library's `csv`, ids
counted by itself, and inserts of Core in chunks of 1,000 rows, each its own transaction. It checks
nothing, shows nothing beforehand, completes no path and awards no badge.
"""

import csv
import io
import zipfile
from collections.abc import Iterator
from datetime import datetime
from itertools import count, islice
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from portal.extensions import db

CHUNK = 1000
Written = Iterator[tuple[str, dict[str, Any]]]


class Bare:
    """Knows the ids of what it has written."""

    def __init__(self, path: Path) -> None:
        self.archive = zipfile.ZipFile(path)
        self.numbers = count(1)
        self.ids: dict[tuple[str, str], int] = {}

    def run(self) -> int:
        """Bring all files in; return how many rows they have."""
        rows = 0
        for name in FILES:
            with self.archive.open(f"{name}.csv") as file:
                reader = csv.DictReader(io.TextIOWrapper(file, "utf-8-sig", newline=""))
                while chunk := list(islice(reader, CHUNK)):
                    rows += len(chunk)
                    self._write(name, chunk)
        return rows

    def _write(self, name: str, chunk: list[dict[str, str]]) -> None:
        found: dict[str, list[dict[str, Any]]] = {}
        for row in chunk:
            for table, values in getattr(self, name)(row):
                found.setdefault(table, []).append(values)
        for table, values in found.items():
            db.session.execute(insert(db.metadata.tables[table]), values)
        db.session.commit()

    def new(self, kind: str, source_id: str) -> int:
        """Return an id for a thing."""
        self.ids[kind, source_id] = number = next(self.numbers)
        return number

    def people(self, row: dict[str, str]) -> Written:
        """People."""
        names = {"first_name": row["firstName"], "last_name": row["lastName"]}
        own = {"id": self.new("person", row["email"]), "email": row["email"]}
        yield "person", own | names | {"earner_id": f"e{own['id']}"}

    def badge(self, row: dict[str, str]) -> Written:
        """Badges."""
        one = {"id": self.new("badge", row["id"]), "source_id": row["id"]}
        at = moment(row["badgeCreationDate"])
        yield "badge", one | {"own_name": row["badgeName"], "made_at": at}

    def skill(self, row: dict[str, str]) -> Written:
        """Skills."""
        one = {"id": self.new("skill", row["id"]), "source_id": row["id"]}
        yield "skill", one | {"name": row["skillName"], "description": row["description"]}

    def skill_level(self, row: dict[str, str]) -> Written:
        """Levels."""
        key = f"{row['skillId']}/{row['levelId']}"
        one = {"id": self.new("level", key), "skill_id": self.ids["skill", row["skillId"]]}
        badge = self.ids.get(("badge", row["badgeId"]))
        more = {"level": int(row["levelId"]), "credits": int(row["maxCredits"])}
        yield "skill_level", one | more | {"badge_id": badge}

    def course(self, row: dict[str, str]) -> Written:
        """Courses."""
        yield from self.learning_object("course", row["id"], row["courseName"])

    def learning_object(self, kind: str, source_id: str, title: str, **own: Any) -> Written:
        """What all kinds have, and the kind's own."""
        one = {"id": self.new(kind, source_id), "source_id": source_id, "title": title}
        yield "learning_object", one | {"kind": kind, "state": "published"}
        yield kind, {"id": one["id"], **own}

    def course_module(self, row: dict[str, str]) -> Written:
        """Modules."""
        key = f"{row['courseId']}/{row['moduleId']}"
        one = {"id": self.new("module", key), "source_id": row["moduleId"], "title": key}
        course = self.ids["course", row["courseId"]]
        place = int(row["moduleOrderInCourse"])
        yield "module", one | {"course_id": course, "position": place}

    def skill_course(self, row: dict[str, str]) -> Written:
        """Credits."""
        level = self.ids["level", f"{row['skillId']}/{row['levelId']}"]
        course = self.ids["course", row["courseId"]]
        one = {"course_id": course, "skill_level_id": level}
        yield "course_credit", one | {"credits": int(row["credits"])}

    def learning_program(self, row: dict[str, str]) -> Written:
        """Learning paths, with one section each."""
        yield from self.learning_object("learning_path", row["id"], row["name"])
        path = self.ids["learning_path", row["id"]]
        yield "path_section", {"id": path, "learning_path_id": path, "position": 0}

    def learning_program_course(self, row: dict[str, str]) -> Written:
        """Steps."""
        kind, member = "course", row["courseId"]
        if not member:
            kind, member = "learning_path", row["memberProgramId"]
        one = {"id": next(self.numbers), "position": 0}
        section = self.ids["learning_path", row["learningProgramId"]]
        yield (
            "path_step",
            one
            | {
                "section_id": section,
                "learning_object_id": self.ids[kind, member],
            },
        )

    def certification(self, row: dict[str, str]) -> Written:
        """Certifications."""
        yield from self.learning_object("certification", row["id"], row["certificateName"])

    def certification_course(self, row: dict[str, str]) -> Written:
        """Courses of certifications."""
        one = {"certification_id": self.ids["certification", row["certificationId"]]}
        course = self.ids["course", row["courseId"]]
        yield "certification_course", one | {"course_id": course, "position": int(row["order"])}

    def enrollment(self, row: dict[str, str]) -> Written:
        """Enrolments on courses."""
        yield from self.enrolment(row, "course", row["courseId"])

    def enrolment(self, row: dict[str, str], kind: str, source_id: str) -> Written:
        """An enrolment."""
        one = {"id": self.new("enrolment", f"{row['userId']}/{source_id}")}
        more = {"learning_object_id": self.ids[kind, source_id], "attempt": 1, "renews": False}
        at = moment(row["dateEnrolled"])
        learner = self.ids["person", row["userId"]]
        yield "enrolment", one | more | {"learner_id": learner, "enrolled_at": at}

    def learning_program_enrollment(self, row: dict[str, str]) -> Written:
        """Enrolments on paths."""
        yield from self.enrolment(row, "learning_path", row["learningProgramId"])

    def certification_enrollment(self, row: dict[str, str]) -> Written:
        """Enrolments on certifications."""
        yield from self.enrolment(row, "certification", row["certificationId"])

    def user_course_grade(self, row: dict[str, str]) -> Written:
        """Modules that were done."""
        yield (
            "module_done",
            {
                "enrolment_id": self.ids["enrolment", f"{row['userId']}/{row['courseId']}"],
                "module_id": self.ids["module", f"{row['courseId']}/{row['moduleId']}"],
                "done_at": moment(row["completionDate"]),
            },
        )

    def user_skill(self, row: dict[str, str]) -> Written:
        """Levels that were reached."""
        yield (
            "reached_level",
            {
                "learner_id": self.ids["person", row["userId"]],
                "skill_level_id": self.ids["level", f"{row['skillId']}/{row['levelId']}"],
                "reached_at": moment("2026-01-01T00:00:00.000Z"),
            },
        )


FILES = (
    *("people", "badge", "skill", "skill_level", "course", "course_module", "skill_course"),
    *("learning_program", "learning_program_course", "certification", "certification_course"),
    *("enrollment", "learning_program_enrollment", "certification_enrollment"),
    *("user_course_grade", "user_skill"),
)


def moment(text: str) -> datetime:
    """Return the moment that a cell says."""
    return datetime.fromisoformat(text)
