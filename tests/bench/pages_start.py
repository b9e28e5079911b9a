"""What the portal takes before and after a run: seconds to its first page, and its memory."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path

import requests

from tests.bench.pages_scene import Portal, Visitor, memory_of
from tests.bench.pages_table import say
from tests.demo.processes import Process, serve
from tests.ports import free_port

STARTS = 7  # of each, in turn; the middle one counts
MOST_MEMORY, MOST_TIMES = 150.0, 1.5


def memory(portal: Portal, paths: Sequence[str], courses: Sequence[int], times: int) -> None:
    """Print the memory of one process with embedded jobs that served every page of the table."""
    words = {**portal.env, "JOBS": "embedded", "PORT": (port := str(free_port()))}
    with serve(portal.folder, **words) as process:
        lena, ada, nina = (
            Visitor(f"http://127.0.0.1:{port}", process.pid, session)
            for session in (portal.lena, portal.ada, portal.nina)
        )
        lena.read([path for path in paths if path.startswith("/learner/")], times)
        nina.send([f"/learner/courses/{one}/complete" for one in courses], nina.token())
        ada.read([path for path in paths if path.startswith("/admin/")], times)
        size = memory_of(process.pid)
        process.end()
    met = "yes" if size <= MOST_MEMORY else "NO"
    limit = f"{MOST_MEMORY:.0f} MiB"
    say(("memory with embedded jobs", "", "", "", "", "", f"{size:.0f} MiB", limit, "", met))


def starts(portal: Portal, bare: Path, database: dict[str, str]) -> None:
    """Print the seconds from the command to the first page, with an existing database."""
    words = {**portal.env, "JOBS": "embedded"}  # as without any setting
    bare_words = ("-m", "tests.bench.bare_pages", str(bare))
    ours, beside = [], []
    for _time in range(STARTS):
        ours.append(_first_page(lambda port: Process(portal.folder, "app.py", PORT=port, **words)))
        beside.append(_first_page(lambda port: Process(bare, *bare_words, port, **database)))
    took, yard = (sorted(found)[STARTS // 2] for found in (ours, beside))
    met = "yes" if took <= MOST_TIMES * yard else "NO"
    cells = ("cold start", "", "", f"{took:.2f} s", "", f"{yard:.2f} s", f"{took / yard:.2f}")
    say((*cells, f"{MOST_TIMES} ×", "", met))


def _first_page(start: Callable[[str], Process]) -> float:
    port, began = str(free_port()), time.perf_counter()
    with start(port) as process:
        while not answers(port):
            assert process.child.poll() is None, process.err
            time.sleep(0.005)
        took = time.perf_counter() - began
        process.child.kill()
    return took


def answers(port: str) -> bool:
    """Say whether the page for whoever comes in is served."""
    try:
        return requests.get(f"http://127.0.0.1:{port}/login", timeout=20).status_code == 200
    except requests.ConnectionError:
        return False
