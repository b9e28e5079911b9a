"""Deliveries as staff look through them: pages by state and words, and how many are open."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    Select,
    Text,
    cast,
    func,
    literal,
    literal_column,
    select,
    union_all,
)
from sqlalchemy.orm import joinedload

from portal.extensions import db
from portal.models import OPEN, Badge, Delivery, DeliveryState, IssuedBadge
from portal.services.issuing import searching
from portal.services.issuing.searching import Meant
from portal.services.slices import (
    MOST,
    START,
    Count,
    Order,
    Place,
    Slice,
    count,
    slice_of,
)

MOST_NAMED = 100  # open ones that a button counts where many match; its page counts them all
_NEWEST_FIRST = Order((Delivery.id,), falling=True)
_COLUMNS = (IssuedBadge.learner_id, IssuedBadge.badge_id)
# In the words of the index that holds the open ones, each with what it is about.
_ENDED = [literal_column(f"'{one.value}'") for one in DeliveryState if one not in OPEN]
_IS_OPEN = Delivery.state.not_in(_ENDED)

Counts = dict[DeliveryState, int]


@dataclass(frozen=True)
class Listing:
    """A page, how many deliveries are in each state, and how many of the list are still open."""

    page: Slice
    counts: Counts
    still_open: Count
    oldest: datetime | None


def list_for_staff(q: str, state: str, place: Place = START) -> Listing:
    """Return a page of deliveries, newest first, by learner or badge and state."""
    load = select(Delivery).options(
        joinedload(Delivery.issued_badge).options(
            joinedload(IssuedBadge.learner),
            joinedload(IssuedBadge.badge).joinedload(Badge.template),
        ),
        joinedload(Delivery.connection),
    )
    meant = searching.meant(q) if q else None
    found, common, some = _matching(meant, state), None, None
    if meant and not meant.few and state in {"open", *OPEN}:
        # Those in this state are few beside all that were found.
        found = select(Delivery.id).where(Delivery.id.in_(_among(meant, state)))
    elif meant:
        common = _one_by_one(meant, state)
        if meant.many and state != DeliveryState.CANCELLED:  # of those a few people have too few
            some = _of_those(meant.about_some(*_COLUMNS), state)
    page = slice_of(found, load, _NEWEST_FIRST, place, common=common, some=some)
    counts = _counts()
    return Listing(page, counts, _still_open(meant, state, counts), _oldest_open())


def open_ones(q: str, state: str) -> Select:
    """Return the query for the ids of those which such a list shows and which are still open."""
    wanted = state if state in set(DeliveryState) else "open"
    found = _matching(searching.meant(q) if q else None, wanted)
    return found.where(*_standing(cast(Delivery.state, Text), "open"))


def _matching(meant: Meant | None, state: str) -> Select:
    if meant is None:
        return select(Delivery.id).where(*_standing(Delivery.state, state))
    return _of_those(meant.about(*_COLUMNS), state)


def _of_those(about: ColumnElement[bool], state: str) -> Select:
    """From the people and badges to their deliveries.

    A state that is cast is looked at row by row: by their index all that are open would be joined,
    whoever they are for.
    """
    query = select(Delivery.id).join(Delivery.issued_badge).where(about)
    return query.where(*_standing(cast(Delivery.state, Text), state))


def _one_by_one(meant: Meant, state: str) -> Select:
    """Find the same, but let each delivery be looked at as it comes.

    A value that is asked for each row stays that way; of EXISTS PostgreSQL makes a join of all.
    """
    mine = select(meant.about_row(*_COLUMNS)).where(IssuedBadge.id == Delivery.issued_badge_id)
    return select(Delivery.id).where(mine.scalar_subquery(), *_looked_at(state))


def _among(meant: Meant, state: str) -> Select:
    """Find the same, but gather those in the state first: where few are, as of open ones."""
    if db.engine.dialect.name == "sqlite":  # takes them one by one by itself, until it has enough
        return _one_by_one(meant, state)
    # OFFSET keeps PostgreSQL from looking through all deliveries for the first that match.
    those = select(Delivery.id, Delivery.issued_badge_id).where(*_looked_at(state))
    those = those.offset(0).subquery()
    issued = IssuedBadge.id == those.c.issued_badge_id
    # With a sum in its place no index gathers all that these people have.
    about = meant.about(*(column + 0 for column in _COLUMNS))
    return select(those.c.id).join(IssuedBadge, issued).where(about)


def _looked_at(state: str) -> tuple[ColumnElement[bool], ...]:
    """The condition of a state where deliveries are looked at one by one."""
    return (_IS_OPEN,) if state == "open" else _standing(Delivery.state, state)


def _standing(column: ColumnElement, state: str) -> tuple[ColumnElement[bool], ...]:
    if state == "open":
        return (column.in_([one.value for one in OPEN]),)
    return (column == state,) if state in set(DeliveryState) else ()


def _still_open(meant: Meant | None, state: str, counts: Counts) -> Count:
    """Count those of the list that are open: from its few rows, or among all that are open."""
    chosen = set(OPEN) if state not in set(DeliveryState) else {DeliveryState(state)} & set(OPEN)
    if meant is None or not chosen:
        number = sum(counts.get(one, 0) for one in chosen)
        return Count(min(number, MOST), number > MOST)
    if meant.few:
        return count(_matching(meant, state or "open"))
    return count(_among(meant, state or "open"), MOST_NAMED)


def _oldest_open() -> datetime | None:
    """Return when the oldest delivery that is still open was made: the one that came first."""
    firsts = (select(func.min(Delivery.id)).where(Delivery.state == state) for state in OPEN)
    first = union_all(*firsts).subquery()
    oldest = select(Delivery.created_at).where(Delivery.id.in_(select(first.c[0])))
    return min(db.session.scalars(oldest), default=None)


def _counts() -> Counts:
    """Return how many deliveries are in each state, of each no more than slices count."""
    some = (
        select(literal(state.value), func.count()).select_from(
            select(Delivery.id).where(Delivery.state == state).limit(MOST + 1).subquery()
        )
        for state in DeliveryState
    )
    found = db.session.execute(union_all(*some))
    return {DeliveryState(row[0]): row[1] for row in found if row[1]}
