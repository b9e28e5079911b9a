"""Recording completions from a file: choose it, see what it would do, start it, see how it went."""

from flask import Response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from portal.clock import utc_now
from portal.errors import NotFound, RuleBroken
from portal.later import later
from portal.models import ImportRun, LearningObject
from portal.services import audit
from portal.services.learning import objects
from portal.services.learning.recording import can_be_recorded
from portal.web.access import page
from portal.web.answers import after, attached
from portal.web.arguments import place, text_argument
from portal.web.forms.learners import CompletionsForm
from portal.web.import_run import leads_to_object, show_run
from portal.web.kinds import kind_at
from portal.web.means import means
from portal.wording import words

error_records = later("portal.services.importing.error_records")
imports = later("portal.services.importing.imports")
kinds = later("portal.services.importing.kinds")
runs = later("portal.services.importing.completions.runs")

bp = page("record_file", prefix="/<kind>/<int:object_id>/learners/file")


@bp.url_defaults
def _stay(_endpoint: str, values: dict) -> None:
    """Links of the pages that imports share stay with the object they are about."""
    for name in ("kind", "object_id"):
        values.setdefault(name, (request.view_args or {}).get(name))


@bp.route("", methods=["GET", "POST"])
def index(kind: str, object_id: int) -> tuple[str, int] | AnyResponse:
    about, form, status = _object(kind, object_id), CompletionsForm(), 200
    if form.validate_on_submit():
        try:
            run = _upload(about, form)
        except RuleBroken as broken:
            form.take(broken)
            status = 413 if broken.message.code == "import_too_large" else 200
        else:
            return redirect(url_for(".show", run_id=run.id))
        about = _object(kind, object_id)
    found = runs.list_of(about, place())
    text = render_template("author/record_file/index.html", about=about, form=form, page=found)
    return text, status


@bp.get("/sample.csv")
def sample(kind: str, object_id: int) -> Response:
    _object(kind, object_id)
    return attached([kinds.COMPLETIONS.sample(utc_now())], kinds.COMPLETIONS.file_name)


@bp.get("/<int:run_id>")
def show(kind: str, object_id: int, run_id: int) -> AnyResponse:
    run = _run(kind, object_id, run_id)
    return show_run(run, upload_page=".index", leads_to=leads_to_object(run))


@bp.get("/<int:run_id>/rows")
def rows(kind: str, object_id: int, run_id: int) -> str:
    run = _run(kind, object_id, run_id)
    q, outcome = text_argument("q"), text_argument("outcome")
    found = imports.rows_of(run, outcome, q, place())
    return render_template("admin/imports/rows.html", run=run, page=found, q=q, kind=outcome)


@bp.post("/<int:run_id>/start")
def start(kind: str, object_id: int, run_id: int) -> AnyResponse:
    run = _run(kind, object_id, run_id)
    return after(
        lambda: imports.start(actor=current_user, run=run, now=utc_now()),
        _("The import has started. You can leave this page; it goes on by itself."),
        url_for(".show", run_id=run_id),
    )


@bp.post("/<int:run_id>/go-on")
def go_on(kind: str, object_id: int, run_id: int) -> AnyResponse:
    run = _run(kind, object_id, run_id)
    return after(
        lambda: imports.go_on(run=run, now=utc_now()),
        _("The import goes on where it stopped."),
        url_for(".show", run_id=run_id),
    )


@bp.route("/<int:run_id>/cancel", methods=["GET", "POST"])
def cancel(kind: str, object_id: int, run_id: int) -> str | AnyResponse:
    run = _run(kind, object_id, run_id)
    if request.method == "GET":
        if run.state not in imports.OPEN:
            return redirect(url_for(".show", run_id=run_id))
        return render_template("admin/imports/cancel.html", run=run)
    return after(
        lambda: imports.cancel(run=run, now=utc_now()),
        _("The import was cancelled."),
        url_for(".show", run_id=run_id),
    )


@bp.post("/<int:run_id>/errors.csv")
def errors(kind: str, object_id: int, run_id: int) -> Response:
    run = _run(kind, object_id, run_id)
    audit.downloaded("export.error_records", subject=run)
    return attached(error_records.written(run, words), f"completions-errors-{run_id}.csv")


def _object(kind: str, object_id: int) -> LearningObject:
    about = objects.get_for_editing(current_user, kind_at(kind), object_id)
    if not can_be_recorded(about):
        raise NotFound
    return about


def _run(kind: str, object_id: int, run_id: int) -> ImportRun:
    return runs.get_for(current_user, _object(kind, object_id), run_id)


def _upload(about: LearningObject, form: CompletionsForm) -> ImportRun:
    return imports.upload(
        actor=current_user,
        stream=form.file.data.stream,
        file_name=form.file.data.filename,
        kind=kinds.COMPLETIONS.name,
        means=means(),
        now=utc_now(),
        about=about,
        options={"success": form.result.data == "success"},
    )
