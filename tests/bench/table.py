"""The lines of the benchmark: what is measured, what it came to, and whether that is enough."""

from dataclasses import dataclass

from tests.bench.bare import Took
from tests.bench.scene import Ran

AT_ONCE, SLOW = 0.40, 0.90
MOST_STATEMENTS, MOST_MEMORY = 8.0, 150.0
HEAD = (
    ("engine", 10),
    ("badges", 6),
    ("slots", 5),
    ("latency", 7),
    ("awards", 6),
    ("awards/s", 8),
    ("bare/s", 7),
    ("2 commits/s", 11),
    ("ratio", 6),
    ("target", 6),
    ("POSTs", 5),
    ("other", 5),
    ("SQL", 5),
    ("commits", 7),
    ("CPU", 4),
    ("bareCPU", 7),
    ("MiB", 5),
    ("met", 3),
)


# How many orders a bare loop sends: enough to know its rate, which hardly changes meanwhile.
QUICK_ORDERS, SLOW_ORDERS = 1000, 50


@dataclass(frozen=True)
class Case:
    """One line of the table."""

    latency: float
    slots: int
    awards: int
    badges: int = 1

    @property
    def target(self) -> float | None:
        """The least part of the yardstick; None where nothing is asked."""
        if self.latency == 0:
            return AT_ONCE
        return SLOW if self.slots == 8 else None

    @property
    def orders(self) -> int:
        """How many orders each half of a bare loop sends."""
        return QUICK_ORDERS // 2 if self.latency == 0 else SLOW_ORDERS * self.slots // 2


@dataclass(frozen=True)
class Measured:
    """What one line came to: the worker, the bare loop, and at 0 ms the one with two commits."""

    ran: Ran
    bare: Took
    committing: Took | None

    @property
    def yardstick(self) -> float:
        """Awards a second of the loop that the target speaks of."""
        return (self.committing or self.bare).rate


def line(engine: str, case: Case, found: Measured) -> str:
    """Return one line of the table."""
    ran, took = found.ran, found.bare
    rate = case.awards / ran.seconds
    committing = f"{found.committing.rate:.1f}" if found.committing else "-"
    ratio = rate / found.yardstick
    target = f"{case.target:.0%}" if case.target else "-"
    cells = (
        *(engine, case.badges, case.slots, f"{case.latency * 1000:.0f} ms", case.awards),
        *(f"{rate:.1f}", f"{took.rate:.1f}", committing, f"{ratio:.0%}", target),
        *(ran.posts, ran.others, f"{ran.statements:.2f}", f"{ran.commits:.2f}"),
        *(f"{ran.cpu * 1000:.1f}", f"{took.cpu / took.count * 1000:.1f}", f"{ran.memory:.0f}"),
        "yes" if met(case, ran, ratio) else "NO",
    )
    return row(cells)


def met(case: Case, ran: Ran, ratio: float) -> bool:
    """Say whether every target of this line is met."""
    quick = case.target is None or ratio >= case.target
    lean = ran.statements <= MOST_STATEMENTS and ran.memory <= MOST_MEMORY
    exact = ran.posts == case.awards and not ran.others and ran.states == {"done": case.awards}
    return quick and lean and exact


def head() -> str:
    """Return the two lines above the table."""
    names, rules = zip(*((name, "-" * width) for name, width in HEAD), strict=True)
    return f"{row(names)}\n{row(rules)}"


def row(cells: tuple[object, ...]) -> str:
    """Return cells below their headings."""
    widths = (width for _name, width in HEAD)
    return (
        "| " + " | ".join(str(cell).rjust(w) for cell, w in zip(cells, widths, strict=True)) + " |"
    )
