"""Random faults at random moments: `python -m tests.faults.rounds --rounds 200 --seed 1`.

Each round is an organisation of its own with several awards, and two workers that may die at any
moment. The choices follow from the seed; only the machine's own speed does not.
"""

import argparse
import random
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.demo.processes import Process
from tests.faults.databases import Blank
from tests.faults.ledgers import ON_ITS_WAY, Balance
from tests.faults.place import Place
from tests.faults.stage import Practice, Stage

QUICKER = {
    "DELIVERY_LEASE": "1.5",
    "DELIVERY_QUIET": "2",
    "DELIVERY_WAITS": "0.5 1 1.5 2",
    "CREDLY_DEADLINE": "0.6",
}
LONGEST_ROUND = 300.0  # seconds; only a machine that is very busy comes near it
WORKER = ("-m", "flask", "--app", "app", "worker")
FAULTS: tuple[dict[str, Any], ...] = (
    {"status": 500},
    {"status": 502, "when": "after"},
    {"status": 503},
    {"status": 429, "headers": {"Retry-After": "1"}},
    {"drop": "reset"},
    {"drop": "reset", "when": "after"},
    {"drop": "close"},
    {"drop": "half_body", "when": "after"},
    {"drop": "hang", "seconds": 1.5},
    {"drop": "hang", "seconds": 1.5, "when": "after"},
    {"drop": "drip", "when": "after"},
    {"status": 201, "body": "{", "when": "after"},
    {"status": 200, "body": "<html>", "content_type": "text/html", "when": "after"},
    {"without": ["id"], "when": "after"},
    {"book_later": 1.0},
    {"delay": 0.4, "when": "after"},
)
SETS = ("lost", "twice", "unknown", "ghosts", "unfinished")


@dataclass
class Plan:
    """What happens in one round."""

    awards: int
    steps: list[dict[str, Any]]
    shots: list[tuple[float, int, int]]  # moment, which worker, which signal

    @staticmethod
    def of(chance: random.Random) -> "Plan":
        """Choose the faults and their moments."""
        steps = [{**chance.choice(FAULTS)} for _number in range(chance.randint(1, 4))]
        for _number in range(chance.randint(0, 1)):
            shot = {"kill": chance.randint(0, 1), "when": chance.choice(["before", "after"])}
            steps.insert(chance.randint(0, len(steps)), shot)
        signals = [signal.SIGKILL, signal.SIGKILL, signal.SIGSTOP]
        shots = [
            (chance.uniform(0, 2), chance.randint(0, 1), chance.choice(signals))
            for _number in range(chance.randint(0, 1))
        ]
        return Plan(chance.randint(2, 6), steps, shots)


class Crew:
    """Two workers; one that dies is replaced at once."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.deaths = stage, 0
        self.workers = stage.workers(2)
        self.all: list[Process] = list(self.workers)

    def mend(self) -> None:
        """Put a new worker in the place of each that died."""
        for number, worker in enumerate(self.workers):
            if worker.child.poll() is not None:
                worker.ended()
                self.deaths += 1
                self.workers[number] = self.stage.start(*WORKER)

    def shoot(self, number: int, what: int) -> None:
        """Kill a worker, or let it sleep longer than its lease."""
        worker = self.workers[number]
        worker.child.send_signal(what)
        if what == signal.SIGSTOP:
            wake = threading.Timer(2.5, worker.child.send_signal, (signal.SIGCONT,))
            wake.daemon = True
            wake.start()


def play(crew: Crew, plan: Plan) -> tuple[Place, Balance]:
    """Play one round to its end and balance the ledgers."""
    place = crew.stage.place()
    for step in plan.steps:
        if "kill" in step:
            step["kill"] = {"pid": crew.workers[step["kill"]].pid, "signal": int(signal.SIGKILL)}
    place.plan(*plan.steps)
    began, shots = time.monotonic(), sorted(plan.shots)
    place.complete(plan.awards)
    while time.monotonic() - began < LONGEST_ROUND:
        while shots and time.monotonic() - began > shots[0][0]:
            crew.shoot(*shots.pop(0)[1:])
        crew.mend()
        if not shots and not place.states().keys() & ON_ITS_WAY:
            break
        time.sleep(0.1)
    return place, place.balance()


def play_all(rounds: int, seed: int, server: str, folder: Path) -> Counter[str]:
    """Play so many rounds; return the sums of all sets, with the awards and POSTs."""
    for name in ("practice", "blank"):
        (folder / name).mkdir()
    practice, blank = Practice(folder / "practice"), Blank(folder / "blank", server)
    sums: Counter[str] = Counter()
    try:
        with Stage(folder, practice, blank, **QUICKER) as stage:
            crew = Crew(stage)
            for number in range(rounds):
                sums += _one(crew, seed + number)
            sums["workers that died"] = crew.deaths
            sums.update({f"books: {name}": n for name, n in stage.own_books().items()})
    finally:
        practice.stop()
        blank.drop()
    return sums


def _one(crew: Crew, seed: int) -> Counter[str]:
    began = time.monotonic()
    _place, balance = play(crew, Plan.of(random.Random(seed)))
    seconds = time.monotonic() - began
    sys.stdout.write(f"seed {seed}: {balance} in {seconds:.1f} s\n")
    sys.stdout.flush()
    found = Counter({name: len(getattr(balance, name)) for name in SETS})
    found.update({"posts": balance.posts, "extra posts": balance.extra_posts})
    found.update({"awards": balance.posts - balance.extra_posts, "seconds": round(seconds)})
    return found


def wrong_in(sums: Counter[str]) -> dict[str, int]:
    """Return the sums that should be zero and are not."""
    bad = {name: count for name, count in sums.items() if name in SETS or name[:6] == "books:"}
    return {name: count for name, count in bad.items() if count}


def main(arguments: list[str]) -> int:
    """Play, print the table, and return 0 only if nothing is wrong."""
    parser = argparse.ArgumentParser(prog="tests.faults.rounds", description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", default="", help="a PostgreSQL address; SQLite without it")
    wishes = parser.parse_args(arguments)
    server = wishes.database if wishes.database.startswith("postgres") else ""
    with tempfile.TemporaryDirectory() as folder:
        sums = play_all(wishes.rounds, wishes.seed, server, Path(folder))
    for name in dict.fromkeys([*SETS, *sums]):
        sys.stdout.write(f"{name:>24} {sums[name]}\n")
    return 1 if wrong_in(sums) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
