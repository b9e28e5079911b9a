"""The modules of a course as its author makes them, and how many of them it takes."""

from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from sqlalchemy import func, select

from portal.errors import NotFound, RuleBroken
from portal.extensions import db
from portal.messages import say
from portal.models import Course, Criteria, Module, ModuleKind, Person
from portal.services import audit
from portal.services.learning import files
from portal.services.learning.changing import ForStarted, change_of
from portal.services.learning.describing import web_address
from portal.services.means import Means
from portal.services.plain_text import one_line

MOST_MODULES = 200


@dataclass(frozen=True)
class Written:
    """What an author wrote about a module; `file` is a stream and its sender's name for it."""

    title: str
    content: str = ""
    address: str = ""
    file: tuple[BinaryIO, str] | None = None
    required: bool = True


def list_of(course: Course, *, removed: bool = False) -> list[Module]:
    """Return the modules in their order; those that were removed on request."""
    query = select(Module).filter_by(course_id=course.id, removed=removed)
    return list(db.session.scalars(query.order_by(Module.position, Module.id)))


def get(course: Course, module_id: int) -> Module:
    """Return a module of this course, removed or not; raise NotFound."""
    module = db.session.get(Module, module_id)
    if module is None or module.course_id != course.id:
        raise NotFound
    return module


def create(
    *,
    actor: Person,
    course: Course,
    kind: ModuleKind,
    written: Written,
    answer: ForStarted | None,
    means: Means,
    now: datetime,
) -> Module:
    """Add a module at the end. Raises RuleBroken at its fields or `for_started`. Commits."""
    if len(list_of(course)) >= MOST_MODULES:
        raise RuleBroken(say("modules_too_many", most=MOST_MODULES), "title")
    module = Module(course_id=course.id, kind=kind)
    _check(module, written)
    kept = _keep(module, written, means)
    _fill(module, written, kept)
    last = select(func.coalesce(func.max(Module.position), -1)).filter_by(course_id=course.id)
    with change_of(course, actor=actor, answer=answer, now=now):
        module.position = db.session.scalars(last).one() + 1
        db.session.add(module)
    audit.note("module.create", actor=actor, now=now, subject=module)
    db.session.commit()
    return module


def edit(
    *,
    actor: Person,
    course: Course,
    module: Module,
    written: Written,
    answer: ForStarted | None,
    means: Means,
    now: datetime,
) -> None:
    """Change a module; a new file takes the place of the old one. Commits."""
    _check(module, written)
    kept = _keep(module, written, means)
    old_file = module.file_key
    with change_of(course, actor=actor, answer=answer, now=now):
        _fill(module, written, kept)
        _check_criteria(course, "required")
    audit.note("module.edit", actor=actor, now=now, subject=module)
    db.session.commit()
    if old_file != module.file_key:
        files.remove(old_file, means)


def move(*, course: Course, module: Module, up: bool) -> None:
    """Change places with the neighbour; at the edge nothing happens. Commits."""
    modules = list_of(course)
    at = modules.index(module) if module in modules else 0
    to = at - 1 if up else at + 1
    if module in modules and 0 <= to < len(modules):
        modules.insert(to, modules.pop(at))
        for position, one in enumerate([*modules, *list_of(course, removed=True)]):
            one.position = position
        audit.note("module.move", subject=module)
    db.session.commit()


def remove(
    *, actor: Person, course: Course, module: Module, answer: ForStarted | None, now: datetime
) -> None:
    """Take a module out of the course; who has done it keeps that. Commits."""
    _set_removed(actor, course, module, True, answer, now)


def restore(
    *, actor: Person, course: Course, module: Module, answer: ForStarted | None, now: datetime
) -> None:
    """Bring a removed module back. Commits."""
    _set_removed(actor, course, module, False, answer, now)


def set_criteria(
    *,
    actor: Person,
    course: Course,
    criteria: Criteria,
    needed: int | None,
    answer: ForStarted | None,
    now: datetime,
) -> None:
    """Say which modules it takes. Raises RuleBroken at `criteria` or `needed`. Commits."""
    with change_of(course, actor=actor, answer=answer, now=now):
        course.criteria = criteria
        course.needed = needed if criteria is Criteria.SOME else None
        _check_criteria(course, "criteria")
    audit.note("course.criteria", actor=actor, now=now, subject=course, criteria=criteria.value)
    db.session.commit()


def _set_removed(
    actor: Person,
    course: Course,
    module: Module,
    removed: bool,
    answer: ForStarted | None,
    now: datetime,
) -> None:
    with change_of(course, actor=actor, answer=answer, now=now):
        module.removed = removed
        if removed and list_of(course):
            _check_criteria(course, None)
    action = "module.remove" if removed else "module.restore"
    audit.note(action, actor=actor, now=now, subject=module)
    db.session.commit()


def _check_criteria(course: Course, field: str | None) -> None:
    """What a course asks for must be possible. Everything is as before when it is not."""
    modules = list_of(course)
    broken = None
    if course.criteria is Criteria.SOME and not 1 <= (course.needed or 0) <= len(modules):
        at = "needed" if field == "criteria" else field
        broken = RuleBroken(say("modules_needed_wrong", modules=len(modules)), at)
    elif course.criteria is Criteria.CHOSEN and not any(one.required for one in modules):
        broken = RuleBroken(say("modules_none_required"), field)
    if broken is not None:
        db.session.rollback()
        raise broken


def _check(module: Module, written: Written) -> None:
    """Refuse what is missing before the bytes of a file are looked at."""
    if not one_line(written.title):
        raise RuleBroken(say("title_missing"), "title")
    address = web_address(written.address, "address")
    if module.kind is ModuleKind.ADDRESS and address is None:
        raise RuleBroken(say("address_missing"), "address")
    if module.kind is ModuleKind.TEXT and not written.content.strip():
        raise RuleBroken(say("content_missing"), "content")
    if module.kind is ModuleKind.FILE and written.file is None and module.file_key is None:
        raise RuleBroken(say("file_missing"), "file")


def _keep(module: Module, written: Written, means: Means) -> files.KeptFile | None:
    if module.kind is not ModuleKind.FILE or written.file is None:
        return None
    stream, name = written.file
    return files.keep(stream, name, allowed=files.DOCUMENTS, means=means)


def _fill(module: Module, written: Written, kept: files.KeptFile | None) -> None:
    if kept is not None:
        module.file_key, module.file_name, module.file_type = kept.key, kept.name, kept.type
    module.title, module.content = one_line(written.title), written.content.strip()
    module.address = web_address(written.address, "address")
    module.required = written.required
