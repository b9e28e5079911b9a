"""A whole catalogue from another system: one zip, looked at file by file, and started together."""

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from portal.clock import utc_now
from portal.errors import RuleBroken
from portal.later import later
from portal.models import Role
from portal.services.issuing import connections
from portal.web.access import page
from portal.web.answers import ZIP_TYPE, after, attached
from portal.web.arguments import place
from portal.web.forms.imports import CatalogueImportForm, CatalogueStartForm
from portal.web.means import means
from portal.wording import words

bundles = later("portal.services.importing.catalogue.bundles")
imports = later("portal.services.importing.imports")
packing = later("portal.services.importing.catalogue.packing")
samples = later("portal.services.importing.samples")

bp = page("catalogues", Role.ADMIN, prefix="/imports/catalogues")


@bp.route("", methods=["GET", "POST"])
def index() -> tuple[str, int] | AnyResponse:
    form, status = CatalogueImportForm().offer(connections.list_all()), 200
    if form.validate_on_submit():
        try:
            catalogue = bundles.upload(
                actor=current_user,
                stream=form.file.data.stream,
                file_name=form.file.data.filename,
                connection_id=form.connection.data,
                means=means(),
                now=utc_now(),
            )
        except RuleBroken as broken:
            form.take(broken)
            status = 413 if broken.message.code == "import_too_large" else 200
        else:
            return redirect(url_for(".show", catalogue_id=catalogue.id))
    found, files = bundles.list_of(place()), bundles.ORDER
    text = render_template("admin/catalogues/index.html", form=form, page=found, files=files)
    return text, status


@bp.get("/<int:catalogue_id>")
def show(catalogue_id: int) -> AnyResponse:
    catalogue = bundles.get(catalogue_id)
    text = render_template(
        "admin/catalogues/show.html",
        catalogue=catalogue,
        state=catalogue.state,
        history=bundles.history_of(catalogue),
        form=CatalogueStartForm(),
    )
    answer = make_response(text)
    if "HX-Request" in request.headers and catalogue.state not in imports.WORKING:
        answer.headers["HX-Refresh"] = "true"  # the page's buttons are others now
    return answer


@bp.post("/<int:catalogue_id>/start")
def start(catalogue_id: int) -> AnyResponse:
    catalogue, form = bundles.get(catalogue_id), CatalogueStartForm()
    issues = form.history.data == CatalogueStartForm.SEND
    return after(
        lambda: bundles.start(
            actor=current_user, catalogue=catalogue, issues=issues, now=utc_now()
        ),
        _("The import has started. You can leave this page; it goes on by itself."),
        url_for(".show", catalogue_id=catalogue_id),
    )


@bp.route("/<int:catalogue_id>/cancel", methods=["GET", "POST"])
def cancel(catalogue_id: int) -> str | AnyResponse:
    catalogue = bundles.get(catalogue_id)
    address = url_for(".show", catalogue_id=catalogue_id)
    if request.method == "GET":
        if catalogue.state not in imports.OPEN:
            return redirect(address)
        return render_template("admin/catalogues/cancel.html", catalogue=catalogue)
    return after(
        lambda: bundles.cancel(actor=current_user, catalogue=catalogue, now=utc_now()),
        _("The import was cancelled."),
        address,
    )


@bp.post("/export.zip")
def export() -> Response | AnyResponse:
    try:
        pieces = packing.export(means())
    except RuleBroken as broken:
        flash(words(broken.message), "danger")
        return redirect(url_for(".index"))
    return attached(pieces, "catalogue.zip", ZIP_TYPE)


@bp.get("/sample.zip")
def sample() -> Response:
    return attached([samples.catalogue(utc_now())], "catalogue-sample.zip", ZIP_TYPE)
