"""The lines of the benchmark of pages: what was measured, beside what, and whether that is met."""

import sys
from collections.abc import Iterable

from tests.bench.pages_scene import Took

HEAD = ("page", "CPU", "CPU there", "p50", "p95", "beside", "ratio", "target", "SQL", "met")


def head() -> None:
    """Print what stands above the lines."""
    say(HEAD)
    say(["---"] * len(HEAD))


def line(
    name: str,
    took: Took,
    beside: float,
    ours: float,
    target: float,
    asked: int = 0,
    most: int = 0,
    there: Took | None = None,
) -> None:
    """Print a line: `ours` beside `beside`, and how many statements of how many were asked.

    `there` is what it is beside, for its processor time: on a busy machine that says more than the
    clock.
    """
    ratio = ours / beside if beside else 0.0
    met = "yes" if ratio <= target and (not most or asked <= most) else "NO"
    limit = f"{target:g} ×" + (f", {most} SQL" if most else "")
    cpu = (f"{took.cpu:.1f}", f"{there.cpu:.1f}" if there else "")
    cells = (*cpu, f"{took.middle:.1f}", f"{took.slow:.1f}", f"{beside:.1f}")
    say((name, *cells, f"{ratio:.2f}", limit, asked or "", met))


def say(cells: Iterable[object]) -> None:
    """Print cells at once: a line may take minutes."""
    sys.stdout.write("| " + " | ".join(str(cell) for cell in cells) + " |\n")
    sys.stdout.flush()
