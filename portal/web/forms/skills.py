"""Forms about skills: the skill with its levels, and what courses and paths do for skills."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FieldList, FormField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from portal.errors import RuleBroken
from portal.models import Skill
from portal.services.learning.course_skills import MOST_ROWS, SkillRow
from portal.services.learning.skills import LONGEST_DESCRIPTION, MOST_CREDITS, MOST_LEVELS
from portal.web.forms.base import Form, Part, WholeNumber, trimmed
from portal.web.forms.objects import LINES, ONE_LINE
from portal.web.forms.started import StartedForm
from portal.wording import words

_CREDITS = _l("Write a whole number of credits from 1 to 100,000.")


def _credits() -> WholeNumber:
    return WholeNumber(label=_l("Credits"), least=1, most=MOST_CREDITS, message=_CREDITS)


def _badge() -> SelectField:
    return SelectField(_l("Badge"), coerce=int, default=0)


class SkillForm(StartedForm):
    """A skill and up to three levels; a level without credits does not exist."""

    name = StringField(
        _l("Name"),
        filters=[trimmed],
        validators=[
            InputRequired(_l("Give the skill a name.")),
            Length(max=255, message=_l("Use at most 255 characters.")),
            ONE_LINE,
        ],
    )
    description = TextAreaField(
        _l("Description"),
        validators=[
            Length(max=LONGEST_DESCRIPTION, message=_l("Use at most 5,000 characters.")),
            LINES,
        ],
        description=_l("What somebody who has it can do."),
    )
    credits_1, badge_1 = _credits(), _badge()
    credits_2, badge_2 = _credits(), _badge()
    credits_3, badge_3 = _credits(), _badge()

    def offer(self, badges: Sequence[tuple[int, str]]) -> "SkillForm":
        """Fill the selects with what can be attached."""
        for _number, _field, badge in self.levels():
            badge.choices = [(0, _l("No badge")), *badges]
        return self

    def levels(self) -> list[tuple[int, WholeNumber, SelectField]]:
        """Return number, credits and badge of each level, for the page."""
        numbers = range(1, MOST_LEVELS + 1)
        return [(one, self[f"credits_{one}"], self[f"badge_{one}"]) for one in numbers]


def skill_data(skill: Skill) -> dict[str, Any]:
    """Return what the form shows of a skill."""
    data: dict[str, Any] = {"name": skill.name, "description": skill.description}
    for level in skill.levels:
        data[f"credits_{level.level}"] = level.credits
        data[f"badge_{level.level}"] = level.badge_id or 0
    return data


class _Row(Part):
    """A level of a skill."""

    skill = SelectField(_l("Skill"), coerce=int, default=0)
    level = SelectField(_l("Level"), coerce=int, default=1)


class _CreditRow(_Row):
    """A level of a skill, and the credits for it."""

    credits = _credits()


def _with_levels(skill: Skill) -> tuple[int, str, dict[str, str]]:
    """Return the choice of a skill, with the levels it has: js/levels.js offers no other."""
    levels = " ".join(str(one.level) for one in skill.levels)
    return skill.id, skill.name, {"data-levels": levels}


class _RowsForm(Form):
    """Rows of skills; a row without a skill counts for nothing."""

    EMPTY_ROWS = 2
    to_completed = BooleanField(_l("Give it also to those who have completed it already"))

    def fill(self, rows: Sequence[SkillRow], skills: Sequence[Skill]) -> "_RowsForm":
        """Show these rows and some empty ones, unless something was sent; offer the skills."""
        if not self.is_submitted():
            shown = [*rows, *[SkillRow(0, 1)] * self.EMPTY_ROWS][:MOST_ROWS]
            for row in shown:
                self.rows.append_entry(
                    {"skill": row.skill_id, "level": row.level, "credits": row.credits}
                )
        offered = [(0, "–"), *(_with_levels(one) for one in skills)]
        for entry in self.rows:
            entry.form.skill.choices = offered
            entry.form.level.choices = [(one, str(one)) for one in range(1, MOST_LEVELS + 1)]
        return self

    def chosen(self) -> list[SkillRow]:
        """Return the rows that name a skill."""
        return [
            SkillRow(
                entry.form.skill.data,
                entry.form.level.data,
                entry.form.credits.data if "credits" in entry.form else None,
            )
            for entry in self._named()
        ]

    def words(self) -> dict[str, Any]:
        """Return what was chosen, for the service."""
        return {"rows": self.chosen(), "to_completed": self.to_completed.data}

    def take(self, broken: RuleBroken) -> None:
        """Show what a service said at the row it is about: `rows-2-level`."""
        place = (broken.field or "").split("-")
        if len(place) != 3:
            super().take(broken)
            return
        field = self._named()[int(place[1])].form[place[2]]
        field.errors = [*field.errors, words(broken.message)]

    def _named(self) -> list[FormField]:
        return [entry for entry in self.rows if entry.form.skill.data]


class CourseSkillsForm(_RowsForm):
    """The credits that a course gives."""

    rows = FieldList(FormField(_CreditRow), max_entries=MOST_ROWS)


class PathSkillsForm(_RowsForm):
    """The levels that a path grants."""

    rows = FieldList(FormField(_Row), max_entries=MOST_ROWS)
