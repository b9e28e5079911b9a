"""Groups: named lists of people, found, made, filled, renamed, deleted."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.clock import utc_now
from portal.errors import RuleBroken
from portal.models import Role
from portal.services.people import choosing, groups
from portal.web.access import page
from portal.web.arguments import chosen_ids, page_number, place, text_argument
from portal.web.forms.groups import GroupForm, PeopleForm

bp = page("groups", Role.ADMIN)


@bp.get("")
def index() -> str:
    q = text_argument("q")
    found = groups.list_for_admin(q, page_number())
    sizes = groups.sizes(found.rows)
    return render_template("admin/groups/index.html", page=found, sizes=sizes, q=q)


@bp.route("/new", methods=["GET", "POST"])
def new() -> str | Response:
    form = GroupForm()
    if form.validate_on_submit():
        try:
            group = groups.create(actor=current_user, now=utc_now(), **_words(form))
        except RuleBroken as broken:
            form.take(broken)
        else:
            flash(_("The group was made. Now put people into it."), "success")
            return redirect(url_for(".add", group_id=group.id))
    return render_template("admin/groups/new.html", form=form)


@bp.get("/<int:group_id>")
def show(group_id: int) -> str:
    group, q = groups.get(group_id), text_argument("q")
    members = groups.members_of(group, q, place())
    return render_template("admin/groups/show.html", group=group, page=members, q=q)


@bp.route("/<int:group_id>/edit", methods=["GET", "POST"])
def edit(group_id: int) -> str | Response:
    group = groups.get(group_id)
    form = GroupForm(obj=group)
    if form.validate_on_submit():
        try:
            groups.rename(group=group, **_words(form))
        except RuleBroken as broken:
            form.take(broken)
        else:
            flash(_("The group was saved."), "success")
            return redirect(url_for(".show", group_id=group_id))
    return render_template("admin/groups/edit.html", form=form, group=groups.get(group_id))


@bp.route("/<int:group_id>/add", methods=["GET", "POST"])
def add(group_id: int) -> str | Response:
    group, form, unknown = groups.get(group_id), PeopleForm(), []
    if form.validate_on_submit():
        try:
            unknown = _add(group_id, form)
        except RuleBroken as broken:
            form.take(broken)
        else:
            if not unknown:
                return redirect(url_for(".show", group_id=group_id))
            form.emails.data = "\n".join(unknown)
    return render_template(
        "admin/groups/add.html", group=group, form=form, unknown=unknown, **_searched()
    )


@bp.post("/<int:group_id>/remove")
def remove(group_id: int) -> Response:
    count = groups.remove(
        actor=current_user,
        group=groups.get(group_id),
        person_ids=chosen_ids("person"),
        now=utc_now(),
    )
    taken = ngettext("%(num)s person was taken out.", "%(num)s people were taken out.", count)
    flash(taken if count else _("Tick the people whom you want to take out."), "info")
    return redirect(url_for(".show", group_id=group_id))


@bp.route("/<int:group_id>/delete", methods=["GET", "POST"])
def delete(group_id: int) -> str | Response:
    group = groups.get(group_id)
    if request.method == "GET":
        size = groups.sizes([group]).get(group.id, 0)
        return render_template("admin/groups/delete.html", group=group, size=size)
    groups.delete_group(actor=current_user, group=group, now=utc_now())
    flash(_("The group was deleted."), "success")
    return redirect(url_for(".index"))


def _searched() -> dict[str, object]:
    q = text_argument("q")
    return {"q": q, "found": choosing.find(q), "most": choosing.MOST_FOUND}


def _words(form: GroupForm) -> dict[str, str]:
    return {"name": form.name.data or "", "description": form.description.data or ""}


def _add(group_id: int, form: PeopleForm) -> list[str]:
    """Put in whom the form names; return what nobody here answers to."""
    chosen = choosing.choose(ids=chosen_ids("person"), pasted=form.emails.data or "", group_id=0)
    count = groups.add(
        actor=current_user, group=groups.get(group_id), people=chosen.people, now=utc_now()
    )
    flash(
        ngettext(
            "%(num)s person was put into the group.",
            "%(num)s people were put into the group.",
            count,
        ),
        "success",
    )
    return chosen.unknown
