"""The page of one import, which administrators and authors see of their own kinds."""

from flask import make_response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from portal.models import ImportRun
from portal.services.importing import imports
from portal.services.importing.kinds import KINDS
from portal.services.importing.turns import is_behind_another


def show_run(run: ImportRun, *, upload_page: str | None, **invitations: object) -> AnyResponse:
    """Show a run where it stands; where it has ended meanwhile, the whole page is asked for anew.

    `upload_page` is the endpoint behind *another file*; `invitations` say whom it has added without
    a password, where people can come in.
    """
    text = render_template(
        "admin/imports/show.html",
        run=run,
        counts=imports.counts_of(run),
        samples=imports.samples_of(run),
        queued=is_behind_another(run),
        takes_connection=KINDS[run.kind].takes_connection,
        upload_page=upload_page,
        **{"uninvited": None, **invitations},
    )
    answer = make_response(text)
    if "HX-Request" in request.headers and run.state not in imports.WORKING:
        answer.headers["HX-Refresh"] = "true"  # the page's buttons are others now
    return answer
