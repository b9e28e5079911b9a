"""Import badge.csv: choose the file, see what it should look like."""

from flask import redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from portal.clock import utc_now
from portal.errors import RuleBroken
from portal.later import later
from portal.services.issuing import connections
from portal.web.access import page
from portal.web.forms.imports import BadgeImportForm
from portal.web.means import means

imports = later("portal.services.importing.imports")
kinds = later("portal.services.importing.kinds")

bp = page("badge_import", prefix="/badges/import")


@bp.route("", methods=["GET", "POST"])
def index() -> tuple[str, int] | AnyResponse:
    status = 200
    form = BadgeImportForm().offer(connections.list_all())
    if form.validate_on_submit():
        try:
            run = imports.upload(
                actor=current_user,
                stream=form.file.data.stream,
                file_name=form.file.data.filename,
                kind=kinds.BADGES.name,
                connection_id=form.connection.data,
                means=means(),
                now=utc_now(),
            )
        except RuleBroken as broken:
            form.take(broken)
            status = 413 if broken.message.code == "import_too_large" else 200
        else:
            return redirect(url_for("admin.imports.show", run_id=run.id))
    return render_template("admin/badge_import/index.html", form=form), status
