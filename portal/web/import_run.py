"""The page of one import, which administrators and authors see of their own kinds."""

from typing import NamedTuple

from flask import make_response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from portal.later import later
from portal.models import ImportRun
from portal.web.kinds import author_url

imports = later("portal.services.importing.imports")
kinds = later("portal.services.importing.kinds")
turns = later("portal.services.importing.turns")


class LeadsTo(NamedTuple):
    """The page on which stands what came in."""

    url: str
    label: str
    icon: str


def leads_to_object(run: ImportRun) -> LeadsTo | None:
    """Lead to the course, path or certification that the file was about."""
    about = run.learning_object
    return LeadsTo(author_url(about), about.title, "book") if about else None


def show_run(
    run: ImportRun,
    *,
    upload_page: str | None,
    leads_to: LeadsTo | None,
    **invitations: object,
) -> AnyResponse:
    """Show a run where it stands; where it has ended meanwhile, the whole page is asked for anew.

    `upload_page` is the endpoint behind *another file*; `leads_to` is where one goes on;
    `invitations` say whom it has added without a password, where people can come in.
    """
    text = render_template(
        "admin/imports/show.html",
        run=run,
        counts=imports.counts_of(run),
        samples=imports.samples_of(run),
        queued=turns.is_behind_another(run),
        takes_connection=kinds.KINDS[run.kind].takes_connection,
        upload_page=upload_page,
        leads_to=leads_to,
        **{"uninvited": None, **invitations},
    )
    answer = make_response(text)
    if "HX-Request" in request.headers and run.state not in imports.WORKING:
        answer.headers["HX-Refresh"] = "true"  # the page's buttons are others now
    return answer
