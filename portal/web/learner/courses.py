"""A course as its learners see it: work through its modules, mark it as complete."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from portal.clock import utc_now
from portal.errors import RuleBroken
from portal.messages import say
from portal.services.learning import completions, contents, enrolments
from portal.web.access import page
from portal.web.answers import after
from portal.web.attachments import attachment
from portal.web.learner.object_page import standing
from portal.wording import words

bp = page("courses")
COMPLETED = _l("Well done! You have completed this course.")


@bp.get("/<int:course_id>")
def show(course_id: int) -> str:
    course = enrolments.get_for_learner(current_user, course_id)
    return render_template(
        "learner/courses/show.html",
        **standing(course),
        files_open=contents.can_open_files(current_user, course),
    )


@bp.post("/<int:course_id>/complete")
def complete(course_id: int) -> AnyResponse:
    learner = current_user._get_current_object()  # found once, not anew at each word about them
    return after(
        lambda: completions.complete(learner=learner, course_id=course_id, now=utc_now()),
        str(COMPLETED),
        url_for(".show", course_id=course_id),
    )


@bp.post("/<int:course_id>/modules/<int:module_id>/done")
def mark_done(course_id: int, module_id: int) -> AnyResponse:
    course = enrolments.get_for_learner(current_user, course_id)
    module = contents.module_of(course, module_id)
    try:
        enrolment = completions.mark_done(
            learner=current_user, course=course, module=module, now=utc_now()
        )
    except RuleBroken as broken:
        flash(words(broken.message), "danger")
        return redirect(url_for(".show", course_id=course.id))
    if enrolment.done:  # to the top of the page, where what was earned stands
        flash(COMPLETED, "success")
        return redirect(url_for(".show", course_id=course.id))
    flash(_("Marked as done."), "success")
    return redirect(url_for(".show", course_id=course.id, _anchor=f"module-{module_id}"))


@bp.post("/<int:course_id>/modules/<int:module_id>/not-done")
def take_back_done(course_id: int, module_id: int) -> AnyResponse:
    course = enrolments.get_for_learner(current_user, course_id)
    module = contents.module_of(course, module_id)
    return after(
        lambda: completions.take_back_done(learner=current_user, course=course, module=module),
        _("It is to be done again."),
        url_for(".show", course_id=course.id, _anchor=f"module-{module_id}"),
    )


@bp.get("/<int:course_id>/modules/<int:module_id>/file")
def file(course_id: int, module_id: int) -> AnyResponse:
    course = enrolments.get_for_learner(current_user, course_id)
    module = contents.module_of(course, module_id)
    if not contents.can_open_files(current_user, course):
        flash(words(say("not_enrolled")), "info")
        return redirect(url_for(".show", course_id=course.id))
    return attachment(module.file_key, module.file_name, module.file_type)
