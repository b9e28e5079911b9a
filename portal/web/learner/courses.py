"""A course as its learners see it: enrol, work through it, mark it as complete."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.clock import utc_now
from portal.services.issuing import awards
from portal.services.learning import completions, enrolments
from portal.web.access import page
from portal.web.answers import after

bp = page("courses")


@bp.get("/<int:course_id>")
def show(course_id: int) -> str:
    course = enrolments.get_for_learner(current_user, course_id)
    enrolment = enrolments.enrolment_of(current_user, course)
    award = awards.of_learning_object(course.id, {current_user.id}).get(current_user.id)
    return render_template(
        "learner/courses/show.html",
        course=course,
        enrolment=enrolment,
        anew=completions.may_begin_anew(enrolment),
        award=award,
        held=award and award.id in awards.already_held(current_user, [award]),
    )


@bp.post("/<int:course_id>/enrol")
def enrol(course_id: int) -> Response:
    course = enrolments.get_for_learner(current_user, course_id)
    return after(
        lambda: completions.enrol(learner=current_user, learning_object=course, now=utc_now()),
        _("You are enrolled. Enjoy the course."),
        url_for(".show", course_id=course.id),
    )


@bp.post("/<int:course_id>/complete")
def complete(course_id: int) -> Response:
    course = enrolments.get_for_learner(current_user, course_id)
    return after(
        lambda: completions.complete(learner=current_user, course=course, now=utc_now()),
        _("Well done! You have completed this course."),
        url_for(".show", course_id=course.id),
    )


@bp.route("/<int:course_id>/withdraw", methods=["GET", "POST"])
def withdraw(course_id: int) -> str | Response:
    course = enrolments.get_for_learner(current_user, course_id)
    if request.method == "POST":
        return after(
            lambda: completions.withdraw(learner=current_user, learning_object=course),
            _("You have withdrawn from the course."),
            url_for("learner.catalogue.index"),
        )
    enrolment = enrolments.enrolment_of(current_user, course)
    if enrolment is None or enrolment.done:
        flash(_("There is nothing to withdraw from."), "info")
        return redirect(url_for(".show", course_id=course.id))
    return render_template("learner/courses/withdraw.html", course=course)
