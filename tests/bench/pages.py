"""How quickly pages open, beside a bare page of as many rows: `make bench-pages`.

Never a test: nothing fails for being slow. Both are served by waitress, in the same minutes.
"""

import argparse
import platform
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import requests

from tests.bench import bare_pages, pages_hanging
from tests.bench.pages_scene import Portal, Took, Visitor, memory_of, together
from tests.demo.processes import Process, serve, wait_until
from tests.ports import free_port

TIMES = 200  # requests of each page; of each long list
LISTS = {
    "people": ("people", "people?page=last", "people?q=umar 9", "people?role=author"),
    "awards": ("awards", "awards?page=last", "awards?q=umar 9", "awards?state=revoked"),
    "deliveries": (
        "deliveries",
        "deliveries?page=last",
        "deliveries?q=umar 9",
        "deliveries?state=held",
    ),
    "badges": ("badges", "badges?q=number 7", "badges?state=active"),
}
PAGES = (("My badges, 20 badges", "badges", 20), ("catalogue", "catalogue", 24), ("home", "", 20))
HEAD = ("page", "CPU", "p50", "p95", "beside", "ratio", "target", "SQL", "met")


def main(arguments: list[str]) -> int:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.pages")
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--awards", type=int, default=100_000)
    wishes = parser.parse_args(arguments)
    sys.stdout.write(f"{datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}\n\n")
    _say(HEAD)
    _say(["---"] * len(HEAD))
    with tempfile.TemporaryDirectory() as folder:
        _pages(Path(folder))
        quiet, busy = pages_hanging.measure(Path(folder) / "hanging", TIMES // 2)
        name = "completing while 8 deliveries hang"
        _line(name, busy, quiet.slow, busy.slow, 1.5)
        _lists(Path(folder), wishes.people, wishes.awards)
        _starts(Path(folder))
    return 0


def _pages(folder: Path) -> None:
    """The pages of learners and a completion, each beside its bare page."""
    bare_pages.make(folder / "bare")
    portal = Portal(folder / "small", people=50, awards=1000)
    courses = portal.courses_to_complete(TIMES + 10)
    with _bare(folder / "bare") as (beside, _), _served(portal) as (address, pid):
        lena = Visitor(address, pid, portal.lena)
        bare = Visitor(*beside)
        bare.http.get(f"{bare.address}/enter", timeout=60)
        for name, path, rows in PAGES:
            yard, took = together(bare, f"/rows/{rows}", lena, f"/learner/{path}", TIMES)
            asked = portal.statements(portal.lena, f"/learner/{path}")
            _line(name, took, yard.cpu, took.cpu, 2.5, asked, 8)
        nina = Visitor(address, pid, portal.nina)
        addresses = [f"/learner/courses/{one}/complete" for one in courses]
        yard = bare.send(["/insert"] * TIMES)
        took = nina.send(addresses[1:TIMES], nina.token())
        asked = portal.statements(portal.nina, addresses[-1], post=True)
        _line("completing a course (POST)", took, yard.cpu, took.cpu, 2.5, asked, 14)
    _memory(portal)


def _lists(folder: Path, people: int, awards: int) -> None:
    """Lists and dashboard with much data, each beside itself with little."""
    few = Portal(folder / "few", people=100, awards=1000)
    many = Portal(folder / "many", people=people, awards=awards)
    with _served(few) as little, _served(many) as much:
        here, there = Visitor(*little, few.ada), Visitor(*much, many.ada)
        for name, paths in LISTS.items():
            for path in paths:
                _pair(f"{name}: {path}", f"/admin/{path}", here, there, many, 1.5)
        _pair("dashboard", "/admin/", here, there, many, 2.0)


def _pair(name: str, path: str, here: Visitor, there: Visitor, many: Portal, target: float) -> None:
    little, much = together(here, path, there, path, TIMES // 2)
    asked = many.statements(many.ada, path)
    _line(name, much, little.slow, much.slow, target, asked)


def _memory(portal: Portal) -> None:
    """The portal with its embedded jobs, after a run of pages."""
    with serve(portal.folder, JOBS="embedded", PORT=(port := str(free_port()))) as process:
        lena = Visitor(f"http://127.0.0.1:{port}", process.pid, portal.lena)
        ada = Visitor(f"http://127.0.0.1:{port}", process.pid, portal.ada)
        lena.read(["/learner/", "/learner/badges", "/learner/catalogue"], TIMES)
        ada.read(["/admin/", "/admin/people", "/admin/awards", "/admin/deliveries"], TIMES)
        size = memory_of(process.pid)
        process.end()
    met = "yes" if size <= 150 else "NO"
    _say(("memory with embedded jobs", "", "", "", "", f"{size:.0f} MiB", "150 MiB", "", met))


def _starts(folder: Path) -> None:
    """Seconds from the command to the first page, with an existing database."""
    ours = _first_page(lambda port: Process(folder / "small", "app.py", PORT=port, JOBS="worker"))
    words = ("-m", "tests.bench.bare_pages", str(folder / "bare"))
    bare = _first_page(lambda port: Process(folder / "bare", *words, port))
    met = "yes" if ours <= 1.5 * bare else "NO"
    cells = ("cold start", "", f"{ours:.2f} s", "", f"{bare:.2f} s", f"{ours / bare:.2f}")
    _say((*cells, "1.5", "", met))


def _first_page(start: Callable[[str], Process]) -> float:
    took = []
    for _time in range(5):
        port, began = str(free_port()), time.perf_counter()
        with start(port) as process:
            wait_until(lambda port=port: _answers(port), process)
            took.append(time.perf_counter() - began)
            process.child.kill()
    return sorted(took)[2]


def _answers(port: str) -> bool:
    try:
        return requests.get(f"http://127.0.0.1:{port}/login", timeout=20).status_code < 500
    except requests.ConnectionError:
        return False


class _served:
    """The portal as a process of its own; gives its address and process id."""

    def __init__(self, portal: Portal) -> None:
        self.portal = portal

    def __enter__(self) -> tuple[str, int]:
        port = str(free_port())
        self.process = serve(self.portal.folder, **self.portal.env, PORT=port)
        return f"http://127.0.0.1:{port}", self.process.pid

    def __exit__(self, *_caught: object) -> None:
        self.process.end()
        self.process.__exit__(None, None, None)


class _bare:
    """The bare app as a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __enter__(self) -> tuple[tuple[str, int], None]:
        port = str(free_port())
        self.process = Process(self.folder, "-m", "tests.bench.bare_pages", str(self.folder), port)
        wait_until(lambda: _answers(port), self.process)
        return (f"http://127.0.0.1:{port}", self.process.pid), None

    def __exit__(self, *_caught: object) -> None:
        self.process.end()
        self.process.__exit__(None, None, None)


def _line(
    name: str,
    took: Took,
    beside: float,
    ours: float,
    target: float,
    asked: int = 0,
    most: int = 0,
) -> None:
    ratio = ours / beside if beside else 0.0
    met = "yes" if ratio <= target and (not most or asked <= most) else "NO"
    limit = f"{target:g} ×" + (f", {most} SQL" if most else "")
    cells = (f"{took.cpu:.1f}", f"{took.middle:.1f}", f"{took.slow:.1f}", f"{beside:.1f}")
    _say((name, *cells, f"{ratio:.2f}", limit, asked or "", met))


def _say(cells) -> None:
    sys.stdout.write("| " + " | ".join(str(cell) for cell in cells) + " |\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
