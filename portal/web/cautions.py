"""What an author should know about a badge before people earn it, and who can help."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.models import Badge
from portal.services.learning import objects

_WHY = {
    "badge_retired": _l(
        "The badge %(badge)s is retired: whoever completes this now gets no badge. Choose another"
        " badge, or ask an administrator to bring this one back."
    ),
    "held_no_connection": _l(
        "The badge %(badge)s is not connected to Credly yet. What people earn is kept and waits;"
        " an administrator can connect it."
    ),
    "held_connection_held": _l(
        "Credly refuses the connection of the badge %(badge)s at the moment. What people earn is"
        " kept and waits; an administrator can mend the connection."
    ),
    "held_connection_paused": _l(
        "The connection of the badge %(badge)s is paused. What people earn is kept and waits; an"
        " administrator can resume it."
    ),
    "held_template_not_active": _l(
        "The template of the badge %(badge)s is not active at Credly. What people earn is kept and"
        " waits; an administrator can have it activated there."
    ),
}


def cautions(badge: Badge | None) -> list[str]:
    """Return what stands in the way of this badge, each with who can help."""
    if badge is None:
        return []
    return [str(_WHY[code]) % {"badge": badge.name} for code in objects.warnings(badge)]


def doubles(badge: Badge | None) -> str | None:
    """Warn of a template that takes the same badge twice (assurance R3)."""
    if badge is None or badge.template is None or not badge.template.allow_duplicates:
        return None
    return _(
        "Credly allows the badge %(badge)s several times for one person. The portal sends it once,"
        " but after a lost answer a second one is possible. An administrator can switch duplicates"
        " off for this template at Credly.",
        badge=badge.name,
    )
