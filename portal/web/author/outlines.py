"""An outline under construction: sections and their steps, as they stand in a form, not yet saved.

Every button of the form sends all of it; the buttons but Save only change what is shown.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from flask import render_template, request
from flask_login import current_user

from portal.errors import RuleBroken
from portal.models import Certification, Kind, LearningPath
from portal.services.learning import objects, paths, snapshots
from portal.services.plain_text import one_line
from portal.web.arguments import chosen_ids
from portal.web.forms.started import StartedForm
from portal.wording import words

MOST_SECTIONS = 50


@dataclass
class Draft:
    """A section as it stands in the form; `needed` as it was typed."""

    title: str = ""
    needed: str = ""
    steps: list[int] = field(default_factory=list)

    def count(self) -> int | None:
        """Return how many are needed: None for all, 0 for what is no number."""
        text = self.needed.strip()
        if not text:
            return None
        return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0


@dataclass
class Outline:
    """What the form holds, what it was asked to do, and what stood in the way."""

    sections: list[Draft]
    kinds: Collection[Kind]
    ordered: bool = False
    q: str = ""
    asked_to_save: bool = False
    errors: list[str] = field(default_factory=list)

    def take(self, broken: RuleBroken, asked: StartedForm) -> None:
        """Show what a service said, at the question about those who have begun if it is that."""
        if broken.field == "for_started":
            asked.take(broken)
        else:
            self.errors.append(words(broken.message))

    def ids(self) -> list[int]:
        """Return the steps of all sections."""
        return [step for section in self.sections for step in section.steps]

    def words(self) -> dict[str, Any]:
        """Return what was built, for paths."""
        plans = [
            paths.SectionPlan(one.title, one.count(), tuple(one.steps)) for one in self.sections
        ]
        return {"ordered": self.ordered, "sections": plans}

    def course_words(self) -> dict[str, Any]:
        """Return what was built, for certifications: a single section."""
        only = self.sections[0]
        return {"needed": only.count(), "course_ids": only.steps}


def outline_of_path(path: LearningPath) -> Outline:
    """Return a path's steps as they are saved; an empty section to begin with."""
    plans = paths.plan_of(path)
    drafts = [Draft(one.title, _typed(one.needed), list(one.steps)) for one in plans]
    return Outline(drafts or [Draft()], paths.STEPS, path.ordered)


def outline_of_certification(certification: Certification) -> Outline:
    """Return a certification's courses as they are saved."""
    steps = [row.course_id for row in certification.courses]
    return Outline([Draft("", _typed(certification.needed), steps)], {Kind.COURSE})


def sent_outline(kinds: Collection[Kind]) -> Outline | None:
    """Return what the form sent, changed as its button asks; None when nothing was sent."""
    if request.method != "POST":
        return None
    numbers = range(min(len(request.form.getlist("section")), MOST_SECTIONS))
    outline = Outline(
        [_draft(number) for number in numbers] or [Draft()],
        kinds,
        ordered="ordered" in request.form,
        q=one_line(request.form.get("q", "")[:200]),
    )
    _do(outline, request.form.get("do", "save").split("-"))
    return outline


def outline_page(
    template: str, one: LearningPath | Certification, outline: Outline, asked: StartedForm
) -> str:
    """Draw the form with the titles of its steps, what can be added, and what it asks."""
    there = objects.to_build_with(current_user, outline.ids(), _saved(one).ids())
    for section in outline.sections:
        section.steps = [step for step in section.steps if step in there]
    found = objects.find_to_build_with(outline.q, outline.kinds, [*there, one.id])
    begun = snapshots.started(one)
    asked.about(begun)
    values = {"there": there, "found": found, "asked": asked, "begun": begun}
    return render_template(template, one=one, outline=outline, **values)


def _saved(one: LearningPath | Certification) -> Outline:
    return outline_of_path(one) if isinstance(one, LearningPath) else outline_of_certification(one)


def _draft(number: int) -> Draft:
    title = request.form.get(f"title-{number}", "")[:255]
    needed = request.form.get(f"needed-{number}", "")[:10]
    return Draft(title, needed, chosen_ids(f"step-{number}"))


def _do(outline: Outline, asked: list[str]) -> None:
    what, *numbers = asked
    place = [int(one) for one in numbers if one.isascii() and one.isdigit() and len(one) < 5]
    sections = outline.sections
    if what == "save":
        outline.asked_to_save = True
    elif what == "add":
        to = chosen_ids("to", most=1)
        sections[min(to[0] if to else 0, len(sections) - 1)].steps += chosen_ids("pick")
    elif what == "section" and len(sections) < MOST_SECTIONS:
        sections.append(Draft())
    elif len(place) == 1 and place[0] < len(sections):
        _arrange_section(sections, what, place[0])
    elif len(place) == 2 and place[0] < len(sections):
        _arrange_step(sections, what, *place)


def _arrange_section(sections: list[Draft], what: str, number: int) -> None:
    moved = sections.pop(number)
    if what == "raise":
        sections.insert(max(0, number - 1), moved)
    elif what == "lower":
        sections.insert(number + 1, moved)
    if not sections:
        sections.append(Draft())


def _arrange_step(sections: list[Draft], what: str, section: int, number: int) -> None:
    """Move a step, past the edge of its section into the neighbour, or take it out."""
    steps = sections[section].steps
    if number >= len(steps):
        return
    step = steps.pop(number)
    if what == "up" and number == 0 and section > 0:
        sections[section - 1].steps.append(step)
    elif what == "down" and number == len(steps) and section + 1 < len(sections):
        sections[section + 1].steps.insert(0, step)
    elif what in {"up", "down"}:
        steps.insert(max(0, number - 1) if what == "up" else number + 1, step)


def _typed(number: int | None) -> str:
    return "" if number is None else str(number)
