"""Files to import, of any size, and the bare loop that is the yardstick of importing them.

The bare loop is what a script of ten lines would do: the standard library's `csv`, and an upsert of
Core in chunks of 1,000 rows, each its own transaction, into the same table. It checks nothing, asks
nobody and remembers nothing about a row.
"""

import csv
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

from portal.extensions import db
from portal.models import Badge, BadgeState, Provider

CHUNK = 1000
COLUMNS = (
    "id,badgeName,badgeCreationDate,lastModifiedDate,state,imageUrl,"
    "externalBadgeId,externalBadgeProvider"
)


def write(path: Path, rows: int) -> None:
    """Write a badge.csv without pictures; every second badge is one of Credly's."""
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(COLUMNS + "\r\n")
        for number in range(rows):
            state = "Retired" if number % 10 == 9 else "Active"
            template = f"00000000-0000-4000-8000-{number:012d},Credly" if number % 2 else ","
            file.write(
                f"B{number:07d},Harbour badge {number},2016-10-12T10:12:11.110Z,"
                f"2020-01-31T08:00:00.000Z,{state},,{template}\r\n"
            )


def bare_loop(path: Path) -> None:
    """Bring the file in as a bare loop does. Commits each chunk."""
    insert = (sqlite if db.engine.dialect.name == "sqlite" else postgresql).insert(Badge)
    columns = ("own_name", "made_at", "changed_at", "state", "external_badge_id")
    written = {name: insert.excluded[name] for name in (*columns, "external_badge_provider")}
    upsert = insert.on_conflict_do_update(index_elements=["source_id"], set_=written)
    with path.open(encoding="utf-8", newline="") as file:
        rows = map(_values, csv.DictReader(file))
        while chunk := list(islice(rows, CHUNK)):
            db.session.execute(upsert, chunk)
            db.session.commit()


def _values(row: dict[str, str]) -> dict[str, Any]:
    changed = row["lastModifiedDate"]
    provider = row["externalBadgeProvider"]
    return {
        "source_id": row["id"],
        "own_name": row["badgeName"],
        "made_at": datetime.fromisoformat(row["badgeCreationDate"]),
        "changed_at": datetime.fromisoformat(changed) if changed else None,
        "state": BadgeState(row["state"].lower()),
        "external_badge_id": row["externalBadgeId"] or None,
        "external_badge_provider": Provider(provider.lower()) if provider else None,
    }
