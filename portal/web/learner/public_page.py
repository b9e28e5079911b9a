"""The learner's switch for the public page of one of their badges."""

from flask import Response, abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from markupsafe import escape
from werkzeug.wrappers import Response as AnyResponse

from portal.clock import utc_now
from portal.services.issuing import awards, public_pages
from portal.web import qr_codes
from portal.web.access import page
from portal.web.answers import after
from portal.web.cards import card_png
from portal.web.means import means

bp = page("public_page", prefix="/badges")


@bp.get("/<int:award_id>/public")
def show(award_id: int) -> str:
    award = awards.get_for_learner(current_user, award_id)
    shown = public_pages.of_award(award)
    address = public_pages.address_of(shown, means())
    facts = public_pages.facts_of(award, means(), utc_now())
    return render_template(
        "learner/public_page/show.html",
        award=award,
        facts=facts,
        public=shown,
        address=address,
        snippet=_snippet(address, facts) if address else None,
        qr_code=qr_codes.as_picture(address) if address else None,
    )


@bp.get("/<int:award_id>/card.png")
def card(award_id: int) -> Response:
    award = awards.get_for_learner(current_user, award_id)
    return card_png(public_pages.facts_of(award, means(), utc_now()))


@bp.get("/<int:award_id>/public/qr.png")
def qr_code(award_id: int) -> Response:
    award = awards.get_for_learner(current_user, award_id)
    shown = public_pages.address_of(public_pages.of_award(award), means())
    if shown is None:
        abort(404)
    answer = Response(qr_codes.as_png(shown), content_type="image/png")
    answer.headers["Content-Disposition"] = 'attachment; filename="qr-code.png"'
    return answer


@bp.post("/<int:award_id>/public/on")
def turn_on(award_id: int) -> AnyResponse:
    award = awards.get_for_learner(current_user, award_id)
    return after(
        lambda: public_pages.turn_on(award=award, now=utc_now()),
        _("The public page is on. Whoever has its address can see it."),
        url_for(".show", award_id=award.id),
    )


@bp.post("/<int:award_id>/public/off")
def turn_off(award_id: int) -> AnyResponse:
    award = awards.get_for_learner(current_user, award_id)
    public_pages.turn_off(award=award)
    return redirect(url_for(".show", award_id=award.id))


@bp.post("/<int:award_id>/public/found")
def let_be_found(award_id: int) -> AnyResponse:
    award = awards.get_for_learner(current_user, award_id)
    public_pages.let_be_found(award=award, indexed=request.form.get("indexed") == "yes")
    return redirect(url_for(".show", award_id=award.id))


def _snippet(address: str, facts: public_pages.Facts) -> str:
    """Return HTML that shows the card on another site, and leads to the page."""
    words = escape(f"{facts.badge.name} – {facts.holder}")
    picture = f'<img src="{address}/card.png" width="600" height="315" alt="{words}">'
    return f'<a href="{address}">{picture}</a>'
