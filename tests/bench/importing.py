"""How quickly badge.csv comes in: `python -m tests.bench.importing [--database URL] [--million]`.

Each line is a file without pictures. Preview and import run in a process of their own on a fresh
portal; the bare loop of `import_files` runs before and after them, each time into a fresh portal,
too. `--database` is the address of a PostgreSQL database whose user may make others; without it all
is SQLite. The home of a learner is looked at while one process serves and imports.
"""

import argparse
import json
import os
import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tests.bench import import_files
from tests.bench.import_home import Home, Seen
from tests.demo import processes
from tests.faults.databases import Blank

SIZES = (1_000, 10_000, 100_000)
MILLION = 1_000_000
MOST_BARE, MOST_MEMORY, MOST_HOME = 3.5, 200.0, 2.0
LONGEST = 3600.0  # seconds for one import
HEAD = (
    ("engine", 10),
    ("rows", 8),
    ("preview", 8),
    ("import", 8),
    ("bare", 8),
    ("ratio", 6),
    ("MiB", 5),
    ("home", 8),
    ("busy", 8),
    ("ratio", 6),
    ("met", 3),
)


@dataclass(frozen=True)
class Took:
    """One import: seconds of each part, those of the bare loop, and the most memory in MiB."""

    preview: float
    run: float
    bare: float
    memory: float

    @property
    def ratio(self) -> float:
        """How many times the bare loop the import takes."""
        return self.run / self.bare


class Place:
    """A folder of fresh portals."""

    def __init__(self, folder: Path, server: str) -> None:
        self.folder, self.blank = folder, Blank(folder / "blank", server)
        self._count = 0

    def child(self, kind: str, file: Path) -> dict[str, float]:
        """Let a process bring the file in, in a portal of its own; return what it says."""
        instance, settings = self.fresh()
        ran = processes.run(instance, "-m", "tests.bench.import_child", kind, str(file), **settings)
        self.blank.drop(settings)
        assert ran.returncode == 0, ran.stderr[-2000:]
        return json.loads(ran.stdout)

    def fresh(self) -> tuple[Path, dict[str, str]]:
        """Return the folder of a fresh portal, and the settings that lead to its database."""
        self._count += 1
        instance = self.folder / f"portal-{self._count}"
        return instance, self.blank.copy(instance)


def measure(place: Place, file: Path) -> Took:
    """Import the file between two runs of the bare loop."""
    first = place.child("bare", file)
    told = place.child("ours", file)
    second = place.child("bare", file)
    bare = (first["import"] + second["import"]) / 2
    return Took(told["preview"], told["import"], bare, told["peak"])


def look(place: Place, file: Path) -> Seen:
    """Look at a learner's home in quiet, and while the file is imported."""
    instance, settings = place.fresh()
    home = Home(instance, settings)
    try:
        return home.measure(file)
    finally:
        home.close()
        place.blank.drop(settings)


def line(engine: str, rows: int, took: Took, seen: Seen) -> str:
    """Return one line of the table."""
    quick = took.ratio <= MOST_BARE and took.memory <= MOST_MEMORY
    met = quick and (seen.ratio is None or seen.ratio <= MOST_HOME)
    cells = (
        *(engine, f"{rows:,}", f"{took.preview:.2f} s", f"{took.run:.2f} s", f"{took.bare:.2f} s"),
        *(f"{took.ratio:.1f}", f"{took.memory:.0f}"),
        *(f"{one:.0f} ms" if one else "-" for one in (seen.quiet, seen.meanwhile)),
        f"{seen.ratio:.1f}" if seen.ratio else "-",
        "yes" if met else "NO",
    )
    return row(cells)


def row(cells: tuple[object, ...]) -> str:
    """Return cells below their headings."""
    pairs = zip(cells, HEAD, strict=True)
    return "| " + " | ".join(str(cell).rjust(width) for cell, (_name, width) in pairs) + " |"


def tell(words: str) -> None:
    """Print at once: a line may take minutes."""
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


def main() -> None:
    """Measure every size and print the table."""
    parser = argparse.ArgumentParser(prog="tests.bench.importing", description=__doc__)
    parser.add_argument("--rows", type=int, nargs="*", default=SIZES)
    parser.add_argument("--million", action="store_true", help="1,000,000 rows as well")
    parser.add_argument("--database", default="", help="a PostgreSQL address; else SQLite")
    parser.add_argument("--no-home", action="store_true", help="do not look at the home page")
    wishes = parser.parse_args()
    processes.PATIENCE = LONGEST
    tell(f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {os.cpu_count()} cores, load {_load()}\n")
    tell(row(tuple(name for name, _width in HEAD)))
    tell(row(tuple("-" * width for _name, width in HEAD)))
    sizes = [*wishes.rows, *([MILLION] if wishes.million else [])]
    with tempfile.TemporaryDirectory() as folder:
        place = Place(Path(folder), wishes.database)
        try:
            for rows in sizes:
                file = Path(folder) / "badge.csv"
                import_files.write(file, rows)
                took = measure(place, file)
                # A thousand rows are in before anybody could look often enough.
                home = not wishes.no_home and min(SIZES) < rows < MILLION
                seen = look(place, file) if home else Seen(None, None)
                tell(line("PostgreSQL" if wishes.database else "SQLite", rows, took, seen))
        finally:
            place.blank.drop()
    tell(f"\nLoad at the end: {_load()}")


def _load() -> str:
    return " ".join(f"{one:.1f}" for one in os.getloadavg())


if __name__ == "__main__":
    main()
