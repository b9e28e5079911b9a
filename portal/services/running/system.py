"""The state of the portal as its administrator sees it, and what to do next."""

import platform
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from portal.extensions import db
from portal.messages import Message, say
from portal.models import Connection, ConnectionState, DeliveryState, EngineSign
from portal.services import handed_in, liveness
from portal.services.issuing.token_age import WARN_AT, days_left
from portal.services.means import Means
from portal.services.running import backups, storage
from portal.services.running.metrics import deliveries_by_state
from portal.version import VERSION

BACKUP_TOO_OLD = timedelta(days=7)
LEAST_FREE = 2**30  # bytes


@dataclass(frozen=True)
class Todo:
    """Something that a person should do. `about` is the number of the connection it is about."""

    message: Message
    about: int | None = None


@dataclass(frozen=True)
class Token:
    """A connection and the days until its token expires; negative when it has."""

    connection: Connection
    days_left: int


@dataclass(frozen=True)
class System:
    """What there is to see."""

    version: str
    python: str
    engines: Sequence[EngineSign]
    deliveries: dict[DeliveryState, int]
    oldest_due: datetime | None
    backup: backups.LastBackup | None
    database: storage.Database
    free: int
    tokens: tuple[Token, ...]
    scanner_works: bool | None  # None where none is set
    todos: tuple[Todo, ...]


def look(means: Means, now: datetime) -> System:
    """Look at everything, with a fixed number of statements."""
    connections = db.session.scalars(select(Connection).order_by(Connection.name_key)).all()
    tokens = tuple(Token(one, days_left(one, now)) for one in connections)
    deliveries, oldest = deliveries_by_state(), liveness.oldest_waiting(now)
    backup, free = backups.newest(), storage.free_in(means.installation.folder)
    engines = engines_at_work(now)
    scanning = _of_scanner(means)
    todos = (
        *_of_background(means.installation.jobs, engines, oldest, now),
        *_of_connections(tokens),
        *_of_deliveries(deliveries),
        *scanning,
        *_of_safety(backup, free, now),
        *_of_setup(means),
    )
    return System(
        version=VERSION,
        python=platform.python_version(),
        engines=engines,
        deliveries=deliveries,
        oldest_due=oldest,
        backup=backup,
        database=storage.database(),
        free=free,
        tokens=tokens,
        scanner_works=None if means.scanner is None else not scanning,
        todos=todos,
    )


def engines_at_work(now: datetime) -> Sequence[EngineSign]:
    """Return the engines that left a sign within the last minute."""
    fresh = EngineSign.seen_at > now - liveness.SILENT_AFTER
    return db.session.scalars(select(EngineSign).where(fresh).order_by(EngineSign.name)).all()


def _of_background(
    jobs: str, engines: Sequence, oldest: datetime | None, now: datetime
) -> Iterator[Todo]:
    if not engines:
        yield Todo(say("todo_no_celery" if jobs == "celery" else "todo_no_engine"))
    elif oldest is not None and now - oldest >= liveness.QUEUE_TOO_OLD:
        yield Todo(say("todo_queue_old", minutes=int((now - oldest).total_seconds() // 60)))


def _of_connections(tokens: Sequence[Token]) -> Iterator[Todo]:
    for token in tokens:
        name, number = token.connection.name, token.connection.id
        if token.connection.state == ConnectionState.HELD:
            yield Todo(say("todo_connection_held", connection=name), number)
        if token.days_left <= 0:
            yield Todo(say("todo_token_expired", connection=name), number)
        elif token.days_left <= max(WARN_AT):
            yield Todo(say("todo_token", connection=name, days=token.days_left), number)


def _of_deliveries(deliveries: dict[DeliveryState, int]) -> Iterator[Todo]:
    if stuck := deliveries[DeliveryState.NEEDS_PERSON]:
        yield Todo(say("todo_needs_person", count=stuck))


def _of_scanner(means: Means) -> tuple[Todo, ...]:
    trouble = handed_in.trouble() if means.scanner else None
    return (Todo(trouble.message(means.scanner)),) if trouble and means.scanner else ()


def _of_safety(backup: backups.LastBackup | None, free: int, now: datetime) -> Iterator[Todo]:
    if backup is None:
        yield Todo(say("todo_no_backup"))
    elif now - backup.at >= BACKUP_TOO_OLD:
        yield Todo(say("todo_backup_old", days=(now - backup.at).days))
    if free < LEAST_FREE:
        yield Todo(say("todo_disk_low", mib=free // 2**20))


def _of_setup(means: Means) -> Iterator[Todo]:
    for name in storage.open_keys(means.installation.folder):
        yield Todo(say("todo_key_open", file=name))
    for name in means.installation.unknown:
        yield Todo(say("todo_setting_unknown", name=name))
    if means.installation.is_plain_http and not means.installation.is_local:
        yield Todo(say("todo_plain_http"))
    if not means.mail_is_set_up:
        yield Todo(say("todo_no_mail"))
