"""Courses as their authors see them."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.errors import RuleBroken
from portal.models import Course
from portal.services.issuing import awards, badges
from portal.services.learning import courses
from portal.web.access import page
from portal.web.arguments import page_number, text_argument
from portal.web.cautions import cautions, doubles
from portal.web.forms.courses import BadgeChoiceForm, CourseForm
from portal.wording import words

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
            flash(_("The course was saved as a draft. Learners do not see it yet."), "success")
            return redirect(url_for(".show", course_id=course.id))
    return render_template("author/courses/new.html", form=form, preview=_preview_asked())


@bp.get("/<int:course_id>")
def show(course_id: int) -> str:
    course = courses.get_for_editing(current_user, course_id)
    return _course_page(course, BadgeChoiceForm(badge=course.badge_id or 0))


@bp.route("/<int:course_id>/edit", methods=["GET", "POST"])
def edit(course_id: int) -> str | Response:
    course = courses.get_for_editing(current_user, course_id)
    form = CourseForm(obj=course)
    if form.validate_on_submit() and not _preview_asked():
        try:
            courses.edit(course=course, **form.words())
        except RuleBroken as broken:
            form.take(broken)
        else:
            flash(_("The course was saved."), "success")
            return redirect(url_for(".show", course_id=course.id))
    return render_template(
        "author/courses/edit.html", form=form, course=course, preview=_preview_asked()
    )


@bp.post("/<int:course_id>/badge")
def badge(course_id: int) -> str | Response:
    course = courses.get_for_editing(current_user, course_id)
    form = BadgeChoiceForm()
    if form.validate_on_submit():
        chosen = badges.get(form.badge.data) if form.badge.data else None
        try:
            courses.attach_badge(course=course, badge=chosen)
        except RuleBroken as broken:
            form.take(broken)
        else:
            flash(_("The badge was saved.") if chosen else _("The badge was taken off."), "success")
            return redirect(url_for(".show", course_id=course.id))
    return _course_page(course, form)


@bp.post("/<int:course_id>/publish")
def publish(course_id: int) -> Response:
    course = courses.get_for_editing(current_user, course_id)
    try:
        courses.publish(course=course)
    except RuleBroken as broken:
        flash(words(broken.message), "danger")
    else:
        flash(_("The course is published. Learners find it in the catalogue."), "success")
        for caution in cautions(course.badge):
            flash(caution, "warning")
    return redirect(url_for(".show", course_id=course.id))


@bp.route("/<int:course_id>/retire", methods=["GET", "POST"])
def retire(course_id: int) -> str | Response:
    course = courses.get_for_editing(current_user, course_id)
    if request.method == "POST":
        courses.retire(course=course)
        flash(_("The course is retired. It is no longer in the catalogue."), "success")
        return redirect(url_for(".show", course_id=course.id))
    unfinished = courses.unfinished(course)
    return render_template("author/courses/retire.html", course=course, unfinished=unfinished)


def _course_page(course: Course, form: BadgeChoiceForm) -> str:
    q = text_argument("q")
    found = list(badges.list_for_attaching(q))
    learners = courses.learners_of(course, page_number())
    return render_template(
        "author/courses/show.html",
        course=course,
        form=form,
        q=q,
        found=found,
        # What the course has now stays on offer, whatever was searched for.
        choices=found if course.badge in {None, *found} else [course.badge, *found],
        cautions=cautions(course.badge),
        doubles=doubles(course.badge),
        learners=learners,
        earned=awards.of_learning_object(course.id, {row.learner_id for row in learners.rows}),
    )


def _preview_asked() -> bool:
    return "preview" in request.form
