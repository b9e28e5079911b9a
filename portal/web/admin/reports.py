"""Reports: what happened to whom, looked at in part and taken along whole."""

from itertools import islice

from flask import Response, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from portal.clock import utc_now
from portal.models import Person, Role
from portal.services import audit
from portal.services.exporting import csv_pieces
from portal.services.people import groups
from portal.services.reports import transcripts
from portal.services.reports.batches import Wanted
from portal.web import reports
from portal.web import transcripts as files
from portal.web.access import page
from portal.web.answers import attached
from portal.web.arguments import kept_arguments
from portal.web.forms.windows import ReportForm
from portal.web.reports import Report

bp = page("reports", Role.ADMIN)
SHOWN = 50


@bp.get("")
def index() -> str:
    return render_template("admin/reports/index.html", reports=reports.offered().values())


@bp.get("/<name>")
def show(name: str) -> str:
    report, form = _report(name), _form()
    wanted = Wanted(form.window(utc_now()), _mentions(form), SHOWN + 1)
    rows = list(islice(report.cells(wanted), SHOWN + 1))
    return render_template(
        "admin/reports/show.html", report=report, form=form, rows=rows[:SHOWN], more=rows[SHOWN:]
    )


@bp.post("/<name>/rows.csv")
def rows(name: str) -> AnyResponse:
    report, form = _report(name), _form()
    window = form.window(utc_now())
    if form.errors:  # the page says what is wrong
        return redirect(url_for(".show", name=name, **kept_arguments()))
    audit.downloaded("export.report", kind=name)
    cells = report.cells(Wanted(window, _mentions(form)))
    days = f"{window.period.first}-{window.period.last}"
    return attached(csv_pieces(report.headings, cells), f"{name}-{days}.csv")


@bp.get("/transcripts/<int:person_id>")
def transcript(person_id: int) -> str:
    person, now = transcripts.get_person(person_id), utc_now()
    lines = transcripts.of_person(person)
    return render_template(
        "admin/reports/transcript.html",
        person=person,
        lines=files.shown(lines),
        said=files.sentence(lines, now),
    )


@bp.post("/transcripts/<int:person_id>/transcript.csv")
def transcript_csv(person_id: int) -> Response:
    return files.as_csv(_taken_along(person_id))


@bp.post("/transcripts/<int:person_id>/transcript.pdf")
def transcript_pdf(person_id: int) -> Response:
    return files.as_pdf(_taken_along(person_id), utc_now())


def _taken_along(person_id: int) -> Person:
    person = transcripts.get_person(person_id)
    audit.downloaded("export.transcript", person_id=person.id)
    return person


def _report(name: str) -> Report:
    found = reports.offered().get(name)
    if found is None:
        abort(404)
    return found


def _form() -> ReportForm:
    form = ReportForm(request.args)
    form.offer(groups.every())
    return form


def _mentions(form: ReportForm) -> str:
    return "" if form.q.errors else form.q.data or ""
