"""The books: nothing lost, nothing twice. On demand, every night, and with a repair per finding."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from portal.credly.errors import CredlyTrouble
from portal.extensions import db
from portal.models import (
    Award,
    Badge,
    BooksRun,
    Connection,
    Delivery,
    DeliveryState,
    Finding,
    RunState,
)
from portal.services import audit
from portal.services.issuing.calling import client_for, end_transaction
from portal.services.issuing.claims import claim_next, still_mine
from portal.services.issuing.ledgers import Ledger, Row, compare
from portal.services.means import Means

LEASE = timedelta(minutes=30)
EVERY = timedelta(hours=24)
MOST_ROWS = 500
UNFINISHED = (DeliveryState.WAITING, DeliveryState.SENDING, DeliveryState.UNSURE)


@dataclass
class Balance:
    """The outcome: findings, and what is listed without counting against the books."""

    rows: list[Row] = field(default_factory=list)
    not_sent_by_choice: int = 0
    held: int = 0
    needs_person: int = 0

    @property
    def is_clean(self) -> bool:
        """Whether the books balance."""
        return not self.rows

    @property
    def agrees(self) -> bool:
        """Whether the two sides agree; what is still on its way is no disagreement."""
        return all(row.finding is Finding.UNFINISHED for row in self.rows)

    def counts(self) -> dict[str, int]:
        """Return the size of every set, empty ones too."""
        found = Counter(row.finding.value for row in self.rows)
        sets = {finding.value: found.get(finding.value, 0) for finding in Finding}
        return sets | {
            "not_sent_by_choice": self.not_sent_by_choice,
            "held": self.held,
            "needs_person": self.needs_person,
        }


def balance(means: Means) -> Balance:
    """Compare the portal with every connection's Credly; reads only, here and there.

    A connection that cannot be read is a finding of its own: then nobody can say it balances.
    """
    found = Balance()
    for connection in db.session.scalars(select(Connection).order_by(Connection.id)).all():
        found.rows += _of_connection(connection, means)
    found.rows += _unfinished()
    chosen = select(func.count()).select_from(Award).where(Award.not_sent_because.is_not(None))
    found.not_sent_by_choice = db.session.scalar(chosen) or 0
    states = dict(
        db.session.execute(select(Delivery.state, func.count()).group_by(Delivery.state)).all()
    )
    found.held = states.get(DeliveryState.HELD, 0)
    found.needs_person = states.get(DeliveryState.NEEDS_PERSON, 0)
    db.session.rollback()
    return found


def ask_for(now: datetime, *, nightly: bool = False) -> BooksRun:
    """Ask for a balancing in the background; one on its way is returned instead. Commits."""
    going = BooksRun.state.in_([RunState.WAITING, RunState.RUNNING])
    run = db.session.scalars(select(BooksRun).where(going)).first()
    if run is None:
        run = BooksRun(due=now, created_at=now)
        db.session.add(run)
        if not nightly:
            audit.note("books.balance", now=now)
        db.session.commit()
    return run


def newest() -> BooksRun | None:
    """Return the newest balancing that ended or is on its way."""
    return db.session.scalars(select(BooksRun).order_by(BooksRun.id.desc()).limit(1)).first()


def newest_done() -> BooksRun | None:
    """Return the newest balancing that has an outcome."""
    query = select(BooksRun).where(BooksRun.state == RunState.DONE)
    return db.session.scalars(query.order_by(BooksRun.id.desc()).limit(1)).first()


def ask_nightly(now: datetime) -> None:
    """Ask for a balancing when the newest is a day old."""
    last = newest()
    if last is None or now - last.created_at >= EVERY:
        ask_for(now, nightly=True)


def run_next(means: Means, now: datetime) -> bool:
    """Carry out one due balancing and keep its outcome; say whether there was one."""
    states = (RunState.WAITING, RunState.RUNNING)
    taken = claim_next(BooksRun, states=states, busy=RunState.RUNNING, lease=LEASE, now=now)
    if taken is None:
        return False
    run_id, owner = taken
    found = balance(means)
    still_mine(
        BooksRun,
        run_id,
        owner,
        state=RunState.DONE,
        ended_at=now,
        owner=None,
        balanced=found.agrees,
        counts=found.counts(),
        rows=[asdict(row) for row in found.rows[:MOST_ROWS]],
    )
    db.session.commit()
    return True


def _of_connection(connection: Connection, means: Means) -> Iterator[Row]:
    query = (
        select(Badge)
        .where(Badge.connection_id == connection.id, Badge.external_badge_id.is_not(None))
        .options(joinedload(Badge.template))
        .order_by(Badge.id)
    )
    badges = db.session.scalars(query).all()
    end_transaction()
    for badge in badges:
        template_id = badge.external_badge_id or ""
        try:
            client = client_for(connection, means)
            ledger = Ledger(template_id).take(client.badges(badge_template_id=template_id))
        except CredlyTrouble as trouble:
            yield Row(Finding.UNREAD, template_id, theirs=trouble.cause)
            return
        yield from compare(ledger, badge)
        end_transaction()


def _unfinished() -> Iterator[Row]:
    query = (
        select(Delivery)
        .where(Delivery.state.in_(UNFINISHED))
        .options(joinedload(Delivery.issued_badge))
        .order_by(Delivery.id)
    )
    for delivery in db.session.scalars(query):
        issued = delivery.issued_badge
        yield Row(
            Finding.UNFINISHED,
            "",
            issued.learner_id,
            issued_badge_id=issued.id,
            ours=delivery.state.value,
        )
