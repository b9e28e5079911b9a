"""Courses as their authors write them."""

from flask import flash, redirect, render_template, request
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.clock import utc_now
from portal.errors import RuleBroken
from portal.models import Kind
from portal.services.learning import course_skills, courses, objects
from portal.web.access import page
from portal.web.author.object_page import skills_page
from portal.web.forms.courses import CourseForm
from portal.web.forms.skills import CourseSkillsForm
from portal.web.kinds import author_url

bp = page("courses")


@bp.route("/new", methods=["GET", "POST"])
def new() -> str | Response:
    form = CourseForm()
    if form.validate_on_submit() and not _preview_asked():
        try:
            course = courses.create(actor=current_user, **form.words())
        except RuleBroken as broken:
            form.take(broken)
        else:
            flash(_("It was saved as a draft. Learners do not see it yet."), "success")
            return redirect(author_url(course))
    return render_template("author/courses/new.html", form=form, preview=_preview_asked())


@bp.route("/<int:course_id>/edit", methods=["GET", "POST"])
def edit(course_id: int) -> str | Response:
    course = objects.get_for_editing(current_user, Kind.COURSE, course_id)
    form = CourseForm(obj=course)
    if form.validate_on_submit() and not _preview_asked():
        try:
            courses.edit(course=course, **form.words())
        except RuleBroken as broken:
            form.take(broken)
        else:
            flash(_("Saved."), "success")
            return redirect(author_url(course))
    return render_template(
        "author/courses/edit.html", form=form, course=course, preview=_preview_asked()
    )


@bp.route("/<int:course_id>/skills", methods=["GET", "POST"])
def skills(course_id: int) -> str | Response:
    course = objects.get_for_editing(current_user, Kind.COURSE, course_id)
    given = course_skills.credits_of(course)
    rows = [course_skills.row_of(one.skill_level, one.credits) for one in given]
    form = CourseSkillsForm().fill(rows, on_offer := course_skills.on_offer(rows))
    if form.validate_on_submit():
        try:
            course_skills.set_credits(
                actor=current_user, course=course, now=utc_now(), **form.words()
            )
        except RuleBroken as broken:
            form.take(broken)
        else:
            flash(_("Saved."), "success")
            return redirect(author_url(course))
    return skills_page(course, form, on_offer)


def _preview_asked() -> bool:
    return "preview" in request.form
