"""What the portal is called, looks like and counts by, where the environment says it."""

import re
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

from portal.config.reader import BadSetting, Reader

DEFAULT_BRAND = "#2b5fb4"


def portal_name(read: Reader) -> str:
    """Return the name of the portal."""
    name = read.text("PORTAL_NAME", "Rosette")
    if not 1 <= len(name) <= 60:
        raise BadSetting("PORTAL_NAME must have 1 to 60 characters.")
    return name


def portal_logo(read: Reader) -> Path | None:
    """Return the file of the logo, if one is named."""
    name = read.text("PORTAL_LOGO")
    if name and not Path(name).is_file():
        raise BadSetting(f"PORTAL_LOGO is {name!r}, which is no file.")
    return Path(name) if name else None


def brand_colour(read: Reader) -> str:
    """Return the brand colour as # and six digits."""
    text = read.text("BRAND_COLOUR") or DEFAULT_BRAND
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", text):
        raise BadSetting(f"BRAND_COLOUR is {text!r}; use # and six digits, such as #2b5fb4.")
    return text.lower()


def time_zone(read: Reader) -> ZoneInfo:
    """Return the zone in which days and months are counted."""
    name = read.text("TIME_ZONE", "UTC")
    if name != "UTC" and name not in available_timezones():  # many folders are read for them
        raise BadSetting(f"TIME_ZONE is {name!r}; use an IANA name such as Europe/Stockholm.")
    return ZoneInfo(name)
