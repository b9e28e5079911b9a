"""The courses of the demo. Their texts are Markdown files in the folder `courses`."""

from dataclasses import dataclass
from pathlib import Path

from portal.models import Policy

TEXTS = Path(__file__).resolve().parent / "courses"
UNCHECKED_BADGE = "Harbour Pilot"  # its template was never found: no connection has it
OWN_BADGE = "Quayside Volunteer"  # lives in the portal alone, and has no picture


@dataclass(frozen=True)
class CourseData:
    """A course by the name of its file, and the badge that it gives."""

    word: str
    badge: str | None
    draft: bool = False
    external_url: str = ""
    policy: Policy = Policy.LEARNER

    def read(self) -> tuple[str, str, str]:
        """Return title, description and content: heading, first paragraph, and the rest."""
        text = (TEXTS / f"{self.word}.md").read_text(encoding="utf-8")
        heading, description, content = text.split("\n\n", 2)
        return heading.removeprefix("# "), " ".join(description.split()), content.strip()


COURSES = (
    CourseData("coastal-navigation", "Coastal Navigation"),
    CourseData("knots", "Knots and Ropework"),
    CourseData("charts", "Chart Reading"),
    CourseData("radio", "Marine Radio Operator", external_url="https://example.org/marine-radio"),
    CourseData("first-aid", "First Aid Afloat"),
    CourseData("safety", "Harbour Safety"),
    CourseData("weather", "Weather for Sailors"),
    CourseData("engine", "Diesel Engine Care"),
    CourseData("leadership", "Crew Leadership"),
    CourseData("handling", "Boat Handling under Power"),
    CourseData("tides", "Tide Tables by Hand"),
    CourseData("night", None, draft=True),
    CourseData("welcome", None),
    CourseData("flags", "Signal Flags"),
    CourseData("dinghy", "Boatbuilding in Wood"),
    CourseData("pilot", UNCHECKED_BADGE),
    CourseData("volunteer", OWN_BADGE),
    CourseData("rescue", None, policy=Policy.EVIDENCE),
    CourseData("assessment", None, policy=Policy.STAFF),
)
