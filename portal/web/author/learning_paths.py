"""Learning paths as their authors build them."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.clock import utc_now
from portal.errors import RuleBroken
from portal.models import Kind
from portal.services.learning import course_skills, objects, paths
from portal.web.access import page
from portal.web.author.object_page import skills_page
from portal.web.author.outlines import outline_of_path, outline_page, sent_outline
from portal.web.forms.paths import PathForm
from portal.web.forms.skills import PathSkillsForm
from portal.web.forms.started import StartedForm
from portal.web.kinds import author_url

bp = page("learning_paths")


@bp.route("/new", methods=["GET", "POST"])
def new() -> str | Response:
    form = PathForm()
    if form.validate_on_submit():
        try:
            path = paths.create(actor=current_user, **form.words())
        except RuleBroken as broken:
            form.take(broken)
        else:
            flash(_("It was saved as a draft. Now choose its steps."), "success")
            return redirect(url_for(".steps", path_id=path.id))
    return render_template("author/learning_paths/new.html", form=form)


@bp.route("/<int:path_id>/edit", methods=["GET", "POST"])
def edit(path_id: int) -> str | Response:
    path = objects.get_for_editing(current_user, Kind.LEARNING_PATH, path_id)
    form = PathForm(obj=path)
    if form.validate_on_submit():
        try:
            paths.edit(path=path, **form.words())
        except RuleBroken as broken:
            form.take(broken)
        else:
            flash(_("Saved."), "success")
            return redirect(author_url(path))
    return render_template("author/learning_paths/edit.html", form=form, path=path)


@bp.route("/<int:path_id>/steps", methods=["GET", "POST"])
def steps(path_id: int) -> str | Response:
    path = objects.get_for_editing(current_user, Kind.LEARNING_PATH, path_id)
    outline = sent_outline(kinds=paths.STEPS) or outline_of_path(path)
    asked = StartedForm()
    if outline.asked_to_save:
        how = {"answer": asked.answer(), "now": utc_now()}
        try:
            paths.save_steps(actor=current_user, path=path, **outline.words(), **how)
        except RuleBroken as broken:
            outline.take(broken, asked)
        else:
            flash(_("The steps were saved."), "success")
            return redirect(author_url(path))
    return outline_page("author/learning_paths/steps.html", path, outline, asked)


@bp.route("/<int:path_id>/skills", methods=["GET", "POST"])
def skills(path_id: int) -> str | Response:
    path = objects.get_for_editing(current_user, Kind.LEARNING_PATH, path_id)
    rows = [course_skills.row_of(level) for level in course_skills.levels_of(path)]
    form = PathSkillsForm().fill(rows, on_offer := course_skills.on_offer(rows))
    if form.validate_on_submit():
        try:
            course_skills.set_levels(actor=current_user, path=path, now=utc_now(), **form.words())
        except RuleBroken as broken:
            form.take(broken)
        else:
            flash(_("Saved."), "success")
            return redirect(author_url(path))
    return skills_page(path, form, on_offer)
