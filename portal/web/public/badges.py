"""The public page of somebody's badge, and the picture that networks show of it."""

from flask import Blueprint, Response, render_template

from portal.clock import utc_now
from portal.services.issuing import public_pages
from portal.web.cards import card_png
from portal.web.means import means
from portal.web.proof import json_ld
from portal.web.qr_codes import as_picture

bp = Blueprint("badges", __name__, url_prefix="/b")


@bp.get("/<key>")
def show(key: str) -> Response:
    page = public_pages.find(key)
    facts = public_pages.facts_of(page.award, means(), utc_now())
    address = public_pages.address_of(page, means()) or ""
    answer = Response(
        render_template(
            "public/badges/show.html",
            facts=facts,
            address=address,
            indexed=page.indexed,
            linked_data=json_ld(facts, address),
            qr_code=as_picture(address),
        )
    )
    return _for_strangers(answer, page.indexed)


@bp.get("/<key>/card.png")
def card(key: str) -> Response:
    page = public_pages.find(key)
    facts = public_pages.facts_of(page.award, means(), utc_now())
    return _for_strangers(card_png(facts), page.indexed)


def _for_strangers(answer: Response, indexed: bool) -> Response:
    if not indexed:
        answer.headers["X-Robots-Tag"] = "noindex, noarchive"
    # The card is shown by the networks it was made for.
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer
