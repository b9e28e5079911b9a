"""Award earlier completions: the preview, and each run with its people."""

from flask import Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from portal.clock import utc_now
from portal.errors import RuleBroken
from portal.models import EarlierRun, EarlierState
from portal.services import audit
from portal.services.learning import earlier, earlier_undo, earlier_verdicts, sources
from portal.services.learning.sources import Source
from portal.web import earlier_csv
from portal.web.access import page
from portal.web.answers import after
from portal.web.arguments import place, text_argument
from portal.web.cautions import cautions
from portal.web.forms.earlier import EarlierForm, ReasonForm

bp = page("earlier", prefix="/earlier-completions")
PLACE = "/<what>/<int:source_id>"


@bp.route(PLACE, methods=["GET", "POST"])
def index(what: str, source_id: int) -> str | AnyResponse:
    source = sources.get_for_managing(current_user, what, source_id)
    form = EarlierForm()
    if form.validate_on_submit():
        try:
            run = earlier.start(
                actor=current_user,
                source=source,
                reason=form.reason.data,
                suppress_mail=form.suppress_mail.data,
                now=utc_now(),
            )
        except RuleBroken as broken:
            form.take(broken)
        else:
            return redirect(url_for(".show", run_id=run.id))
    return _preview(source, form)


@bp.post(f"{PLACE}/people.csv")
def people(what: str, source_id: int) -> Response:
    source = sources.get_for_managing(current_user, what, source_id)
    q, outcome = text_argument("q"), text_argument("outcome")
    audit.downloaded("export.earlier", subject=source.learning_object or source.level.skill)
    return earlier_csv.of_preview(source, q, outcome, utc_now())


@bp.get("/<int:run_id>")
def show(run_id: int) -> AnyResponse:
    run, source = earlier.get_for_managing(current_user, run_id)
    text = render_template("author/earlier/show.html", **_told(run, source))
    answer = make_response(text)
    if "HX-Request" in request.headers and run.state is not EarlierState.RUNNING:
        answer.headers["HX-Refresh"] = "true"  # the page's buttons are others now
    return answer


@bp.post("/<int:run_id>/people.csv")
def rows(run_id: int) -> Response:
    run, _source = earlier.get_for_managing(current_user, run_id)
    audit.downloaded("export.earlier", subject=run)
    return earlier_csv.of_run(run)


@bp.post("/<int:run_id>/pause")
def pause(run_id: int) -> AnyResponse:
    run, _source = earlier.get_for_managing(current_user, run_id)
    return after(
        lambda: earlier.pause(actor=current_user, run=run, now=utc_now()),
        _("Paused. Nothing more is awarded until somebody resumes it."),
        url_for(".show", run_id=run_id),
    )


@bp.post("/<int:run_id>/resume")
def resume(run_id: int) -> AnyResponse:
    run, _source = earlier.get_for_managing(current_user, run_id)
    return after(
        lambda: earlier.resume(actor=current_user, run=run, now=utc_now()),
        _("It goes on where it was paused."),
        url_for(".show", run_id=run_id),
    )


@bp.route("/<int:run_id>/undo", methods=["GET", "POST"])
def undo(run_id: int) -> str | AnyResponse:
    run, source = earlier.get_for_managing(current_user, run_id)
    form, back = ReasonForm(), url_for(".show", run_id=run_id)
    if run.state is EarlierState.UNDONE:
        return redirect(back)
    if form.validate_on_submit():
        return after(
            lambda: earlier_undo.undo(
                actor=current_user, run=run, reason=form.reason.data, now=utc_now()
            ),
            _("What had not left for Credly was taken back."),
            back,
        )
    would = earlier_undo.prospect(run)
    return render_template(
        "author/earlier/undo.html", run=run, source=source, form=form, would=would
    )


def _preview(source: Source, form: EarlierForm) -> str:
    q, outcome, now = text_argument("q"), text_argument("outcome"), utc_now()
    badge = source.badge
    told = {"source": source, "badge": badge, "form": form, "q": q, "outcome": outcome}
    if badge is not None:
        told["counts"] = earlier_verdicts.counts(source, badge, now)
        told["page"] = earlier_verdicts.list_of(source, badge, q, outcome, now, place())
    return render_template(
        "author/earlier/index.html",
        **told,
        cautions=cautions(badge),
        under_way=earlier.open_run(source),
        runs=earlier.newest_runs_of(source),
    )


def _told(run: EarlierRun, source: Source) -> dict[str, object]:
    q, outcome = text_argument("q"), text_argument("outcome")
    return {
        "run": run,
        "source": source,
        "counts": earlier.counts_of(run),
        "page": earlier.rows_of(run, q, outcome, place()),
        "q": q,
        "outcome": outcome,
    }
