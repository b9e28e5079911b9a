"""The shape of the database: upgraded at start under a lock, refused when it is not ours."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, inspect, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from portal.extensions import db, reading
from portal.later import later
from portal.models import Setting
from portal.sealing import CannotOpen, Sealer

migrating = later("portal.migrating")  # most starts find nothing to change

ADVISORY_LOCK = 7_305_551  # any number that only we use
KEY_CHECK = "sealing_check"
RESTORING = "restoring"  # stands in a database whose restore has not come to its end
_SETTING = Setting.__table__.c  # plain columns: a start does without mapped classes
_KEPT = select(_SETTING.value).where(_SETTING.name == KEY_CHECK)
CHANGES = Path(__file__).resolve().parent / "migrations" / "versions"
_CANNOT_OPEN = (
    "The database cannot be opened ({}): check DATABASE_URL, that it is running, and that its"
    " folder and file can be written."
)


class SchemaTrouble(Exception):
    """The database cannot be used as it is. The text is one sentence for whoever runs it."""


def upgrade_schema(instance: Path) -> None:
    """Bring the database to the shape of this code; safe when several processes start at once."""
    try:
        with one_at_a_time(instance):
            if _current() != _newest():
                _refuse_newer()
                migrating.upgrade_database()
    except DBAPIError as exc:
        raise SchemaTrouble(_CANNOT_OPEN.format(type(exc.orig).__name__)) from exc


def make_schema(connection: Connection) -> None:
    """Give another, empty database the shape of this code, inside the open transaction."""
    migrating.upgrade_by(connection)


def ensure_usable(instance: Path) -> None:
    """Make a database that is not there yet; refuse an older or newer one. For commands."""
    try:
        if _current() is None and not inspect(db.engine).has_table("person"):
            upgrade_schema(instance)
        else:
            require_current_schema()
    except DBAPIError as exc:
        raise SchemaTrouble(_CANNOT_OPEN.format(type(exc.orig).__name__)) from exc


def require_current_schema() -> None:
    """Raise SchemaTrouble unless the database has the shape of this code."""
    if _current() != _newest():
        _refuse_newer()
        raise SchemaTrouble(
            f"The database is at schema {_current() or 'none'}, older than this code ({_newest()})."
            " Start the portal once (python app.py): it upgrades the database by itself."
        )


def check_sealing_key(sealer: Sealer) -> None:
    """Raise SchemaTrouble unless our key ring opens what this database holds."""
    with reading():
        sealed = db.session.scalar(_KEPT)
    db.session.rollback()
    if sealed is None:
        sealed = _leave_key_check(sealer)
    try:
        sealer.open(sealed, KEY_CHECK)
    except CannotOpen as exc:
        raise SchemaTrouble(
            "SEALING_KEYS is not the key this database was made with; put the key file"
            " sealing.key back from your backup, or add the old key to SEALING_KEYS."
        ) from exc


def refuse_half_restored() -> None:
    """Raise SchemaTrouble where a restore was broken off: nothing is paused or held there yet."""
    with reading():
        begun = db.session.scalar(select(_SETTING.value).where(_SETTING.name == RESTORING))
    db.session.rollback()
    if begun is not None:
        raise SchemaTrouble(
            "The restore into this database did not come to its end: restore the backup once more"
            " (on PostgreSQL into a new, empty database)."
        )


def _leave_key_check(sealer: Sealer) -> str:
    """Store what proves our key and return it, or what another process stored meanwhile."""
    try:
        db.session.add(Setting(name=KEY_CHECK, value=sealer.seal("rosette", KEY_CHECK)))
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
    sealed = db.session.scalars(_KEPT).one()
    # A worker's context lives as long as itself: it would never end this transaction.
    db.session.rollback()
    return sealed


def _known() -> list[str]:
    """Return the numbers of all schema changes; each file begins with its own."""
    return sorted(path.name.partition("_")[0] for path in CHANGES.glob("[0-9]*.py"))


def _newest() -> str:
    return _known()[-1]


def _current() -> str | None:
    """Return the number that the database carries: Alembic leaves it there."""
    with reading(), db.engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.scalar(text("SELECT version_num FROM alembic_version"))


def _refuse_newer() -> None:
    current = _current()
    if current is not None and current not in _known():
        raise SchemaTrouble(
            f"The database is at schema {current}, which is newer than this code ({_newest()})."
            " Run the newer version of the portal, or restore an older backup."
        )
    if current is None and inspect(db.engine).has_table("person"):
        raise SchemaTrouble("The database holds tables but no schema version: it is not ours.")


@contextmanager
def one_at_a_time(instance: Path) -> Iterator[None]:
    """Keep every other process of this database from changing its shape meanwhile."""
    if db.engine.dialect.name == "postgresql":
        # Committing at once leaves the lock, which is the session's, and no open transaction.
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("SELECT pg_advisory_lock(:n)"), {"n": ADVISORY_LOCK})
            try:
                yield
            finally:
                connection.execute(text("SELECT pg_advisory_unlock(:n)"), {"n": ADVISORY_LOCK})
        return
    with (instance / "schema.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
