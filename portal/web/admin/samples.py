"""Sample files: what each kind of file looks like, and one of each to download."""

from flask import Response, render_template
from flask_login import current_user

from portal.clock import utc_now
from portal.later import later
from portal.web.access import page
from portal.web.answers import CSV_TYPE, ZIP_TYPE, attached

samples = later("portal.services.importing.samples")

bp = page("samples", prefix="/imports/samples")


@bp.get("")
def index() -> str:
    return render_template("admin/samples/index.html", samples=samples.list_for(current_user))


@bp.get("/<file_name>")
def download(file_name: str) -> Response:
    content = samples.content_of(current_user, file_name, utc_now())
    kind = ZIP_TYPE if file_name == samples.ZIP else CSV_TYPE
    return attached([content], file_name, kind)
