"""Skills: made, given credits and badges, retired, deleted when nobody needs them."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.clock import utc_now
from portal.errors import RuleBroken
from portal.models import Role, Skill
from portal.services.issuing import badges
from portal.services.learning import levels, skills
from portal.web.access import page
from portal.web.answers import after
from portal.web.arguments import page_number, text_argument
from portal.web.forms.skills import SkillForm, skill_data
from portal.wording import words

bp = page("skills", Role.ADMIN)


@bp.get("")
def index() -> str:
    wanted = {name: text_argument(name) for name in ("q", "state", "badge")}
    found = skills.list_for_admin(**wanted, page=page_number())
    ids = [level.id for skill in found.rows for level in skill.levels]
    reached = levels.reached_counts(ids)
    return render_template("admin/skills/index.html", page=found, wanted=wanted, reached=reached)


@bp.route("/new", methods=["GET", "POST"])
def new() -> str | Response:
    data, credly_skills = _suggested()
    form = SkillForm(data=data).offer(skills.badges_on_offer([data.get("badge_1")]))
    if form.validate_on_submit():
        try:
            skill = skills.create(actor=current_user, now=utc_now(), **_words(form))
        except RuleBroken as broken:
            form.take(broken)
        else:
            flash(_("The skill was created. Let courses give credits for it now."), "success")
            return redirect(url_for(".show", skill_id=skill.id))
    return render_template("admin/skills/new.html", form=form, credly_skills=credly_skills)


@bp.get("/<int:skill_id>")
def show(skill_id: int) -> str:
    skill = skills.get(skill_id)
    ids = [level.id for level in skill.levels]
    return render_template(
        "admin/skills/show.html",
        skill=skill,
        reached=levels.reached_counts(ids),
        courses=levels.courses_of(ids),
        paths=levels.paths_of(ids),
    )


@bp.route("/<int:skill_id>/edit", methods=["GET", "POST"])
def edit(skill_id: int) -> str | Response:
    skill = skills.get(skill_id)
    present = [level.badge_id for level in skill.levels]
    form = SkillForm(data=skill_data(skill)).offer(skills.badges_on_offer(present))
    form.about(begun := skills.begun(skill))
    if form.validate_on_submit():
        how = {"answer": form.answer(), "now": utc_now()}
        try:
            skills.change(actor=current_user, skill=skill, **_words(form), **how)
        except RuleBroken as broken:
            form.take(broken)
        else:
            flash(_("Saved."), "success")
            return redirect(url_for(".show", skill_id=skill_id))
    return render_template("admin/skills/edit.html", form=form, skill=skill, begun=begun)


@bp.post("/<int:skill_id>/retire")
def retire(skill_id: int) -> Response:
    skill = skills.get(skill_id)
    return after(
        lambda: skills.retire(actor=current_user, skill=skill, now=utc_now()),
        _("Retired. Nobody reaches it any more; who reached it keeps it."),
        url_for(".show", skill_id=skill_id),
    )


@bp.post("/<int:skill_id>/activate")
def activate(skill_id: int) -> Response:
    skill = skills.get(skill_id)
    return after(
        lambda: skills.activate(actor=current_user, skill=skill, now=utc_now()),
        _("Active again."),
        url_for(".show", skill_id=skill_id),
    )


@bp.route("/<int:skill_id>/delete", methods=["GET", "POST"])
def delete(skill_id: int) -> str | Response:
    skill = skills.get(skill_id)
    if request.method == "POST":
        return _deleted(skill)
    return render_template("admin/skills/delete.html", skill=skill)


def _deleted(skill: Skill) -> Response:
    skill_id, name = skill.id, skill.name
    try:
        skills.delete(actor=current_user, skill=skill, now=utc_now())
    except RuleBroken as broken:
        flash(words(broken.message), "danger")
        return redirect(url_for(".show", skill_id=skill_id))
    flash(_("The skill %(name)s was deleted.", name=name), "success")
    return redirect(url_for(".index"))


def _suggested() -> tuple[dict, list[str]]:
    """Return what a badge suggests for a new skill, and the skills that Credly names for it."""
    asked = text_argument("badge", 9)
    if not (asked.isascii() and asked.isdigit()):
        return {}, []
    badge = badges.get(int(asked))
    data = {**skills.suggest(badge), "badge_1": badge.id, "credits_1": 1}
    name = text_argument("name", 255)
    return data | ({"name": name} if name else {}), list(
        badge.template.skills if badge.template else []
    )


def _words(form: SkillForm) -> dict:
    chosen = {badge.data for _number, _credits, badge in form.levels() if badge.data}
    found = {badge_id: badges.get(badge_id) for badge_id in chosen}
    plans = [
        skills.LevelPlan(credits.data, found.get(badge.data))
        for _number, credits, badge in form.levels()
    ]
    return {"name": form.name.data, "description": form.description.data or "", "plans": plans}
