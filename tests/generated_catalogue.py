"""A made-up catalogue of any size, with every feature that its files can say, and its records.

The same seed makes the same catalogue. It knows nothing of the portal: only the published columns
and those that the portal adds.
"""

import random
from collections.abc import Iterator

from tests.generated_courses import SMALL, Rows, Size, add_courses, emails, moment

__all__ = ["SMALL", "Rows", "Size", "generate"]


def generate(size: Size = SMALL, seed: int = 1) -> dict[str, Rows]:
    """Return every file's rows by its name without .csv; the first row names the columns."""
    dice = random.Random(seed)  # noqa: S311 — for reproducible data, not for secrets
    files = dict(_badges(size))
    files |= _skills(size, dice)
    modules = add_courses(size, dice, files)
    _paths(size, dice, files)
    _certifications(size, dice, files)
    _records(size, dice, files, modules)
    return files


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


def _paths(size: Size, dice: random.Random, files: dict[str, Rows]) -> None:
    header = ["id", "name", "overview", "orderEnforced", "state", "dateAdded", "completionLimit"]
    paths: Rows = [header]
    steps: Rows = [
        ["learningProgramId", "courseId", "memberProgramId", "dateAdded"]
        + ["section", "sectionTitle", "sectionNeeded"]
    ]
    columns = "learningProgramId instanceId name dateAdded deadline state badgeId"
    instances: Rows = [columns.split()]
    columns = "learningProgramId learningProgramInstanceId courseId courseInstanceId dateAdded"
    pairs: Rows = [columns.split()]
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
    on_paths: Rows = [["userId", "learningProgramId", "dateEnrolled", "deadline"]]
    on_certifications: Rows = [["userId", "certificationId", "dateEnrolled"]]
    reached: Rows = [["userId", "skillId", "levelId", "achieved"]]
    for n, email in enumerate(emails(size)):
        for path in {n % size.paths, (n + 3) % size.paths}:
            on_paths.append([email, f"P{path}", moment(100 + n % 30), moment(900)])
        on_certifications.append([email, f"Z{n % size.certifications}", moment(100)])
        if n % 10 == 0:
            reached.append([email, f"S{n % size.skills}", "1", "TRUE"])
    files |= _grades(size, dice, modules)
    files |= {
        "learning_program_enrollment": on_paths,
        "certification_enrollment": on_certifications,
        "user_skill": _once(reached, 3),
    }


def _grades(size: Size, dice: random.Random, modules: dict[str, list[str]]) -> dict[str, Rows]:
    enrolled: Rows = [["userId", "courseId", "courseInstanceId", "dateEnrolled", "deadline"]]
    grades: Rows = [
        ["userId", "courseId", "moduleId", "completion", "started", "success"]
        + ["scoreRaw", "duration", "startedDate", "successDate", "completionDate"]
    ]
    people, turn = emails(size), 0
    while len(grades) <= size.completions:
        email = people[turn % size.people]
        course = f"C{(turn * 7 + turn // size.people) % size.courses}"
        turn += 1
        began = 110 + dice.random() * 300
        enrolled.append([email, course, "I2", moment(began), moment(900) if turn % 3 else ""])
        for place, module in enumerate(modules[course]):
            at, failed = began + 1 + place + dice.random(), turn % 17 == 0 and place == 0
            grades.append(
                [email, course, module, "TRUE", "TRUE", "FALSE" if failed else "TRUE"]
                + ["80", "600", moment(began), "" if failed else moment(at), moment(at)]
            )
    return {"enrollment": _once(enrolled, 2), "user_course_grade": _once(grades, 3)}


def _once(rows: Rows, parts: int) -> Rows:
    """Leave out what was said before, by the first cells."""
    found: dict[tuple[str, ...], list[str]] = {}
    for row in rows:
        found.setdefault(tuple(row[:parts]), row)
    return list(found.values())
