"""What the portal is called, looks like and counts by, as this process last read it.

The environment wins over what an administrator saved on the page; where both are silent there is
a default.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from sqlalchemy import select

from portal.clock import count_in
from portal.models import Setting

ROW = "portal"
# What an administrator may set on a page, unless this variable of the environment says it.
VARIABLES = {
    "name": "PORTAL_NAME",
    "logo": "PORTAL_LOGO",
    "brand": "BRAND_COLOUR",
    "time_zone": "TIME_ZONE",
}
# What was saved, as one text: it goes along with the statement that finds a session.
_SETTING = Setting.__table__.c  # plain columns: a start does without mapped classes
STORED = select(_SETTING.value).where(_SETTING.name == ROW)


@dataclass(frozen=True)
class Logo:
    """The keys of our pictures of a logo, and the size of the one in the header.

    `screen` stands in the header, `printed` on cards and certificates, `icon` on a phone.
    """

    screen: str
    printed: str
    icon: str
    width: int
    height: int

    @property
    def keys(self) -> tuple[str, str, str]:
        """The keys of its pictures."""
        return self.screen, self.printed, self.icon


@dataclass(frozen=True)
class PortalSettings:
    """What stands in force. `brand` is a colour: # and six digits."""

    name: str
    brand: str
    time_zone: ZoneInfo
    logo: Logo | None = None


class Known:
    """The settings in force. `fixed` names what the environment says: field → variable."""

    def __init__(self, given: PortalSettings, fixed: Mapping[str, str]):
        self._given, self.fixed = given, dict(fixed)
        self._stored: str | None = None
        self.now = given
        count_in(given.time_zone)

    def take(self, stored: str | None) -> None:
        """Let what stands in the database be in force from now on."""
        if stored == self._stored:
            return
        self.now = self.with_saved(unpacked(stored))
        self._stored = stored
        count_in(self.now.time_zone)

    def is_saved(self, field: str) -> bool:
        """Say whether what is in force was saved on the page."""
        return field not in self.fixed and bool(unpacked(self._stored).get(field))

    def with_saved(self, saved: Mapping[str, Any]) -> PortalSettings:
        """Return what is in force where this was saved."""

        def of(field: str) -> Any:
            given = getattr(self._given, field)
            return given if field in self.fixed else saved.get(field) or given

        return PortalSettings(
            name=of("name"),
            brand=of("brand"),
            time_zone=_zone(of("time_zone"), self._given.time_zone),
            logo=_logo(of("logo")),
        )


def packed(saved: Mapping[str, Any]) -> str:
    """Write what was saved as one text."""
    return json.dumps(saved, ensure_ascii=False, sort_keys=True)


def unpacked(stored: str | None) -> dict[str, Any]:
    """Read such a text; what is none says nothing."""
    try:
        found = json.loads(stored or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _zone(wanted: ZoneInfo | str, otherwise: ZoneInfo) -> ZoneInfo:
    if isinstance(wanted, ZoneInfo):
        return wanted
    # This machine may know fewer zones than the one on which it was chosen.
    return ZoneInfo(wanted) if wanted in available_timezones() else otherwise


def _logo(wanted: Logo | Mapping[str, Any] | None) -> Logo | None:
    return Logo(**wanted) if isinstance(wanted, dict) else wanted
