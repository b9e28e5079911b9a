"""A made-up catalogue of any size, with every feature that its files can say, and its records.

The same seed makes the same catalogue. It knows nothing of the portal: only the published columns
and those that the portal adds.
"""

import random
from collections.abc import Iterator
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


def generate(size: Size = SMALL, seed: int = 1) -> dict[str, Rows]:
    """Return every file's rows by its name without .csv; the first row names the columns."""
    dice = random.Random(seed)  # noqa: S311 — for reproducible data, not for secrets
    files = dict(_badges(size))
    files |= _skills(size, dice)
    modules = _courses(size, dice, files)
    _paths(size, dice, files)
    _certifications(size, dice, files)
    _records(size, dice, files, modules)
    return files


def emails(size: Size) -> list[str]:
    """The addresses of the people."""
    return [f"learner{number}@example.org" for number in range(size.people)]


def _badge_count(size: Size) -> int:
    return size.courses // 2 + size.paths + size.certifications + size.skills


def _badges(size: Size) -> Iterator[tuple[str, Rows]]:
    header = ["id", "badgeName", "badgeCreationDate", "lastModifiedDate", "state", "imageUrl"]
    rows = [
        [f"B{n}", f"Badge {n}", moment(0), "", "Active" if n % 9 else "Retired", "", "", ""]
        for n in range(_badge_count(size))
    ]
    yield "badge", [[*header, "externalBadgeId", "externalBadgeProvider"], *rows]
    header = ["email", "firstName", "lastName", "roles", "locale"]
    people = [
        [email, f"Name{n}", "Larsson", "author" if n % 20 == 0 else "", "sv" if n % 2 else ""]
        for n, email in enumerate(emails(size))
    ]
    yield "people", [header, *people]


def _skills(size: Size, dice: random.Random) -> dict[str, Rows]:
    header = ["id", "skillName", "description", "skillCreationDate", "state", "source"]
    skills: Rows = [header]
    levels: Rows = [["skillId", "levelId", "maxCredits", "badgeId"]]
    for n in range(size.skills):
        state = "RETIRED" if n % 11 == 10 else "ACTIVE"
        skills.append([f"S{n}", f"Skill {n}", 'Åäö, "quoted"', moment(n), state, "Internal"])
        for level in range(1, 1 + n % 3 + 1):
            badge = f"B{n}" if level == 1 else ""
            levels.append([f"S{n}", str(level), str(dice.randint(5, 30)), badge])
    return {"skill": skills, "skill_level": levels}


def _courses(size: Size, dice: random.Random, files: dict[str, Rows]) -> dict[str, list[str]]:
    modules: Rows = [["id", "moduleType", "lastModifiedDate", "visibility", "title", "description"]]
    versions: Rows = [
        ["moduleId", "moduleVersion", "contentType", "dateCreated", "duration", "contentUrl"]
    ]
    courses: Rows = [
        ["id", "courseName", "description", "courseCreationDate", "state", "author"]
        + ["tags", "completionCriteria", "policy"]
    ]
    parts: Rows = [
        ["courseId", "moduleId", "moduleVersion", "courseModuleType"]
        + ["moduleOrderInCourse", "optionalCriteria"]
    ]
    instances: Rows = [
        ["courseId", "instanceId", "dateCreated", "completionDeadline", "name", "state", "badgeId"]
    ]
    credits: Rows = [["courseId", "skillId", "levelId", "credits"]]
    own: dict[str, list[str]] = {}
    for n in range(size.courses):
        course, count = f"C{n}", 1 + n % 4
        criteria = ("ALL", "SELECTEDMODULES", "1", "")[n % 4]
        policy = ("", "learner", "evidence", "staff")[n % 4]
        state = "Retired" if n % 13 == 12 else "Published"
        courses.append(
            [course, f"Course {n}", f"Text {n}", moment(n / 10), state]
            + [emails(size)[0] if n % 2 else "", "a, b", criteria, policy]
        )
        for m in range(count):
            module = f"M{n}-{m}"
            own.setdefault(course, []).append(module)
            address = f"https://example.org/{module}" if m % 2 else ""
            modules.append([module, "Self-paced", moment(0), "Shared", f"Module {m}", f"Do {m}"])
            kind = "HYPERLINK" if address else "OTHER"
            versions.append([module, "2", kind, moment(0), "600", address])
            parts.append([course, module, "2", "CONTENT", str(m), "TRUE" if m == 0 else "FALSE"])
        badge = f"B{size.skills + n // 2}" if n % 2 == 0 and n // 2 < size.courses // 2 else ""
        instances.append([course, "I1", moment(0), moment(900), "Old", "Retired", ""])
        instances.append([course, "I2", moment(0), moment(900), "Now", "Active", badge])
        skill = n % size.skills
        if skill % 11 != 10:
            credits.append([course, f"S{skill}", "1", str(dice.randint(5, 20))])
    files |= {
        "module": modules,
        "module_version": versions,
        "course": courses,
        "course_instance": instances,
        "course_module": parts,
        "skill_course": credits,
    }
    return own


def _paths(size: Size, dice: random.Random, files: dict[str, Rows]) -> None:
    header = ["id", "name", "overview", "orderEnforced", "state", "dateAdded", "completionLimit"]
    paths: Rows = [header]
    steps: Rows = [
        ["learningProgramId", "courseId", "memberProgramId", "dateAdded"]
        + ["section", "sectionTitle", "sectionNeeded"]
    ]
    instances: Rows = [
        ["learningProgramId", "instanceId", "name", "dateAdded", "deadline", "state", "badgeId"]
    ]
    pairs: Rows = [
        [
            "learningProgramId",
            "learningProgramInstanceId",
            "courseId",
            "courseInstanceId",
            "dateAdded",
        ]
    ]
    first = size.skills + size.courses // 2
    for n in range(size.paths):
        path, ordered = f"P{n}", "TRUE" if n % 2 else "FALSE"
        sections = 1 + n % 2
        limit = "2" if sections == 1 and n % 4 == 0 else ""
        paths.append([path, f"Path {n}", "From a to b.", ordered, "Published", moment(n), limit])
        members = dice.sample(range(size.courses), 4)
        for place, course in enumerate(members):
            section = place % sections + 1
            needed = limit if sections == 1 else "1" if section == 2 else ""
            steps.append(
                [path, f"C{course}", "", moment(n), str(section), f"Part {section}", needed]
            )
            pairs.append([path, "I1", f"C{course}", "I2", moment(n)])
        if n % 5 == 4:
            steps.append([path, "", f"P{n - 1}", moment(n), "1", "Part 1", ""])
        instances.append([path, "I1", "Now", moment(0), moment(900), "Active", f"B{first + n}"])
    files |= {
        "learning_program": paths,
        "learning_program_course": steps,
        "learning_program_instance": instances,
        "learning_program_instance_course_instance": pairs,
    }


def _certifications(size: Size, dice: random.Random, files: dict[str, Rows]) -> None:
    certifications: Rows = [
        ["id", "certificateName", "certificateOverview", "description", "certificationCreationDate"]
        + ["daysToComplete", "validity", "externalCertificate", "completionLimit", "badgeId"]
    ]
    courses: Rows = [["certificationId", "courseId", "dateAdded", "order"]]
    commits: Rows = [["certificationId", "state"]]
    first = size.skills + size.courses // 2 + size.paths
    for n in range(size.certifications):
        name, external = f"Z{n}", n % 5 == 4
        validity = "12" if n % 2 else ""
        certifications.append(
            [name, f"Certificate {n}", "Overview", "What it proves", moment(n), "90", validity]
            + ["TRUE" if external else "FALSE", "2" if n % 3 == 0 else "", f"B{first + n}"]
        )
        members = [] if external else dice.sample(range(size.courses), 3)
        courses += [[name, f"C{course}", moment(n), str(i)] for i, course in enumerate(members)]
        commits.append([name, "Retired" if n % 7 == 6 else "Published"])
    files |= {
        "certification": certifications,
        "certification_course": courses,
        "certification_commit": commits,
    }


def _records(
    size: Size, dice: random.Random, files: dict[str, Rows], modules: dict[str, list[str]]
) -> None:
    enrolled: Rows = [["userId", "courseId", "courseInstanceId", "dateEnrolled", "deadline"]]
    on_paths: Rows = [["userId", "learningProgramId", "dateEnrolled", "deadline"]]
    on_certifications: Rows = [["userId", "certificationId", "dateEnrolled"]]
    grades: Rows = [
        ["userId", "courseId", "moduleId", "completion", "started", "success"]
        + ["scoreRaw", "duration", "startedDate", "successDate", "completionDate"]
    ]
    reached: Rows = [["userId", "skillId", "levelId", "achieved"]]
    done, people = 0, emails(size)
    for n, email in enumerate(people):
        for path in {n % size.paths, (n + 3) % size.paths}:
            on_paths.append([email, f"P{path}", moment(100 + n % 30), moment(900)])
        on_certifications.append([email, f"Z{n % size.certifications}", moment(100)])
        if n % 10 == 0:
            reached.append([email, f"S{n % size.skills}", "1", "TRUE"])
    turn = 0
    while done < size.completions:
        email = people[turn % size.people]
        course = f"C{(turn * 7 + turn // size.people) % size.courses}"
        turn += 1
        began = 110 + dice.random() * 300
        enrolled.append([email, course, "I2", moment(began), moment(900) if turn % 3 else ""])
        for place, module in enumerate(modules[course]):
            at = began + 1 + place + dice.random()
            failed = turn % 17 == 0 and place == 0
            success = "FALSE" if failed else "TRUE"
            grades.append(
                [email, course, module, "TRUE", "TRUE", success]
                + ["80", "600", moment(began), "" if failed else moment(at), moment(at)]
            )
            done += 1
    files |= {
        "enrollment": _once(enrolled, 2),
        "learning_program_enrollment": on_paths,
        "certification_enrollment": on_certifications,
        "user_course_grade": _once(grades, 3),
        "user_skill": _once(reached, 3),
    }


def _once(rows: Rows, parts: int) -> Rows:
    """Leave out what was said before, by the first cells."""
    found: dict[tuple[str, ...], list[str]] = {}
    for row in rows:
        found.setdefault(tuple(row[:parts]), row)
    return list(found.values())
