"""Remembering when the portal was backed up last."""

import json
from dataclasses import dataclass
from datetime import datetime

from portal.extensions import db
from portal.models import Setting

NAME = "last_backup"


@dataclass(frozen=True)
class LastBackup:
    """The newest backup that was made; its size in bytes."""

    at: datetime
    size: int
    with_keys: bool


def note(*, size: int, with_keys: bool, now: datetime) -> None:
    """Write down that a backup was made. Commits."""
    value = json.dumps({"at": now.isoformat(), "size": size, "with_keys": with_keys})
    db.session.merge(Setting(name=NAME, value=value))
    db.session.commit()


def newest() -> LastBackup | None:
    """Return the newest backup that this database knows of."""
    row = db.session.get(Setting, NAME)
    if row is None:
        return None
    kept = json.loads(row.value)
    return LastBackup(datetime.fromisoformat(kept["at"]), kept["size"], kept["with_keys"])
