"""Certifications as their authors build them."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.clock import utc_now
from portal.errors import RuleBroken
from portal.models import Certification, Kind
from portal.services.learning import certifications, objects
from portal.web.access import page
from portal.web.author.outlines import outline_of_certification, outline_page, sent_outline
from portal.web.forms.certifications import PERPETUAL, RECURRING, CertificationForm
from portal.web.forms.started import StartedForm
from portal.web.kinds import author_url

bp = page("certifications")


@bp.route("/new", methods=["GET", "POST"])
def new() -> str | Response:
    form = CertificationForm()
    if form.validate_on_submit():
        try:
            certification = certifications.create(actor=current_user, **form.words())
        except RuleBroken as broken:
            form.take(broken)
        else:
            flash(_kept_as_draft(certification), "success")
            return redirect(_next_page(certification))
    return render_template("author/certifications/new.html", form=form)


@bp.route("/<int:certification_id>/edit", methods=["GET", "POST"])
def edit(certification_id: int) -> str | Response:
    one = objects.get_for_editing(current_user, Kind.CERTIFICATION, certification_id)
    form = CertificationForm(obj=one, data={"validity": RECURRING if one.recurring else PERPETUAL})
    if form.validate_on_submit():
        try:
            certifications.edit(certification=one, **form.words())
        except RuleBroken as broken:
            form.take(broken)
        else:
            flash(_("Saved."), "success")
            return redirect(author_url(one))
    return render_template("author/certifications/edit.html", form=form, certification=one)


@bp.route("/<int:certification_id>/courses", methods=["GET", "POST"])
def courses(certification_id: int) -> str | Response:
    one = objects.get_for_editing(current_user, Kind.CERTIFICATION, certification_id)
    outline = sent_outline(kinds={Kind.COURSE}) or outline_of_certification(one)
    asked = StartedForm()
    if outline.asked_to_save:
        how = {"answer": asked.answer(), "now": utc_now(), "actor": current_user}
        try:
            certifications.save_courses(certification=one, **outline.course_words(), **how)
        except RuleBroken as broken:
            outline.take(broken, asked)
        else:
            flash(_("The courses were saved."), "success")
            return redirect(author_url(one))
    return outline_page("author/certifications/courses.html", one, outline, asked)


def _kept_as_draft(one: Certification) -> str:
    if one.external:
        return _("It was saved as a draft. Learners do not see it yet.")
    return _("It was saved as a draft. Now choose its courses.")


def _next_page(one: Certification) -> str:
    return author_url(one) if one.external else url_for(".courses", certification_id=one.id)
