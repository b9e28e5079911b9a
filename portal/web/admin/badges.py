"""Badges: what can be earned, where it comes from and what hangs on it."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.clock import utc_now
from portal.errors import RuleBroken
from portal.later import later
from portal.policies import is_admin
from portal.services import audit
from portal.services.issuing import badges, connections
from portal.services.learning import coverage, drift
from portal.web.access import page
from portal.web.answers import ZIP_TYPE, attached
from portal.web.arguments import page_number, text_argument
from portal.web.forms.badges import AddBadgeForm, EditBadgeForm
from portal.web.means import means
from portal.wording import words

exporting = later("portal.services.importing.exporting")
kinds = later("portal.services.importing.kinds")
with_pictures = later("portal.services.importing.badges.with_pictures")

bp = page("badges")


@bp.get("")
def index() -> str:
    wanted = {name: text_argument(name) for name in ("q", "state", "provider", "connection", "use")}
    sort = badges.NEWEST if text_argument("sort") == badges.NEWEST else ""
    return render_template(
        "admin/badges/index.html",
        page=badges.list_for_staff(
            **{name: value for name, value in wanted.items() if name != "use"},
            only=coverage.unused() if wanted["use"] == "none" else None,
            page=page_number(),
            sort=sort,
        ),
        wanted=wanted,
        sort=sort,
        connections=connections.list_all(),
    )


@bp.get("/export")
def export() -> str:
    return render_template("admin/badges/export.html")


@bp.post("/export.csv")
def export_csv() -> Response:
    audit.downloaded("export.badges", pictures=False)
    return attached(exporting.written(kinds.BADGES), "badge.csv")


@bp.post("/export.zip")
def export_zip() -> Response:
    try:
        pieces = with_pictures.zipped(means())
    except RuleBroken as broken:
        flash(words(broken.message), "danger")
        return redirect(url_for(".export"))
    audit.downloaded("export.badges", pictures=True)
    return attached(pieces, "badges.zip", ZIP_TYPE)


@bp.route("/new", methods=["GET", "POST"])
def new() -> str | Response:
    form = AddBadgeForm().offer(connections.list_all())
    if form.validate_on_submit():
        try:
            badge = badges.add_by_hand(
                name=form.name.data,
                external_badge_id=form.external_badge_id.data,
                connection_id=form.connection.data,
                now=utc_now(),
            )
        except RuleBroken as broken:
            form.take(broken)
        else:
            flash(_("The badge was added."), "success")
            return redirect(url_for(".show", badge_id=badge.id))
    return render_template("admin/badges/new.html", form=form)


@bp.get("/sync")
def sync() -> str | Response:
    found = connections.list_all()
    if len(found) == 1:
        return redirect(url_for("admin.credly.pick", connection_id=found[0].id))
    return render_template("admin/badges/sync.html", connections=found)


@bp.get("/<int:badge_id>")
def show(badge_id: int) -> str:
    badge = badges.get(badge_id)
    return render_template(
        "admin/badges/show.html",
        badge=badge,
        touched=drift.touched_by([badge])[0],
        changes=drift.changes_of(badge),
        is_admin=is_admin(current_user),
    )


@bp.route("/<int:badge_id>/edit", methods=["GET", "POST"])
def edit(badge_id: int) -> str | Response:
    badge = badges.get(badge_id)
    form = EditBadgeForm(data={"name": badge.own_name, "retired": not badge.is_active})
    if form.validate_on_submit():
        try:
            badges.change(badge=badge, name=form.name.data, retired=form.retired.data)
        except RuleBroken as broken:
            form.take(broken)
        else:
            flash(_("Saved."), "success")
            return redirect(url_for(".show", badge_id=badge_id))
    touched = drift.touched_by([badge])[0]
    return render_template(
        "admin/badges/edit.html",
        form=form,
        badge=badge,
        touched=touched,
        is_admin=is_admin(current_user),
    )
