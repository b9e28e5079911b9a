"""Things to learn, for tests: modules, paths, certifications, skills. Everything commits."""

from portal.extensions import db
from portal.models import (
    Badge,
    Certification,
    CertificationCourse,
    Course,
    CourseCredit,
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
)


def make_module(course: Course, title: str = "A first part", **values) -> Module:
    """A module at the end of a course."""
    count = db.session.query(Module).filter_by(course_id=course.id).count()
    module = Module(course_id=course.id, position=count, title=title, **values)
    return _kept(module)


def make_path(
    owner: Person,
    *sections: list[LearningObject] | tuple[int, list[LearningObject]],
    badge: Badge | None = None,
    **values,
) -> LearningPath:
    """A published path; a section is a list of objects, or how many are needed and the list."""
    values = {"title": "The way", "state": ObjectState.PUBLISHED, **values}
    path = LearningPath(owners=[owner], badge=badge, **values)
    for position, section in enumerate(sections):
        needed, objects = section if isinstance(section, tuple) else (None, section)
        steps = [
            PathStep(learning_object_id=one.id, position=number)
            for number, one in enumerate(objects)
        ]
        path.sections.append(PathSection(position=position, needed=needed, steps=steps))
    return _kept(path)


def make_certification(
    owner: Person, courses: list[Course], *, badge: Badge | None = None, **values
) -> Certification:
    """A published certification that needs all of these courses, unless `needed` says less."""
    values = {"title": "Certified", "state": ObjectState.PUBLISHED, **values}
    certification = Certification(owners=[owner], badge=badge, **values)
    certification.courses = [
        CertificationCourse(course_id=one.id, position=number) for number, one in enumerate(courses)
    ]
    return _kept(certification)


def make_skill(*levels: tuple[int, Badge | None], name: str = "Seamanship", **values) -> Skill:
    """A skill; each level is how many credits it takes, and its badge."""
    skill = Skill(name=name, **values)
    skill.levels = [
        SkillLevel(level=number, credits=credits, badge=badge)
        for number, (credits, badge) in enumerate(levels, 1)
    ]
    return _kept(skill)


def give(course: Course, level: SkillLevel, credits: int) -> None:
    """Let a course give credits to a skill level."""
    row = CourseCredit(course_id=course.id, skill_level_id=level.id, credits=credits)
    db.session.add(row)
    db.session.commit()


def grant(path: LearningPath, level: SkillLevel) -> None:
    """Let a path grant a skill level."""
    db.session.add(PathLevel(learning_path_id=path.id, skill_level_id=level.id))
    db.session.commit()


def _kept(row):
    db.session.add(row)
    db.session.commit()
    return row
