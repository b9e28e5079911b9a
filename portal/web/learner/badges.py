"""What a learner has earned: the list, and each badge with its way to Credly and its sharing."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.clock import utc_now
from portal.models import Award
from portal.services.issuing import awards, open_badges, orders, public_pages, reading_back, sharing
from portal.services.learning import why
from portal.web import journeys, linked_in, wallet
from portal.web.access import page
from portal.web.arguments import SHOWN
from portal.web.means import means
from portal.web.next_steps import what_holds, when_over

bp = page("badges")


@bp.get("")
def index() -> str | tuple[str, int]:
    shelf = wallet.shelf(current_user, utc_now())
    if shelf["shown"] and _shows_it_already(shelf["shown"]):
        return "", 204
    profile = sharing.credly_profile(current_user, means())
    return render_template("learner/badges/index.html", profile=profile, **shelf)


@bp.get("/<int:award_id>")
def show(award_id: int) -> str | tuple[str, int]:
    award = awards.get_for_learner(current_user, award_id)
    delivery = awards.delivery_of(award.issued_badge)
    shown = journeys.shown_key(award, delivery)
    if _shows_it_already(shown):
        return "", 204
    return render_template(
        "learner/badges/show.html",
        **_story_of(award),
        **_sharing_of(award),
        shown=shown,
        waits=what_holds(award.issued_badge, delivery),
        in_english=orders.writes_english_instead(current_user.locale),
    )


@bp.post("/<int:award_id>/check")
def check(award_id: int) -> Response:
    award = awards.get_for_learner(current_user, award_id)
    if award.issued_badge and award.issued_badge.credly_id:
        reading_back.check_now(issued=award.issued_badge, now=utc_now())
        flash(_("Credly is being asked. What it says shows here in a moment."), "info")
    return redirect(url_for(".show", award_id=award.id))


def _shows_it_already(shown: str) -> bool:
    """Whether nothing changed: htmx leaves the page, and whatever has the focus, alone then."""
    return request.args.get(SHOWN) == shown and "HX-Request" in request.headers


def _story_of(award: Award) -> dict[str, object]:
    source = why.sources_of([award]).get(award.id)
    return {
        "award": award,
        "held": award.id in awards.already_held(current_user, [award]),
        "source": source,
        "over": when_over(award, source, utc_now()),
        "level": why.skill_level_of(award),
        "way": journeys.way_of(award),
        "moving": journeys.still_moving(award),
    }


def _sharing_of(award: Award) -> dict[str, object]:
    public_url = public_pages.address_of(public_pages.of_award(award), means())
    share = sharing.share_of(award, means(), public_url)
    return {
        "public_url": public_url,
        "record": open_badges.of_issued(award.issued_badge),
        "share": share,
        "linked_in_rows": linked_in.rows_of(share.linked_in) if share else [],
        "mail": linked_in.mail_of(award, share),
        "profile": sharing.credly_profile(current_user, means()),
    }
