"""A correct sample of each file of a catalogue; together they are one small catalogue."""

from collections.abc import Callable
from datetime import datetime

from portal.services.importing.formulas import quoted

MADE = "2025-02-01T09:00:00.000Z"
DONE = "2025-03-14T15:30:00.000Z"
ENDS = "2026-02-01T09:00:00.000Z"
LENA = "lena.learner@example.org"

SAMPLES: dict[str, tuple[tuple[str, ...], ...]] = {
    "skill": (
        ("id", "skillName", "description", "skillCreationDate", "state"),
        ("S1", "Rope work", "Knots that hold.", MADE, "ACTIVE"),
    ),
    "skill_level": (
        ("skillId", "levelId", "maxCredits", "badgeId"),
        ("S1", "1", "10", ""),
    ),
    "module": (
        ("id", "moduleType", "lastModifiedDate", "visibility", "title", "description"),
        ("M1", "Self-paced", MADE, "Shared", "The bowline", "A loop that does not slip."),
        ("M2", "Activity", MADE, "Shared", "Further reading", ""),
    ),
    "module_version": (
        ("moduleId", "moduleVersion", "contentType", "dateCreated", "duration", "contentUrl"),
        ("M1", "1", "OTHER", MADE, "600", ""),
        ("M2", "1", "HYPERLINK", MADE, "300", "https://example.org/knots"),
    ),
    "course": (
        ("id", "courseName", "description", "courseCreationDate", "state", "author"),
        ("C1", "Knots for beginners", "Six knots.", MADE, "Published", "otto@example.org"),
    ),
    "course_instance": (
        ("courseId", "instanceId", "dateCreated", "completionDeadline", "name", "state", "badgeId"),
        ("C1", "I1", MADE, ENDS, "Spring", "Active", "1"),
    ),
    "course_module": (
        ("courseId", "moduleId", "moduleVersion", "courseModuleType", "moduleOrderInCourse"),
        ("C1", "M1", "1", "CONTENT", "0"),
        ("C1", "M2", "1", "CONTENT", "1"),
    ),
    "skill_course": (
        ("courseId", "skillId", "levelId", "credits"),
        ("C1", "S1", "1", "10"),
    ),
    "learning_program": (
        ("id", "name", "overview", "orderEnforced", "state", "dateAdded", "completionLimit"),
        ("P1", "Deck hand", "From knots to sails.", "TRUE", "Published", MADE, ""),
    ),
    "learning_program_course": (
        ("learningProgramId", "courseId", "dateAdded"),
        ("P1", "C1", MADE),
    ),
    "learning_program_instance": (
        ("learningProgramId", "instanceId", "name", "dateAdded", "deadline", "state", "badgeId"),
        ("P1", "I1", "Spring", MADE, ENDS, "Active", ""),
    ),
    "instance_pair": (
        (
            "learningProgramId",
            "learningProgramInstanceId",
            "courseId",
            "courseInstanceId",
            "dateAdded",
        ),
        ("P1", "I1", "C1", "I1", MADE),
    ),
    "certification": (
        ("id", "certificateName", "certificationCreationDate", "daysToComplete", "validity"),
        ("Z1", "Safety at sea", MADE, "90", "12"),
    ),
    "certification_course": (
        ("certificationId", "courseId", "dateAdded", "order"),
        ("Z1", "C1", MADE, "0"),
    ),
    "certification_commit": (("certificationId", "state"), ("Z1", "Published")),
    "enrollment": (("userId", "courseId", "dateEnrolled"), (LENA, "C1", MADE)),
    "learning_program_enrollment": (
        ("userId", "learningProgramId", "dateEnrolled"),
        (LENA, "P1", MADE),
    ),
    "certification_enrollment": (
        ("userId", "certificationId", "dateEnrolled"),
        (LENA, "Z1", MADE),
    ),
    "user_course_grade": (
        (
            "userId",
            "courseId",
            "moduleId",
            "started",
            "startedDate",
            "completion",
            "completionDate",
            "success",
            "successDate",
        ),
        (LENA, "C1", "M1", "TRUE", MADE, "TRUE", DONE, "TRUE", DONE),
        (LENA, "C1", "M2", "TRUE", MADE, "TRUE", DONE, "TRUE", DONE),
    ),
    "user_skill": (("userId", "skillId", "levelId", "achieved"), (LENA, "S1", "1", "TRUE")),
}


def sample_of(name: str) -> Callable[[datetime], str]:
    """Return what writes the sample of this kind of file."""

    def sample(_now: datetime) -> str:
        return "\ufeff" + "".join(quoted(list(row)) for row in SAMPLES[name])

    return sample
