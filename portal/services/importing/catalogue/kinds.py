"""The files of a catalogue as kinds of files, in the order in which they lean on one another."""

from portal.models import LearningObject, Person
from portal.policies import is_admin
from portal.services.importing.catalogue import (
    certifications,
    courses,
    enrolments,
    grades,
    instances,
    paths,
    reached,
    skills,
)
from portal.services.importing.catalogue.judging import CatalogueWork, Keeper
from portal.services.importing.catalogue.rows import Shape
from portal.services.importing.catalogue.samples import sample_of
from portal.services.importing.file_kind import FileKind

_KEEPERS: tuple[tuple[Shape, type[Keeper]], ...] = (
    (skills.SKILL, skills.Skills),
    (skills.SKILL_LEVEL, skills.SkillLevels),
    (courses.MODULE, courses.Modules),
    (courses.MODULE_VERSION, courses.ModuleVersions),
    (courses.COURSE, courses.Courses),
    (instances.COURSE_INSTANCE, instances.CourseInstances),
    (courses.COURSE_MODULE, courses.CourseModules),
    (skills.SKILL_COURSE, skills.SkillCourses),
    (paths.LEARNING_PROGRAM, paths.Paths),
    (paths.LEARNING_PROGRAM_COURSE, paths.Steps),
    (instances.PROGRAM_INSTANCE, instances.ProgramInstances),
    (instances.INSTANCES_COURSES, instances.Pairs),
    (certifications.CERTIFICATION, certifications.Certifications),
    (certifications.CERTIFICATION_COURSE, certifications.Courses),
    (certifications.CERTIFICATION_COMMIT, certifications.Commits),
    (enrolments.ENROLLMENT, enrolments.CourseEnrolments),
    (enrolments.PROGRAM_ENROLLMENT, enrolments.PathEnrolments),
    (enrolments.CERTIFICATION_ENROLLMENT, enrolments.CertificationEnrolments),
    (grades.USER_COURSE_GRADE, grades.Grades),
    (reached.USER_SKILL, reached.Reached),
)

LONGEST_NAME = 32  # letters that `import_run.kind` holds; SQLite alone would take more


def _may_import(actor: Person, _about: LearningObject | None) -> bool:
    return is_admin(actor)


def _kind(shape: Shape, keeper: type[Keeper]) -> FileKind:
    work = type(f"{keeper.__name__}Work", (CatalogueWork,), {"shape": shape, "keeper": keeper})
    return FileKind(
        name=shape.name[:LONGEST_NAME],
        file_name=shape.file_name,
        layout=shape.layout,
        read=shape.read,
        work=grades.GradeWork if shape is grades.USER_COURSE_GRADE else work,
        sample=sample_of(shape.name),
        may_import=_may_import,
        in_catalogue=True,
    )


CATALOGUE = tuple(_kind(shape, keeper) for shape, keeper in _KEEPERS)
