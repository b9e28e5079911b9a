"""A learner's own transcript: to look at, to print, to take along."""

from flask import Response, render_template
from flask_login import current_user

from portal.clock import utc_now
from portal.services.reports import transcripts
from portal.web import transcripts as files
from portal.web.access import page

bp = page("transcript")


@bp.get("")
def index() -> str:
    lines = transcripts.of_person(current_user)
    return render_template(
        "learner/transcript/index.html",
        lines=files.shown(lines),
        said=files.sentence(lines, utc_now()),
    )


@bp.get("/transcript.csv")
def as_csv() -> Response:
    return files.as_csv(current_user)


@bp.get("/transcript.pdf")
def as_pdf() -> Response:
    return files.as_pdf(current_user, utc_now())
