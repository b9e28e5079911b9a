"""Import people.csv: choose the file; invite those whom it has brought."""

from collections.abc import Sequence

from flask import Response, flash, redirect, render_template, url_for
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from portal.clock import utc_now
from portal.errors import RuleBroken
from portal.later import later
from portal.models import Person, Role
from portal.services.importing.formulas import quoted
from portal.web.access import page
from portal.web.answers import attached
from portal.web.forms.imports import PeopleImportForm
from portal.web.language import locale_of_reader
from portal.web.means import means
from portal.wording import words

imports = later("portal.services.importing.imports")
inviting = later("portal.services.importing.people.inviting")
kinds = later("portal.services.importing.kinds")

bp = page("people_import", Role.ADMIN, prefix="/people/import")


@bp.route("", methods=["GET", "POST"])
def index() -> tuple[str, int] | AnyResponse:
    form, status = PeopleImportForm(), 200
    if form.validate_on_submit():
        try:
            run = imports.upload(
                actor=current_user,
                stream=form.file.data.stream,
                file_name=form.file.data.filename,
                kind=kinds.PEOPLE.name,
                means=means(),
                now=utc_now(),
            )
        except RuleBroken as broken:
            form.take(broken)
            status = 413 if broken.message.code == "import_too_large" else 200
        else:
            return redirect(url_for("admin.imports.show", run_id=run.id))
    return render_template("admin/people_import/index.html", form=form), status


@bp.post("/<int:run_id>/invite")
def invite(run_id: int) -> AnyResponse:
    run, address = (
        imports.get_for(current_user, run_id),
        url_for("admin.imports.show", run_id=run_id),
    )
    try:
        language = locale_of_reader()
        invited = inviting.invite(run=run, means=means(), now=utc_now(), locale=language)
    except RuleBroken as broken:
        flash(words(broken.message), "danger")
        return redirect(address)
    if not means().mail_is_set_up:
        return handed_over(invited)
    sent = "%(num)s invitation is on its way.", "%(num)s invitations are on their way."
    flash(ngettext(*sent, len(invited)), "success")
    return redirect(address)


def handed_over(invited: Sequence[tuple[Person, str]]) -> Response:
    """Answer with the links as a file: they are shown in it and nowhere else, ever."""
    lines = [["email", "firstName", "lastName", "invitation"]]
    lines += [[one.email, one.first_name, one.last_name, link] for one, link in invited]
    return attached(["\ufeff", *map(quoted, lines)], "invitations.csv")
