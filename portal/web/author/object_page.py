"""The page of a learning object, whatever its kind: what it is, what people earn, who is on it."""

from flask import render_template
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.clock import utc_now
from portal.models import Badge, CourseCredit, Kind, LearningObject
from portal.services.issuing import badges
from portal.services.issuing.marks import marks_of
from portal.services.learning import course_skills, earlier_verdicts, learners, objects, snapshots
from portal.services.learning.sources import Source
from portal.web.arguments import place, text_argument
from portal.web.cautions import cautions, doubles
from portal.web.earlier_views import hold_words
from portal.web.forms.objects import BadgeChoiceForm
from portal.web.forms.skills import CourseSkillsForm, PathSkillsForm


def object_page(one: LearningObject, form: BadgeChoiceForm | None = None) -> str:
    """Draw the page; `form` is a choice of badge that could not be saved."""
    q = text_argument("q")
    found = list(badges.list_for_attaching(q))
    return render_template(
        "author/objects/show.html",
        one=one,
        skill_words=_skill_words(one),
        form=form or BadgeChoiceForm(badge=one.badge_id or 0),
        q=q,
        found=found,
        choices=_with_first(one.badge, found),
        cautions=cautions(one.badge),
        hold=hold_words(Source(learning_object=one)),
        doubles=doubles(one.badge),
        earlier=earlier_verdicts.waiting(Source(learning_object=one), utc_now()),
        **_change(one),
        **_learners(one),
    )


def _with_first(attached: Badge | None, found: list[Badge]) -> list[Badge]:
    """Put what it has now in front: on offer, and in sight, whatever was searched for."""
    if attached is None:
        return found
    return [attached, *(badge for badge in found if badge is not attached)]


def skills_page(one: LearningObject, form: CourseSkillsForm | PathSkillsForm, skills) -> str:
    """Draw the rows of skills; `skills` are what can be chosen."""
    completed = snapshots.started(one).completed
    return render_template(
        "author/objects/skills.html", one=one, form=form, skills=skills, completed=completed
    )


def _change(one: LearningObject) -> dict:
    """Return how far a change was carried to the learners, and whom it could not reach."""
    run = snapshots.run_of(one)
    skipped = snapshots.skipped_by(run)
    return {"change": run, "skipped": skipped, "keeping": snapshots.keeping(one)}


def _learners(one: LearningObject) -> dict:
    """Return who is on it, and what they earned by it."""
    found = objects.learners_of(one, place())
    earned = learners.awards_of(one, found.rows)
    return {"learners": found, "earned": earned, "marks": marks_of(earned.values())}


def _skill_words(one: LearningObject) -> list[str]:
    """Say which skill levels it leads to."""
    if one.kind is Kind.COURSE:
        return [_credit_words(credit) for credit in course_skills.credits_of(one)]
    levels = course_skills.levels_of(one) if one.kind is Kind.LEARNING_PATH else []
    return [
        _("%(skill)s, level %(level)s", skill=level.skill.name, level=level.level)
        for level in levels
    ]


def _credit_words(credit: CourseCredit) -> str:
    return ngettext(
        "%(num)s credit for %(skill)s, level %(level)s",
        "%(num)s credits for %(skill)s, level %(level)s",
        credit.credits,
        skill=credit.skill_level.skill.name,
        level=credit.skill_level.level,
    )
