"""The books: whether the portal and Credly agree, and one button for each finding."""

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.clock import utc_now
from portal.services.issuing import books, repairs
from portal.services.people import people
from portal.web.access import page
from portal.web.answers import after
from portal.web.arguments import number_of
from portal.web.means import means

bp = page("books")


@bp.get("")
def index() -> str:
    run = books.newest()
    names = people.names_of({row["learner_id"] for row in run.rows}) if run else {}
    return render_template("admin/books/index.html", run=run, names=names)


@bp.post("/balance")
def balance() -> Response:
    books.ask_for(utc_now())
    return redirect(url_for(".index"))


@bp.post("/send")
def send() -> Response:
    award_id = number_of("award_id")
    return _repaired(lambda: repairs.send(actor=current_user, award_id=award_id, now=utc_now()))


@bp.post("/adopt")
def adopt() -> Response:
    return _repaired(
        lambda: repairs.adopt(
            actor=current_user,
            credly_id=request.form.get("credly_id", ""),
            template_id=request.form.get("template_id", ""),
            means=means(),
            now=utc_now(),
        )
    )


@bp.post("/take-over")
def take_over() -> Response:
    issued_id = number_of("issued_badge_id")
    return _repaired(
        lambda: repairs.take_over_state(
            actor=current_user, issued_id=issued_id, means=means(), now=utc_now()
        )
    )


@bp.post("/acknowledge")
def acknowledge() -> Response:
    issued_id = number_of("issued_badge_id")
    return _repaired(
        lambda: repairs.acknowledge(
            actor=current_user, issued_id=issued_id, means=means(), now=utc_now()
        )
    )


def _repaired(work) -> Response:
    said = _("Done, and written down in the trail. Balance the books again to see it.")
    return after(work, said, url_for(".index"))
