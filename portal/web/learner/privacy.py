"""A person's own data: what is held, the copy of it, and whether badges go to Credly."""

from flask import Response, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from portal.clock import utc_now
from portal.services.privacy import data_export, opting_out
from portal.web.access import page
from portal.web.means import means

bp = page("privacy")


@bp.get("")
def index() -> str:
    return render_template("learner/privacy/index.html")


@bp.post("/download")
def download() -> Response:
    data = data_export.of_person(
        person=current_user, actor=current_user, means=means(), now=utc_now()
    )
    answer = Response(data, content_type="application/zip")
    answer.headers.set("Content-Disposition", "attachment", filename="my-data.zip")
    return answer


@bp.post("/opt-out")
def opt_out() -> AnyResponse:
    waiting = opting_out.opt_out(person=current_user, now=utc_now())
    flash(_("From now on nothing about you is sent to Credly."), "success")
    if waiting:
        flash(
            ngettext(
                "%(num)s badge that was on its way stays here.",
                "%(num)s badges that were on their way stay here.",
                waiting,
            ),
            "info",
        )
    return redirect(url_for(".index"))


@bp.post("/opt-in")
def opt_in() -> AnyResponse:
    opting_out.opt_in(person=current_user, now=utc_now())
    flash(_("Your badges go to Credly again, those that waited too."), "success")
    return redirect(url_for(".index"))
