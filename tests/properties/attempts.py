"""Attempts as the reference keeps them, and when something ends. Imports nothing of the portal."""

import calendar
from dataclasses import dataclass, field
from datetime import date, timedelta

from tests.properties.plans import CoursePlan, Sections, Thing

START = date(2026, 1, 30)
WINDOW = 30  # days before its end in which a certification can be renewed


@dataclass(eq=False)
class Attempt:
    thing: Thing
    begun: int
    renews: bool
    ended: int | None = None
    withdrawn: bool = False
    success: bool = False
    taken_back: bool = False
    kept: Sections | None = None  # what was required when it began, if that was promised
    modules: set[int] = field(default_factory=set)

    @property
    def open(self) -> bool:
        return self.ended is None and not self.withdrawn


def enough_modules(course: CoursePlan, done: set[int]) -> bool:
    """Whether these modules complete the course; without modules it is one button."""
    if course.criteria == "some":
        return len(done) >= min(course.needed, len(course.modules))
    if course.criteria == "chosen":
        return all(one in done for one, required in enumerate(course.modules) if required)
    return len(done) == len(course.modules)


def end_of(day: int, months: int) -> int:
    """The day on which something ends that is valid for so many calendar months."""
    begun = START + timedelta(days=day)
    year, month = begun.year + (begun.month - 1 + months) // 12, (begun.month - 1 + months) % 12 + 1
    last = calendar.monthrange(year, month)[1]
    return (date(year, month, min(begun.day, last)) - START).days
