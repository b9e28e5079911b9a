"""Imports: what a file would change, how far a run is, what went in and what did not."""

from flask import Response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from portal.clock import utc_now
from portal.later import later
from portal.models import ImportRun
from portal.services import audit
from portal.services.issuing.badges import NEWEST
from portal.web.access import page
from portal.web.answers import after, attached
from portal.web.arguments import place, text_argument
from portal.web.import_run import LeadsTo, leads_to_object, show_run
from portal.web.means import means
from portal.wording import words

error_records = later("portal.services.importing.error_records")
imports = later("portal.services.importing.imports")
inviting = later("portal.services.importing.people.inviting")
kinds = later("portal.services.importing.kinds")

bp = page("imports")
# Where a file of each kind is uploaded.
UPLOAD_PAGES = {"badges": "admin.badge_import.index", "people": "admin.people_import.index"}


@bp.get("")
def index() -> str:
    q, state = text_argument("q"), text_argument("state")
    found = imports.list_for(current_user, q, state, place())
    mine = kinds.kinds_for(current_user)
    return render_template(
        "admin/imports/index.html",
        page=found,
        q=q,
        state=state,
        kinds=[kind for kind in mine if kind.name in UPLOAD_PAGES],
        catalogues=any(kind.in_catalogue for kind in mine),
        upload_pages=UPLOAD_PAGES,
    )


@bp.get("/<int:run_id>")
def show(run_id: int) -> AnyResponse:
    run = imports.get_for(current_user, run_id)
    return show_run(
        run,
        upload_page=UPLOAD_PAGES.get(run.kind),
        leads_to=_leads_to(run),
        **invitations_of(run),
    )


def _leads_to(run: ImportRun) -> LeadsTo | None:
    """Say where what came in stands; the files of a catalogue lead back to it."""
    if run.kind == kinds.BADGES.name:
        address = url_for("admin.badges.index", sort=NEWEST)
        return LeadsTo(address, _("See the badges"), "award")
    if run.kind == kinds.PEOPLE.name:
        return LeadsTo(url_for("admin.people.index"), _("See the people"), "users")
    return leads_to_object(run)


@bp.get("/<int:run_id>/rows")
def rows(run_id: int) -> str:
    run = imports.get_for(current_user, run_id)
    q, kind = text_argument("q"), text_argument("outcome")
    found = imports.rows_of(run, kind, q, place())
    return render_template("admin/imports/rows.html", run=run, page=found, q=q, kind=kind)


@bp.post("/<int:run_id>/start")
def start(run_id: int) -> AnyResponse:
    run = imports.get_for(current_user, run_id)
    return after(
        lambda: imports.start(actor=current_user, run=run, now=utc_now()),
        _("The import has started. You can leave this page; it goes on by itself."),
        url_for(".show", run_id=run_id),
    )


@bp.post("/<int:run_id>/go-on")
def go_on(run_id: int) -> AnyResponse:
    run = imports.get_for(current_user, run_id)
    return after(
        lambda: imports.go_on(run=run, now=utc_now()),
        _("The import goes on where it stopped."),
        url_for(".show", run_id=run_id),
    )


@bp.route("/<int:run_id>/cancel", methods=["GET", "POST"])
def cancel(run_id: int) -> str | AnyResponse:
    run = imports.get_for(current_user, run_id)
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
def errors(run_id: int) -> Response:
    run = imports.get_for(current_user, run_id)
    audit.downloaded("export.error_records", subject=run)
    stem = kinds.KINDS[run.kind].file_name.removesuffix(".csv")
    return attached(error_records.written(run, words), f"{stem}-errors-{run_id}.csv")


def invitations_of(run: ImportRun) -> dict[str, object]:
    """Return what the page says of those who came in without a password; None where nobody can."""
    over = run.started_at and run.upload and run.state not in imports.WORKING
    people = run.kind == kinds.PEOPLE.name and over
    return {
        "uninvited": inviting.without_invitation(run, utc_now()) if people else None,
        "most_invited": inviting.MOST,
        "mail_is_set_up": means().mail_is_set_up,
    }
