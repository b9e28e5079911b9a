"""Sealing every stored secret anew with the first key of the ring, so that old keys can go."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Table, and_, select, update

from portal.extensions import db
from portal.models import Connection, Mail, SecondFactor, Setting
from portal.sealing import CannotOpen, Sealer

# Every column that holds something sealed. A setting may also be something else.
COLUMNS = (
    (Connection.__table__, "sealed_token"),
    (SecondFactor.__table__, "sealed_secret"),
    (Mail.__table__, "sealed_link"),
    (Setting.__table__, "value"),
)


@dataclass(frozen=True)
class Resealed:
    """How many secrets are sealed anew, and where some stand that no key of the ring opens."""

    count: int
    unopened: tuple[str, ...]


def reseal(sealer: Sealer, settings: tuple[str, ...]) -> Resealed:
    """Seal everything anew; `settings` names those that are sealed. Commits.

    What somebody else changed meanwhile was sealed with the first key already, and is left alone.
    """
    count, unopened = 0, []
    for table, name, row in list(_rows(settings)):
        keys, value = row[:-1], row[-1]
        try:
            fresh = sealer.renew(value)
        except CannotOpen:
            unopened.append(f"{table.name} {keys[0]}")
            continue
        same = (one == key for one, key in zip(table.primary_key, keys, strict=True))
        mine = update(table).where(and_(*same), table.c[name] == value)
        count += db.session.execute(mine.values({name: fresh})).rowcount
    db.session.commit()
    return Resealed(count, tuple(unopened))


def _rows(settings: tuple[str, ...]) -> Iterator[tuple[Table, str, tuple]]:
    for table, name in COLUMNS:
        query = select(*table.primary_key, table.c[name]).where(table.c[name].is_not(None))
        if table is Setting.__table__:
            query = query.where(Setting.name.in_(settings))
        for row in db.session.execute(query):
            yield table, name, tuple(row)
