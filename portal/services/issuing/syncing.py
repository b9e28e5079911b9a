"""Sync runs: asked for by a person, carried out in the background, page by page."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import islice

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.clock import utc_now
from portal.credly.errors import ConnectionTrouble, CredlyTrouble
from portal.errors import NotFound
from portal.extensions import db
from portal.messages import say
from portal.models import Connection, Person, RunState, SyncRun
from portal.services import audit
from portal.services.issuing import health, templates
from portal.services.issuing.calling import client_for, end_transaction
from portal.services.issuing.claims import claim_next, still_mine
from portal.services.issuing.troubles import message_of
from portal.services.means import Means

LEASE = timedelta(minutes=5)
MOST_TRIES = 5
MOST_CHANGES = 500
PAGE = 50


def ask_for(*, connection: Connection, actor: Person | None, now: datetime) -> SyncRun:
    """Ask for a sync; one that is already on its way is returned instead. Commits."""
    query = select(SyncRun).where(
        SyncRun.connection_id == connection.id,
        SyncRun.state.in_([RunState.WAITING, RunState.RUNNING]),
    )
    run = db.session.scalars(query).first()
    if run is None:
        run = SyncRun(
            connection_id=connection.id,
            person_id=actor.id if actor else None,
            due=now,
            created_at=now,
        )
        db.session.add(run)
        audit.note("badge.sync", actor=actor, subject=connection, now=now)
        db.session.commit()
    return run


def runs_of(connection: Connection, limit: int = 10) -> Sequence[SyncRun]:
    """Return the newest runs of a connection."""
    query = select(SyncRun).filter_by(connection_id=connection.id)
    query = query.options(joinedload(SyncRun.person))
    return db.session.scalars(query.order_by(SyncRun.id.desc()).limit(limit)).all()


def get_run(connection: Connection, run_id: int) -> SyncRun:
    """Return a run of this connection; raise NotFound."""
    run = db.session.get(SyncRun, run_id)
    if run is None or run.connection_id != connection.id:
        raise NotFound
    return run


def run_next(means: Means, now: datetime) -> bool:
    """Carry out one due sync; say whether there was one. Every end is a state with a reason."""
    states = (RunState.WAITING, RunState.RUNNING)
    taken = claim_next(SyncRun, states=states, busy=RunState.RUNNING, lease=LEASE, now=now)
    if taken is None:
        return False
    run_id, owner = taken
    run = db.session.get_one(SyncRun, run_id, populate_existing=True)
    if run.tries > MOST_TRIES:
        _end(run, owner, RunState.FAILED, now, reason=say("sync_interrupted").stored())
        return True
    connection = db.session.get_one(Connection, run.connection_id, populate_existing=True)
    end_transaction()
    try:
        _mirror_all(run, owner, connection, means, now)
    except CredlyTrouble as trouble:
        if isinstance(trouble, ConnectionTrouble):
            health.hold(connection, trouble, now)
        _end(run, owner, RunState.FAILED, now, reason=message_of(trouble).stored())
    return True


def _mirror_all(
    run: SyncRun, owner: str, connection: Connection, means: Means, now: datetime
) -> None:
    found, changes = 0, []
    templates_there = client_for(connection, means).templates(state=None)
    while page := list(islice(templates_there, PAGE)):
        changes += templates.mirror(connection, page, means.door.hosts, now)
        found += len(page)
        mine = still_mine(SyncRun, run.id, owner, found=found, due=utc_now() + LEASE)
        if not mine:
            db.session.rollback()
            return
        end_transaction()
    changes += templates.mark_missing(connection, now)
    connection.proven_at = now
    _end(run, owner, RunState.DONE, now, found=found, changes=changes[:MOST_CHANGES])


def _end(run: SyncRun, owner: str, state: RunState, now: datetime, **values: object) -> None:
    still_mine(SyncRun, run.id, owner, state=state, ended_at=now, owner=None, **values)
    db.session.commit()
    db.session.refresh(run)
