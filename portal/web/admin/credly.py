"""Connections to Credly: made, tested, mended, paused, deleted."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.clock import utc_now
from portal.errors import RuleBroken
from portal.messages import say
from portal.models import Connection
from portal.policies import is_admin
from portal.services.issuing import badges, connections, syncing, webhook_addresses, webhooks
from portal.services.learning import drift
from portal.web.access import page
from portal.web.answers import after
from portal.web.arguments import chosen_ids, page_number, place, text_argument
from portal.web.forms.connections import ConnectForm, EditForm, TokenForm
from portal.web.letting_in import prove_again
from portal.web.means import means
from portal.wording import words

bp = page("credly", prefix="/connectors/credly")


@bp.get("")
def index() -> str:
    found = connections.list_all()
    return render_template("admin/credly/index.html", connections=found, now=utc_now())


@bp.route("/new", methods=["GET", "POST"])
def new() -> str | Response:
    form = ConnectForm()
    if form.validate_on_submit():
        try:
            connection = connections.connect(
                name=form.name.data,
                organization_id=form.organization_id.data,
                token=form.token.data,
                hostname=form.hostname.data,
                means=means(),
                now=utc_now(),
            )
        except RuleBroken as broken:
            form.take(broken)
        else:
            said = _("Connected to %(name)s.", name=connection.organization_name)
            flash(said, "success")
            warn_of_twin(connection)
            return redirect(url_for(".show", connection_id=connection.id))
    return render_template("admin/credly/new.html", form=form)


def warn_of_twin(connection: Connection) -> None:
    """Say so when two connections speak for one organisation."""
    twin = connections.twin_of(connection)
    if twin is not None:
        flash(words(say("same_organization", name=twin.name)), "warning")


@bp.get("/<int:connection_id>")
def show(connection_id: int) -> str:
    connection = connections.get(connection_id)
    return render_template(
        "admin/credly/show.html",
        connection=connection,
        now=utc_now(),
        badges=connections.count_badges(connection),
        counts=connections.count_deliveries(connection),
        runs=syncing.runs_of(connection),
    )


@bp.post("/<int:connection_id>/test")
def test(connection_id: int) -> Response:
    connection = connections.get(connection_id)
    return after(
        lambda: connections.test(connection=connection, means=means(), now=utc_now()),
        _("Credly answered: the connection works."),
        url_for(".show", connection_id=connection_id),
    )


@bp.route("/<int:connection_id>/edit", methods=["GET", "POST"])
def edit(connection_id: int) -> str | Response:
    connection = connections.get(connection_id)
    form = EditForm(obj=connection)
    if form.validate_on_submit():
        try:
            connections.edit(
                connection=connection,
                name=form.name.data,
                linked_in_id=form.linked_in_organization_id.data,
                linked_in_name=form.linked_in_organization_name.data,
            )
        except RuleBroken as broken:
            form.take(broken)
        else:
            flash(_("Saved."), "success")
            return redirect(url_for(".show", connection_id=connection_id))
    return render_template("admin/credly/edit.html", form=form, connection=connection)


@bp.route("/<int:connection_id>/token", methods=["GET", "POST"])
def token(connection_id: int) -> str | Response:
    connection = connections.get(connection_id)
    form = TokenForm()
    if form.validate_on_submit():
        try:
            prove_again(form)
            connections.replace_token(
                connection=connection, token=form.token.data, means=means(), now=utc_now()
            )
        except RuleBroken as broken:
            form.take(broken)
        else:
            flash(_("The token was replaced. What was held goes on by itself."), "success")
            return redirect(url_for(".show", connection_id=connection_id))
    return render_template(
        "admin/credly/token.html", form=form, connection=connection, now=utc_now()
    )


@bp.post("/<int:connection_id>/pause")
def pause(connection_id: int) -> Response:
    connection = connections.get(connection_id)
    return after(
        lambda: connections.pause(connection=connection, now=utc_now()),
        _("Paused. Nothing is sent until you resume it."),
        url_for(".show", connection_id=connection_id),
    )


@bp.post("/<int:connection_id>/resume")
def resume(connection_id: int) -> Response:
    connection = connections.get(connection_id)
    return after(
        lambda: connections.resume(connection=connection, means=means(), now=utc_now()),
        _("Resumed. What was held goes on by itself."),
        url_for(".show", connection_id=connection_id),
    )


@bp.route("/<int:connection_id>/delete", methods=["GET", "POST"])
def delete(connection_id: int) -> str | Response:
    connection = connections.get(connection_id)
    if request.method == "POST":
        said = _("The connection %(name)s was deleted.", name=connection.name)
        return after(lambda: connections.delete(connection=connection), said, url_for(".index"))
    in_use = connections.count_badges(connection)
    return render_template("admin/credly/delete.html", connection=connection, badges=in_use)


@bp.post("/<int:connection_id>/sync")
def sync(connection_id: int) -> Response:
    connection = connections.get(connection_id)
    syncing.ask_for(connection=connection, actor=current_user, now=utc_now())
    return redirect(url_for(".pick", connection_id=connection_id))


@bp.get("/<int:connection_id>/badges")
def pick(connection_id: int) -> str:
    connection = connections.get(connection_id)
    q = text_argument("q")
    return render_template(
        "admin/credly/pick.html",
        connection=connection,
        q=q,
        page=badges.templates_to_add(connection, q, page_number()),
        run=next(iter(syncing.runs_of(connection, limit=1)), None),
    )


@bp.post("/<int:connection_id>/badges")
def add(connection_id: int) -> Response:
    connection = connections.get(connection_id)
    added = badges.add_from_templates(
        connection=connection, template_ids=chosen_ids("template"), now=utc_now()
    )
    if not added:
        flash(_("Choose at least one badge."), "danger")
        return redirect(url_for(".pick", connection_id=connection_id))
    flash(ngettext("%(num)s badge added.", "%(num)s badges added.", len(added)), "success")
    return redirect(url_for("admin.badges.index", connection=connection_id))


@bp.get("/<int:connection_id>/runs/<int:run_id>")
def run(connection_id: int, run_id: int) -> str:
    connection = connections.get(connection_id)
    found = syncing.get_run(connection, run_id)
    return render_template(
        "admin/credly/run.html",
        connection=connection,
        run=found,
        touched=drift.of_run(found),
        is_admin=is_admin(current_user),
    )


@bp.post("/<int:connection_id>/webhook")
def webhook(connection_id: int) -> Response:
    connection = connections.get(connection_id)
    return after(
        lambda: webhook_addresses.set_address(connection=connection, means=means(), now=utc_now()),
        _("Credly now sends its events here. An address given before no longer works."),
        url_for(".show", connection_id=connection_id),
    )


@bp.get("/<int:connection_id>/events")
def events(connection_id: int) -> str:
    connection = connections.get(connection_id)
    page_of_events = webhooks.events_of(connection, place())
    return render_template("admin/credly/events.html", connection=connection, page=page_of_events)
