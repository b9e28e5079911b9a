"""How quickly awards reach Credly: `python -m tests.bench.delivery [--awards N] [--database URL]`.

Each line is one worker process with a fresh portal, beside a bare loop of requests with as many
threads, half of it before the worker and half after, to the same practice Credly. `--database` is
the address of a PostgreSQL database whose user may make others; without it all is SQLite.
"""

import argparse
import os
import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tests.bench import bare
from tests.bench.bare import Took
from tests.bench.scene import Ran, Scene, make_templates
from tests.faults.databases import Blank
from tests.faults.stage import Practice, Stage
from tests.practice.desk import Desk

# As in real life; but the fault suite's stage, which we borrow, is in a hurry.
REAL = {
    "DELIVERY_LEASE": "90",
    "DELIVERY_QUIET": "120",
    "CREDLY_DEADLINE": "30",
    "CREDLY_RATE": "0",
}
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


@dataclass(frozen=True)
class Case:
    """One line of the table."""

    latency: float
    slots: int
    awards: int
    badges: int = 1

    @property
    def target(self) -> float | None:
        """The least part of the bare loop; None where nothing is asked."""
        if self.latency == 0:
            return AT_ONCE
        return SLOW if self.slots == 8 else None


def cases(awards: int) -> list[Case]:
    """Return the lines; one slot at 200 ms takes a tenth of the awards, or it takes minutes."""
    return [
        Case(0.0, 1, awards),
        Case(0.0, 8, awards),
        Case(0.2, 1, max(1, awards // 10)),
        Case(0.2, 8, awards),
        Case(0.0, 8, awards, 1000),
        Case(0.2, 8, awards, 1000),
    ]


def measure(case: Case, practice: Practice, blank: Blank, folder: Path) -> tuple[Ran, Took]:
    """Return what the worker came to, and what the bare loop took."""
    folder.mkdir()
    settings = {**REAL, "WORKER_SLOTS": str(case.slots)}
    with Stage(folder, practice, blank, **settings) as stage:
        scene = Scene(stage, case.awards, case.badges)
        yardstick = Desk(practice)
        templates = make_templates(yardstick, case.badges)
        scene.desk.set(latency=case.latency)
        half = max(1, case.awards // 2)
        took = bare.issue(yardstick, templates, half, case.slots)
        ran = scene.run(folder)
        took += bare.issue(yardstick, templates, half, case.slots)
    return ran, took


def line(engine: str, case: Case, ran: Ran, took: Took) -> str:
    """Return one line of the table."""
    rate = case.awards / ran.seconds
    bare_rate = took.count / took.seconds
    ratio = rate / bare_rate
    target = f"{case.target:.0%}" if case.target else "-"
    cells = (
        *(engine, case.badges, case.slots, f"{case.latency * 1000:.0f} ms", case.awards),
        *(f"{rate:.1f}", f"{bare_rate:.1f}", f"{ratio:.0%}", target, ran.posts, ran.others),
        *(f"{ran.statements:.2f}", f"{ran.commits:.2f}"),
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


def row(cells: tuple[object, ...]) -> str:
    """Return cells below their headings."""
    widths = (width for _name, width in HEAD)
    return (
        "| " + " | ".join(str(cell).rjust(w) for cell, w in zip(cells, widths, strict=True)) + " |"
    )


def tell(words: str) -> None:
    """Print at once: a line may take minutes."""
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


def main() -> None:
    """Measure every case and print the table."""
    parser = argparse.ArgumentParser(prog="tests.bench.delivery", description=__doc__)
    parser.add_argument("--awards", type=int, default=2000)
    parser.add_argument("--database", default="", help="a PostgreSQL address; else SQLite")
    parser.add_argument("--only", type=int, help="the number of one line, from 1")
    wishes = parser.parse_args()
    engine = "PostgreSQL" if wishes.database else "SQLite"
    tell(f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {os.cpu_count()} cores, load {_load()}\n")
    tell(row(tuple(name for name, _width in HEAD)))
    tell(row(tuple("-" * width for _name, width in HEAD)))
    chosen = cases(wishes.awards)
    if wishes.only:
        chosen = [chosen[wishes.only - 1]]
    with tempfile.TemporaryDirectory() as place:
        run_all(engine, chosen, wishes.database, Path(place))
    tell(f"\nLoad at the end: {_load()}")


def run_all(engine: str, chosen: list[Case], server: str, place: Path) -> None:
    """Measure case by case, each with a practice Credly and a portal of its own."""
    blank = Blank(place / "blank", server)
    try:
        for number, case in enumerate(chosen):
            practice = Practice(place / f"practice-{number}")
            try:
                ran, took = measure(case, practice, blank, place / f"case-{number}")
            finally:
                practice.stop()
            tell(line(engine, case, ran, took))
    finally:
        blank.drop()


def _load() -> str:
    return " ".join(f"{one:.1f}" for one in os.getloadavg())


if __name__ == "__main__":
    main()
