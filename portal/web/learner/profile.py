"""A person's own page: how the portal looks to them, where they are signed in, their password."""

from flask import flash, redirect, render_template, session, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.clock import utc_now
from portal.errors import RuleBroken
from portal.models import Theme
from portal.policies import scopes_of
from portal.services.issuing import operations, public_pages, sharing
from portal.services.people import addresses, profile, sessions
from portal.web.access import page, with_passwords_only
from portal.web.browsers import browser_name
from portal.web.following import say_what_follows
from portal.web.forms.people import NameForm, NewPasswordForm, ProfileForm
from portal.web.letting_in import address, let_in
from portal.web.means import means

bp = page("profile")
MOST_PUBLIC = 20  # of the public pages that are listed; one more is read, to say that there are


@bp.route("", methods=["GET", "POST"])
def index() -> str | Response:
    form = ProfileForm(obj=current_user, language=current_user.locale or "")
    if form.validate_on_submit():
        try:
            keep(form)
        except RuleBroken as broken:
            form.take(broken)
        else:
            flash(_("Your profile is saved."), "success")
            return redirect(url_for(".index"))
    return shown(form)


@bp.route("/name", methods=["GET", "POST"])
def name() -> str | Response:
    form = NameForm(obj=current_user)
    if form.validate_on_submit():
        values = {"first_name": form.first_name.data, "last_name": form.last_name.data}
        try:
            followed = profile.rename(person=current_user, **values, now=utc_now())
        except RuleBroken as broken:
            form.take(broken)
        else:
            flash(_("Your name is saved."), "success")
            say_what_follows(followed)
            return redirect(url_for(".index"))
    reach = operations.reach_of(current_user)
    return render_template("learner/profile/name.html", form=form, reach=reach)


@bp.post("/end-sessions")
def end_sessions() -> Response:
    sessions.end_others(current_user, session.id_hash)
    flash(_("You are signed out everywhere but here."), "success")
    return redirect(url_for(".index"))


@bp.route("/password", methods=["GET", "POST"])
def password() -> str | Response:
    with_passwords_only()
    form = NewPasswordForm()
    if form.validate_on_submit():
        values = {"old_password": form.old_password.data, "password": form.password.data}
        try:
            profile.change_password(person=current_user, **values, address=address(), now=utc_now())
        except RuleBroken as broken:
            form.take(broken)
        else:
            said = _("Your password is changed, and every other browser is signed out.")
            flash(said, "success")
            return let_in(current_user, url_for(".index"))
    return render_template("learner/profile/password.html", form=form)


def keep(form: ProfileForm) -> None:
    profile.keep(
        person=current_user,
        locale=form.language.data or None,
        theme=Theme(form.theme.data),
        credly_profile=form.credly_profile.data or "",
        means=means(),
    )


def shown(form: ProfileForm) -> str:
    return render_template(
        "learner/profile/index.html",
        form=form,
        name_usable=profile.name_usable(current_user),
        asked=addresses.waiting(current_user, utc_now()),
        credly_profile=sharing.credly_profile(current_user, means()),
        sessions=sessions.list_for(current_user, utc_now()),
        this_session=session.id_hash,
        browser_name=browser_name,
        makes_tokens=bool(scopes_of(current_user)),
        public_pages=public_pages.shown_of(current_user, MOST_PUBLIC + 1),
        most_public=MOST_PUBLIC,
    )
