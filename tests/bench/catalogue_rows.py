"""What a script would make of each row of a catalogue's files: rows of tables, with ids of its own.

Each method is called like its file. Nothing is checked.
"""

from collections.abc import Iterator
from datetime import datetime
from itertools import count
from typing import Any

from portal.clock import utc_now
from portal.models import EnrolmentState, Outcome
from tests.bench.catalogue_files import KEEPS, KEYS

Row = dict[str, str]
Written = Iterator[tuple[str, dict[str, Any]]]


class Rows:
    """Knows the ids of what was written."""

    def __init__(self) -> None:
        self.numbers = count(1)
        self.ids: dict[tuple[str, str], int] = {}
        self.sections: dict[tuple[str, str], int] = {}
        self.steps: dict[int, int] = {}
        self.attempts: dict[str, dict[str, Any]] = {}

    def nothing(self, row: Row) -> Written:
        """What has no table of its own."""
        yield from ()

    def recorded(self, name: str, run: int, line: int, row: Row) -> Written:
        """What is kept of each row, and of the cells that no other table has a place for."""
        key = "/".join(row[one] for one in KEYS[name])
        one = {"import_run_id": run, "line": line, "outcome": Outcome.NEW, "source_id": key}
        yield "import_row", one | {"name": key, "digest": key[:32], "changes": {}, "remarks": []}
        kept = {column: row[column] for column in KEEPS.get(name, ()) if row[column]}
        if kept:
            learner = self.ids["person", row["userId"]] if "userId" in row else None
            record = {"id": next(self.numbers), "kind": name, "source_id": key, "values": kept}
            yield "source_record", record | {"learner_id": learner, "import_run_id": run}

    def new(self, kind: str, source_id: str) -> int:
        """Return an id for a thing."""
        self.ids[kind, source_id] = number = next(self.numbers)
        return number

    def people(self, row: Row) -> Written:
        """People."""
        names = {"first_name": row["firstName"], "last_name": row["lastName"]}
        own = {"id": self.new("person", row["email"]), "email": row["email"]}
        yield "person", own | names | {"earner_id": f"e{own['id']}"}
        if row["roles"]:
            yield "person_role", {"person_id": own["id"], "role": row["roles"]}
            yield from self.noted("person.roles", own["id"], None)

    def noted(self, action: str, person_id: int, award_id: int | None) -> Written:
        """An entry of the audit log."""
        one = {"id": next(self.numbers), "at": utc_now(), "action": action}
        about = {"subject": "award" if award_id else None, "subject_id": award_id}
        yield "audit_entry", one | about | {"person_id": person_id, "details": {}}

    def badge(self, row: Row) -> Written:
        """Badges."""
        one = {"id": self.new("badge", row["id"]), "source_id": row["id"]}
        at = moment(row["badgeCreationDate"])
        yield "badge", one | {"own_name": row["badgeName"], "made_at": at}

    def skill(self, row: Row) -> Written:
        """Skills."""
        one = {"id": self.new("skill", row["id"]), "source_id": row["id"]}
        yield "skill", one | {"name": row["skillName"], "description": row["description"]}

    def skill_level(self, row: Row) -> Written:
        """Levels."""
        key = f"{row['skillId']}/{row['levelId']}"
        one = {"id": self.new("level", key), "skill_id": self.ids["skill", row["skillId"]]}
        badge = self.ids.get(("badge", row["badgeId"]))
        more = {"level": int(row["levelId"]), "credits": int(row["maxCredits"])}
        yield "skill_level", one | more | {"badge_id": badge}

    def course(self, row: Row) -> Written:
        """Courses."""
        yield from self.learning_object("course", row["id"], row["courseName"])
        if row["author"]:
            owner = {"person_id": self.ids["person", row["author"]]}
            yield (
                "learning_object_owner",
                owner | {"learning_object_id": self.ids["course", row["id"]]},
            )

    def learning_object(self, kind: str, source_id: str, title: str, **own: Any) -> Written:
        """What all kinds have, and the kind's own."""
        one = {"id": self.new(kind, source_id), "source_id": source_id, "title": title}
        yield "learning_object", one | {"kind": kind, "state": "published"}
        yield kind, {"id": one["id"], **own}

    def course_module(self, row: Row) -> Written:
        """Modules."""
        key = f"{row['courseId']}/{row['moduleId']}"
        one = {"id": self.new("module", key), "source_id": row["moduleId"], "title": key}
        course = self.ids["course", row["courseId"]]
        place = int(row["moduleOrderInCourse"])
        yield "module", one | {"course_id": course, "position": place}

    def skill_course(self, row: Row) -> Written:
        """Credits."""
        level = self.ids["level", f"{row['skillId']}/{row['levelId']}"]
        course = self.ids["course", row["courseId"]]
        one = {"course_id": course, "skill_level_id": level}
        yield "course_credit", one | {"credits": int(row["credits"])}

    def learning_program(self, row: Row) -> Written:
        """Learning paths."""
        yield from self.learning_object("learning_path", row["id"], row["name"])

    def learning_program_course(self, row: Row) -> Written:
        """Steps, with the section of the first."""
        kind, member = "course", row["courseId"]
        if not member:
            kind, member = "learning_path", row["memberProgramId"]
        path, place = row["learningProgramId"], row["section"]
        if (path, place) not in self.sections:
            one = {"id": next(self.numbers), "position": int(place) - 1}
            self.sections[path, place] = one["id"]
            yield "path_section", one | {"learning_path_id": self.ids["learning_path", path]}
        section = self.sections[path, place]
        self.steps[section] = self.steps.get(section, -1) + 1
        one = {"id": next(self.numbers), "position": self.steps[section], "section_id": section}
        yield "path_step", one | {"learning_object_id": self.ids[kind, member]}

    def certification(self, row: Row) -> Written:
        """Certifications."""
        yield from self.learning_object("certification", row["id"], row["certificateName"])

    def certification_course(self, row: Row) -> Written:
        """Courses of certifications."""
        one = {"certification_id": self.ids["certification", row["certificationId"]]}
        course = self.ids["course", row["courseId"]]
        yield "certification_course", one | {"course_id": course, "position": int(row["order"])}

    def enrollment(self, row: Row) -> Written:
        """Enrolments on courses."""
        yield from self.enrolment(row, "course", row["courseId"])

    def enrolment(self, row: Row, kind: str, source_id: str) -> Written:
        """An enrolment."""
        key = f"{row['userId']}/{kind}/{source_id}"
        one = {"id": self.new("enrolment", key), "attempt": 1, "renews": False}
        learner, thing = self.ids["person", row["userId"]], self.ids[kind, source_id]
        more = {"learner_id": learner, "learning_object_id": thing}
        self.attempts[key] = one | more | {"enrolled_at": moment(row["dateEnrolled"])}
        yield "enrolment", self.attempts[key]

    def learning_program_enrollment(self, row: Row) -> Written:
        """Enrolments on paths."""
        yield from self.enrolment(row, "learning_path", row["learningProgramId"])

    def certification_enrollment(self, row: Row) -> Written:
        """Enrolments on certifications."""
        yield from self.enrolment(row, "certification", row["certificationId"])

    def user_course_grade(self, row: Row) -> Written:
        """Modules that were done."""
        attempt = f"{row['userId']}/course/{row['courseId']}"
        one = {"enrolment_id": self.ids["enrolment", attempt]}
        module = self.ids["module", f"{row['courseId']}/{row['moduleId']}"]
        at = moment(row["completionDate"])
        yield "module_done", one | {"module_id": module, "done_at": at}

    def user_skill(self, row: Row) -> Written:
        """Levels that were reached."""
        one = {"learner_id": self.ids["person", row["userId"]]}
        level = self.ids["level", f"{row['skillId']}/{row['levelId']}"]
        at = moment("2026-01-01T00:00:00.000Z")
        yield "reached_level", one | {"skill_level_id": level, "reached_at": at}

    def completed(self, row: Row) -> Written:
        """Attempts that are over, or under way."""
        one = self.attempts[f"{row['email']}/{row['kind']}/{row['object']}"]
        ends = moment(row["ends"]) if row["ends"] else None
        more = {"completed_at": moment(row["at"]) if row["at"] else None, "expires_at": ends}
        success = row["success"] == "True" if row["at"] else None
        yield "enrolment", one | more | {"state": EnrolmentState(row["state"]), "success": success}

    def credits(self, row: Row) -> Written:
        """Credits that learners have."""
        one = {"learner_id": self.ids["person", row["email"]]}
        level = self.ids["level", f"{row['skill']}/{row['level']}"]
        more = {"course_id": self.ids["course", row["object"]], "skill_level_id": level}
        yield (
            "earned_credit",
            one
            | more
            | {
                "credits": int(row["credits"]),
                "earned_at": moment(row["at"]),
            },
        )

    def levels(self, row: Row) -> Written:
        """Levels that learners have reached."""
        one = {"learner_id": self.ids["person", row["email"]]}
        level = self.ids["level", f"{row['skill']}/{row['level']}"]
        yield "reached_level", one | {"skill_level_id": level, "reached_at": moment(row["at"])}

    def awards(self, row: Row) -> Written:
        """Awards, each with its entry in the audit log."""
        learner = self.ids["person", row["email"]]
        one = {"id": next(self.numbers), "learner_id": learner}
        source = {"learning_object_id": None, "skill_level_id": None}
        if row["object"]:
            source["learning_object_id"] = self.ids[row["kind"], row["object"]]
        else:
            source["skill_level_id"] = self.ids["level", f"{row['skill']}/{row['level']}"]
        more = {"badge_id": self.ids["badge", row["badge"]], "cycle": int(row["cycle"])}
        more |= {"earned_at": moment(row["at"]), "not_sent_because": row["because"]}
        ends = moment(row["ends"]) if row["ends"] else None
        yield "award", one | source | more | {"expires_at": ends}
        yield from self.noted("award.earn", learner, one["id"])


def moment(text: str) -> datetime:
    """Return the moment that a cell says."""
    return datetime.fromisoformat(text)
