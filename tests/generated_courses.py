"""The courses of a made-up catalogue, with their modules; and how large such a catalogue is."""

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

BEGIN = datetime(2024, 1, 1, 9, tzinfo=UTC)
Rows = list[list[str]]


@dataclass(frozen=True)
class Size:
    """How much there is of everything. `completions` are modules that somebody has done."""

    courses: int = 200
    paths: int = 20
    certifications: int = 10
    skills: int = 30
    people: int = 1000
    completions: int = 10_000


SMALL = Size(courses=24, paths=6, certifications=4, skills=5, people=30, completions=400)


def moment(days: float) -> str:
    """A moment so many days after the catalogue began, in the form of the files."""
    at = BEGIN + timedelta(days=days)
    return at.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def emails(size: Size) -> list[str]:
    """The addresses of the people."""
    return [f"learner{number}@example.org" for number in range(size.people)]


def add_courses(size: Size, dice: random.Random, files: dict[str, Rows]) -> dict[str, list[str]]:
    """Add the files about courses; return the modules of each course."""
    files |= _headers()
    own: dict[str, list[str]] = {}
    for n in range(size.courses):
        course = f"C{n}"
        own[course] = [f"M{n}-{m}" for m in range(1 + n % 4)]
        files["course"].append(_course(n, size))
        for place, module in enumerate(own[course]):
            _add_module(files, course, module, place)
        odd = n % 2 or n // 2 >= size.courses // 2
        badge = "" if odd else f"B{size.skills + n // 2}"
        for name, state, given in (("I1", "Retired", ""), ("I2", "Active", badge)):
            row = [course, name, moment(0), moment(900), "Instance", state, given]
            files["course_instance"].append(row)
        skill = n % size.skills
        if skill % 11 != 10:
            files["skill_course"].append([course, f"S{skill}", "1", str(dice.randint(5, 20))])
    return own


def _headers() -> dict[str, Rows]:
    names = {
        "module": "id moduleType lastModifiedDate visibility title description",
        "module_version": "moduleId moduleVersion contentType dateCreated duration contentUrl",
        "course": "id courseName description courseCreationDate state author tags"
        " completionCriteria policy",
        "course_module": "courseId moduleId moduleVersion courseModuleType moduleOrderInCourse"
        " optionalCriteria",
        "course_instance": "courseId instanceId dateCreated completionDeadline name state badgeId",
        "skill_course": "courseId skillId levelId credits",
    }
    return {name: [columns.split()] for name, columns in names.items()}


def _course(n: int, size: Size) -> list[str]:
    criteria = ("ALL", "SELECTEDMODULES", "1", "")[n % 4]
    policy = ("", "learner", "evidence", "staff")[n % 4]
    state = "Retired" if n % 13 == 12 else "Published"
    author = emails(size)[0] if n % 2 else ""
    about = [f"C{n}", f"Course {n}", f"Text {n}", moment(n / 10), state]
    return [*about, author, "a, b", criteria, policy]


def _add_module(files: dict[str, Rows], course: str, module: str, place: int) -> None:
    address = f"https://example.org/{module}" if place % 2 else ""
    about = [module, "Self-paced", moment(0), "Shared", f"Module {place}", f"Do {place}"]
    kind = "HYPERLINK" if address else "OTHER"
    files["module"].append(about)
    files["module_version"].append([module, "2", kind, moment(0), "600", address])
    needed = "FALSE" if place else "TRUE"
    files["course_module"].append([course, module, "2", "CONTENT", str(place), needed])
