"""The files of a catalogue as kinds of files, in the order in which they lean on one another."""

from collections.abc import Callable, Iterator
from functools import partial

from portal.models import Kind, LearningObject, Person
from portal.policies import is_admin
from portal.services.importing.catalogue import (
    certifications,
    courses,
    enrolments,
    grades,
    instances,
    modules,
    paths,
    reached,
    skills,
)
from portal.services.importing.catalogue.going_out import certifications as out_certifications
from portal.services.importing.catalogue.going_out import courses as out_courses
from portal.services.importing.catalogue.going_out import paths as out_paths
from portal.services.importing.catalogue.going_out import records
from portal.services.importing.catalogue.going_out import skills as out_skills
from portal.services.importing.catalogue.judging import CatalogueWork, Keeper
from portal.services.importing.catalogue.rows import Shape
from portal.services.importing.catalogue.samples import sample_of
from portal.services.importing.file_kind import FileKind

_KEEPERS: tuple[tuple[Shape, type[Keeper], Callable[[], Iterator[list[str]]]], ...] = (
    (skills.SKILL, skills.Skills, out_skills.skills),
    (skills.SKILL_LEVEL, skills.SkillLevels, out_skills.skill_levels),
    (modules.MODULE, modules.Modules, out_courses.modules),
    (modules.MODULE_VERSION, modules.ModuleVersions, out_courses.module_versions),
    (courses.COURSE, courses.Courses, out_courses.courses),
    (instances.COURSE_INSTANCE, instances.CourseInstances, out_courses.course_instances),
    (modules.COURSE_MODULE, modules.CourseModules, out_courses.course_modules),
    (skills.SKILL_COURSE, skills.SkillCourses, out_skills.skill_courses),
    (paths.LEARNING_PROGRAM, paths.Paths, out_paths.learning_programs),
    (paths.LEARNING_PROGRAM_COURSE, paths.Steps, out_paths.learning_program_courses),
    (instances.PROGRAM_INSTANCE, instances.ProgramInstances, out_paths.program_instances),
    (instances.INSTANCES_COURSES, instances.Pairs, out_paths.instances_courses),
    (
        certifications.CERTIFICATION,
        certifications.Certifications,
        out_certifications.certifications,
    ),
    (
        certifications.CERTIFICATION_COURSE,
        certifications.Courses,
        out_certifications.certification_courses,
    ),
    (
        certifications.CERTIFICATION_COMMIT,
        certifications.Commits,
        out_certifications.certification_commits,
    ),
    (
        enrolments.ENROLLMENT,
        enrolments.CourseEnrolments,
        partial(records.enrolments_on, Kind.COURSE),
    ),
    (
        enrolments.PROGRAM_ENROLLMENT,
        enrolments.PathEnrolments,
        partial(records.enrolments_on, Kind.LEARNING_PATH),
    ),
    (
        enrolments.CERTIFICATION_ENROLLMENT,
        enrolments.CertificationEnrolments,
        partial(records.enrolments_on, Kind.CERTIFICATION),
    ),
    (grades.USER_COURSE_GRADE, grades.Grades, records.grades),
    (reached.USER_SKILL, reached.ReachedLevels, records.reached_levels),
)

LONGEST_NAME = 32  # letters that `import_run.kind` holds; SQLite alone would take more


def _may_import(actor: Person, _about: LearningObject | None) -> bool:
    return is_admin(actor)


def _kind(
    shape: Shape, keeper: type[Keeper], export: Callable[[], Iterator[list[str]]]
) -> FileKind:
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
        export=export,
    )


CATALOGUE = tuple(_kind(shape, keeper, export) for shape, keeper, export in _KEEPERS)
