"""A small badge.csv that is right, to begin with."""

from datetime import datetime

from sqlalchemy import select

from portal.extensions import db
from portal.models import Badge, BadgeState, Template
from portal.services.importing.badges.rows import LAYOUT
from portal.services.importing.cell_rules import as_text
from portal.services.importing.formulas import quoted

PICTURE = "images/first-steps.png"  # where its picture is, when it comes in a zip
MADE_UP = "1a2b3c4d-0000-4000-8000-000000000041"


def sample(now: datetime) -> str:
    """Return the text of a badge.csv that this portal takes as it is.

    Its Credly row names a template that no badge stands for yet, if the portal knows one.
    """
    made = as_text(now.replace(microsecond=0)) or ""
    template = _free_template()
    name, template_id = (template.name, template.credly_id) if template else ("Harbour", MADE_UP)
    rows = [
        ["1", "First steps", made, "", "Active", PICTURE, "", ""],
        ["2", "Knots", made, made, "Retired", "", "", ""],
        ["3", name[:255], made, "", "Active", "", template_id, "Credly"],
    ]
    return "\ufeff" + "".join(quoted(row) for row in [list(LAYOUT.columns), *rows])


def _free_template() -> Template | None:
    taken = select(Badge.external_badge_id).where(
        Badge.state == BadgeState.ACTIVE, Badge.external_badge_id.is_not(None)
    )
    free = select(Template).where(Template.state == "active", Template.credly_id.not_in(taken))
    return db.session.scalars(free.order_by(Template.name, Template.id).limit(1)).first()
