"""People: found, added, changed, invited, switched off."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.clock import utc_now
from portal.errors import RuleBroken
from portal.later import later
from portal.models import Person, Role
from portal.services import audit
from portal.services.issuing import names, operations, wallet
from portal.services.issuing.holding import is_held
from portal.services.issuing.marks import with_held
from portal.services.learning import enrolments
from portal.services.people import addresses, invitations, people, sessions
from portal.web.access import page
from portal.web.accounts import account_state
from portal.web.answers import after, attached
from portal.web.arguments import place, text_argument
from portal.web.following import say_what_follows
from portal.web.forms.people import ROLES, PersonForm
from portal.web.journeys import enrolment_state
from portal.web.language import locale_of_reader
from portal.web.letting_in import let_in
from portal.web.means import means
from portal.wording import words

exporting = later("portal.services.importing.exporting")
kinds = later("portal.services.importing.kinds")

bp = page("people", Role.ADMIN)


@bp.get("")
def index() -> str:
    q, role = text_argument("q"), text_argument("role", 32)
    found = people.list_for_admin(q, role, place())
    return render_template(
        "admin/people/index.html",
        people=found,
        q=q,
        role=role,
        roles=ROLES,
        account_state=account_state,
        waiting=addresses.people_waiting(utc_now()),
    )


@bp.post("/export.csv")
def export() -> Response:
    audit.downloaded("export.people")
    return attached(exporting.written(kinds.PEOPLE), "people.csv")


@bp.route("/new", methods=["GET", "POST"])
def new() -> str | Response:
    form = PersonForm()
    if form.validate_on_submit():
        try:
            person = people.add(
                email=form.email.data,
                first_name=form.first_name.data,
                last_name=form.last_name.data,
                roles=form.chosen_roles(),
                came_back=form.came_back.data,
            )
        except RuleBroken as broken:
            form.take(broken)
        else:
            flash(_("%(name)s was added.", name=person.name), "success")
            return redirect(url_for(".show", person_id=person.id))
    return render_template("admin/people/new.html", form=form)


@bp.route("/<int:person_id>", methods=["GET", "POST"])
def show(person_id: int) -> str | Response:
    person = people.get(person_id)
    form = PersonForm(obj=person)
    if form.validate_on_submit():
        try:
            change(person, form)
            followed = operations.follow(learner=person, now=utc_now())
        except RuleBroken as broken:
            form.take(broken)
        else:
            flash(_("The changes are saved."), "success")
            say_what_follows(followed)
            return back_to(person)
    return shown(person, form)


@bp.post("/<int:person_id>/invite")
def invite(person_id: int) -> str | Response:
    person = people.get(person_id)
    try:
        language = locale_of_reader()
        link = invitations.send(person=person, means=means(), now=utc_now(), locale=language)
    except RuleBroken as broken:
        flash(words(broken.message), "danger")
        return back_to(person)
    # Shown in this answer and never again: an address to come back to would be kept somewhere.
    return render_template("admin/people/invite.html", person=person, link=link)


@bp.get("/<int:person_id>/deactivate")
def confirm_deactivate(person_id: int) -> str:
    person = people.get(person_id)
    open_sessions = sessions.list_for(person, utc_now())
    return render_template("admin/people/deactivate.html", person=person, sessions=open_sessions)


@bp.post("/<int:person_id>/deactivate")
def deactivate(person_id: int) -> Response:
    person = people.get(person_id)
    return after(
        lambda: people.deactivate(actor=current_user, person=person),
        _("%(name)s can no longer sign in.", name=person.name),
        url_for(".show", person_id=person.id),
    )


@bp.post("/<int:person_id>/activate")
def activate(person_id: int) -> Response:
    person = people.get(person_id)
    return after(
        lambda: people.activate(person=person),
        _("%(name)s can sign in again.", name=person.name),
        url_for(".show", person_id=person.id),
    )


@bp.post("/<int:person_id>/end-sessions")
def end_sessions(person_id: int) -> Response:
    person = people.get(person_id)
    return after(
        lambda: sessions.end_everywhere(person),
        _("%(name)s is signed out everywhere.", name=person.name),
        url_for(".show", person_id=person.id),
    )


def change(person: Person, form: PersonForm) -> None:
    people.change(
        person=person,
        email=form.email.data,
        first_name=form.first_name.data,
        last_name=form.last_name.data,
        roles=form.chosen_roles(),
        now=utc_now(),
    )


def back_to(person: Person) -> Response:
    """Go back to the person's page; whoever changed themselves gets a session under a new id."""
    url = url_for(".show", person_id=person.id)
    if person.id != current_user.id:
        return redirect(url)
    return let_in(person, url if Role.ADMIN in person.roles else url_for("public.front.index"))


def shown(person: Person, form: PersonForm) -> str:
    awards = wallet.list_for_learner(person, wallet.Wanted(), 1, utc_now())
    held = {one.issued_badge.id for one in awards.rows if is_held(one.delivery)}
    return render_template(
        "admin/people/show.html",
        person=person,
        form=form,
        state=account_state(person),
        sessions=sessions.list_for(person, utc_now()),
        enrolments=enrolments.list_of_learner(person),
        awards=awards,
        marks=with_held(awards.rows, held),
        enrolment_state=enrolment_state,
        name_unlikely=names.can_be_confirmed(person),
        asked_addresses=addresses.waiting(person, utc_now()),
    )
