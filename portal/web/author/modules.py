"""The modules of a course: added, changed, moved, taken out; and how many of them it takes."""

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from portal.clock import utc_now
from portal.errors import NotFound, RuleBroken
from portal.models import Course, Kind, ModuleKind
from portal.services.learning import modules, objects, snapshots
from portal.web.access import page
from portal.web.attachments import attachment
from portal.web.forms.modules import CriteriaForm, ModuleForm, RemoveForm
from portal.web.means import means

bp = page("modules", prefix="/courses/<int:course_id>/modules")


@bp.route("", methods=["GET", "POST"])
def index(course_id: int) -> str | AnyResponse:
    course = _course(course_id)
    form = CriteriaForm(obj=course).about(begun := snapshots.started(course))
    if form.validate_on_submit():
        answer = {"answer": form.answer(), "now": utc_now()}
        try:
            modules.set_criteria(actor=current_user, course=course, **form.words(), **answer)
        except RuleBroken as broken:
            form.take(broken)
        else:
            flash(_("Saved."), "success")
            return _back(course)
    return render_template(
        "author/modules/index.html",
        course=course,
        form=form,
        begun=begun,
        modules=modules.list_of(course),
        removed=modules.list_of(course, removed=True),
    )


@bp.route("/new/<kind>", methods=["GET", "POST"])
def new(course_id: int, kind: str) -> str | AnyResponse:
    course, sort = _course(course_id), _kind(kind)
    form = ModuleForm().about(begun := snapshots.started(course))
    if form.validate_on_submit() and not _preview_asked():
        try:
            modules.create(
                actor=current_user, course=course, kind=sort, written=form.written(), **_how(form)
            )
        except RuleBroken as broken:
            form.take(broken)
        else:
            flash(_("The module was added."), "success")
            return _back(course)
    return _form_page("author/modules/new.html", course, form, begun=begun, kind=sort)


@bp.route("/<int:module_id>/edit", methods=["GET", "POST"])
def edit(course_id: int, module_id: int) -> str | AnyResponse:
    course = _course(course_id)
    module = modules.get(course, module_id)
    form = ModuleForm(obj=module).about(begun := snapshots.started(course))
    if form.validate_on_submit() and not _preview_asked():
        what = {"actor": current_user, "course": course, "module": module}
        try:
            modules.edit(**what, written=form.written(), **_how(form))
        except RuleBroken as broken:
            form.take(broken)
        else:
            flash(_("Saved."), "success")
            return _back(course)
    more = {"begun": begun, "kind": module.kind, "module": module}
    return _form_page("author/modules/edit.html", course, form, **more)


@bp.post("/<int:module_id>/move")
def move(course_id: int, module_id: int) -> AnyResponse:
    course = _course(course_id)
    module = modules.get(course, module_id)
    modules.move(course=course, module=module, up=request.form.get("to") == "up")
    return _back(course)


@bp.route("/<int:module_id>/remove", methods=["GET", "POST"])
def remove(course_id: int, module_id: int) -> str | AnyResponse:
    course = _course(course_id)
    module = modules.get(course, module_id)
    form = RemoveForm().about(begun := snapshots.started(course))
    if form.validate_on_submit():
        work = modules.restore if module.removed else modules.remove
        what = {"actor": current_user, "course": course, "module": module}
        try:
            work(**what, answer=form.answer(), now=utc_now())
        except RuleBroken as broken:
            form.take(broken)
        else:
            flash(_("Saved."), "success")
            return _back(course)
    return _form_page("author/modules/remove.html", course, form, begun=begun, module=module)


@bp.get("/<int:module_id>/file")
def file(course_id: int, module_id: int) -> Response:
    module = modules.get(_course(course_id), module_id)
    return attachment(module.file_key, module.file_name, module.file_type)


def _course(course_id: int) -> Course:
    return objects.get_for_editing(current_user, Kind.COURSE, course_id)


def _kind(word: str) -> ModuleKind:
    if word not in set(ModuleKind):
        raise NotFound
    return ModuleKind(word)


def _how(form: ModuleForm) -> dict:
    return {"answer": form.answer(), "means": means(), "now": utc_now()}


def _form_page(template: str, course: Course, form, **values) -> str:
    return render_template(template, course=course, form=form, preview=_preview_asked(), **values)


def _preview_asked() -> bool:
    return "preview" in request.form


def _back(course: Course) -> AnyResponse:
    return redirect(url_for(".index", course_id=course.id))
