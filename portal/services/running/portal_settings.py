"""Name, logo, brand colour and time zone of the portal, as an administrator saves them.

They are one row of the table `setting`, so that the statement which finds a session brings them
along, and every process sees a change with its next request.
"""

from dataclasses import asdict
from typing import BinaryIO
from zoneinfo import available_timezones

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from portal.colours import read as read_colour
from portal.errors import RuleBroken
from portal.extensions import db, reading
from portal.messages import say
from portal.models import Image, Setting
from portal.pictures import BadPicture, PictureStore, as_logo_png
from portal.services import audit, handed_in
from portal.services.means import Means
from portal.services.plain_text import one_line
from portal.services.running.known import ROW, STORED, VARIABLES, Logo, packed, unpacked

LOGO_MOST = 4 << 20  # bytes of an upload
_SCREEN, _PRINTED, _ICON = (360, 96), (960, 320), 512
_BAD = {
    "too_small": "logo_too_small",
    "too_many_pixels": "image_too_large",
    "broken": "logo_broken",
}
_REGIONS = {"Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe"}
_REGIONS |= {"Indian", "Pacific", "UTC"}


def refresh(means: Means) -> None:
    """Read what is saved now. Where the database says nothing, what was read last stays."""
    try:
        with reading():
            stored = db.session.scalar(STORED)
        db.session.commit()
    except SQLAlchemyError:
        db.session.rollback()
    else:
        means.known.take(stored)


def time_zones(present: str) -> list[str]:
    """Return the names to choose from: those of regions, UTC, and the one that is set."""
    found = {name for name in available_timezones() if name.split("/")[0] in _REGIONS}
    return sorted(found | {present})


def change(
    *,
    name: str,
    brand: str,
    time_zone: str,
    logo: BinaryIO | None,
    without_logo: bool,
    means: Means,
) -> None:
    """Save what a person set; what the environment says is passed over. Commits.

    Raises RuleBroken. The pictures of a logo that is replaced or removed go with it.
    """
    fixed = means.known.fixed
    said = {"name": (name, _name), "brand": (brand, _colour), "time_zone": (time_zone, _zone)}
    wanted: dict[str, str | dict | None] = {
        field: check(text) for field, (text, check) in said.items() if field not in fixed
    }
    if logo and "logo" not in fixed:
        data = logo.read(LOGO_MOST + 1)
        handed_in.check_bytes(data, "logo", means)
        wanted["logo"] = asdict(logo_of(data, means.pictures))
    elif without_logo:
        wanted["logo"] = None
    row = _row()
    before = unpacked(row.value)
    after = {**before, **wanted}
    row.value = packed(after)
    was, will_be = means.known.with_saved(before), means.known.with_saved(after)
    for field in VARIABLES:
        _note(field, getattr(was, field), getattr(will_be, field))
    db.session.commit()
    means.known.take(row.value)
    _drop(before.get("logo"), after.get("logo"), means)


def logo_of(data: bytes, store: PictureStore) -> Logo:
    """Keep our own pictures of an uploaded logo. Raises RuleBroken."""
    if len(data) > LOGO_MOST:
        raise RuleBroken(say("logo_too_large", mib=LOGO_MOST >> 20), "logo")
    try:
        screen, size = as_logo_png(data, _SCREEN)
        printed, _size = as_logo_png(data, _PRINTED)
        icon, _size = as_logo_png(data, (_ICON, _ICON), square=True)
    except BadPicture as bad:
        raise RuleBroken(say(_BAD.get(bad.code, "logo_not_an_image")), "logo") from bad
    return Logo(store.save(screen), store.save(printed), store.save(icon), *size)


def _name(text: str) -> str:
    found = one_line(text)
    if not found:
        raise RuleBroken(say("portal_name_missing"), "name")
    return found


def _colour(text: str) -> str:
    found = read_colour(text)
    if found is None:
        raise RuleBroken(say("brand_not_a_colour"), "brand")
    return found


def _zone(name: str) -> str:
    if name not in available_timezones():
        raise RuleBroken(say("time_zone_unknown"), "time_zone")
    return name


def _row() -> Setting:
    """The row of the settings, kept from others who save at the same moment."""
    query = select(Setting).filter_by(name=ROW).with_for_update()
    query = query.execution_options(populate_existing=True)
    row = db.session.scalar(query)
    if row is not None:
        return row
    row = Setting(name=ROW, value="{}")
    db.session.add(row)
    try:
        db.session.flush()
    except IntegrityError:  # another was the first to save, a moment ago
        db.session.rollback()
        return db.session.scalars(query).one()
    return row


def _note(field: str, before: object, after: object) -> None:
    if before != after:
        audit.note(f"settings.{field}", before=_told(before), after=_told(after))


def _told(value: object) -> str | None:
    """How the audit names a value: of a logo the beginning of its key."""
    return value.screen[:12] if isinstance(value, Logo) else str(value) if value else None


def _drop(old: dict | None, new: dict | None, means: Means) -> None:
    """Remove the pictures of the former logo, unless something else shows one of them."""
    if not old or old == new:
        return
    shown = means.known.now.logo
    kept = set(shown.keys) if shown else set()
    gone = set(Logo(**old).keys) - kept
    used = db.session.scalars(select(Image.key).where(Image.key.in_(gone))).all()
    db.session.commit()
    for key in gone - set(used):
        means.pictures.remove(key)
