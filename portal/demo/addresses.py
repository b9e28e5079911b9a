"""Where practice Credly was the last time, and how stored addresses follow when it has moved."""

from sqlalchemy import func, update
from sqlalchemy.orm import InstrumentedAttribute

from portal.extensions import db
from portal.models import Connection, Image, IssuedBadge, Person, Setting, Template

HOST_SETTING = "demo_practice_host"

# Every column that may hold an address of practice Credly.
ADDRESSES: tuple[InstrumentedAttribute, ...] = (
    IssuedBadge.accept_url,
    IssuedBadge.badge_url,
    IssuedBadge.profile_url,
    Person.credly_profile,
    Template.url,
    Image.source,
)


def remember_host(host: str) -> None:
    """Note where practice Credly is now; when it was elsewhere, re-address what is stored.

    Commits once, so that a kill in between leaves either all old addresses or all new ones.
    """
    kept = db.session.get(Setting, HOST_SETTING)
    if kept is None:
        db.session.add(Setting(name=HOST_SETTING, value=host))
    elif kept.value != host:
        _move(kept.value, host)
        kept.value = host
    db.session.commit()


def _move(old: str, new: str) -> None:
    db.session.execute(
        update(Connection).where(Connection.hostname == old).values(hostname=new),
        execution_options={"synchronize_session": False},
    )
    for column in ADDRESSES:
        moved = func.replace(column, f"http://{old}/", f"http://{new}/")
        db.session.execute(
            update(column.class_).where(column.is_not(None)).values({column.key: moved}),
            execution_options={"synchronize_session": False},
        )
