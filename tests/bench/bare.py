"""The yardsticks: the same orders sent by nothing but `requests.Session` in as many threads.

One writes nothing down; the other commits before and after each POST, as whoever loses nothing
must.
"""

import itertools
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, nullcontext
from dataclasses import dataclass
from typing import Any

import requests

from portal.clock import utc_now
from portal.credly.payloads import IssueOrder
from tests.bench.books import Book
from tests.practice.desk import Desk


@dataclass(frozen=True)
class Took:
    """What issuing so many badges took: seconds by the clock, seconds of processor."""

    count: int
    seconds: float
    cpu: float

    @property
    def rate(self) -> float:
        """Badges a second."""
        return self.count / self.seconds

    def __add__(self, other: "Took") -> "Took":
        return Took(self.count + other.count, self.seconds + other.seconds, self.cpu + other.cpu)


def issue(
    desk: Desk,
    templates: Sequence[str],
    count: int,
    threads: int,
    open_book: Callable[[], Book] | None = None,
) -> Took:
    """Issue `count` badges over these templates, writing them down in a book if there is one."""
    bodies, lock = enumerate(_bodies(templates, count), 1), threading.Lock()
    workers = [
        threading.Thread(target=_send, args=(desk, bodies, lock, open_book), name=f"bare-{number}")
        for number in range(threads)
    ]
    started, cpu = time.perf_counter(), time.process_time()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return Took(count, time.perf_counter() - started, time.process_time() - cpu)


def _send(
    desk: Desk,
    bodies: Iterator[tuple[int, dict[str, Any]]],
    lock: threading.Lock,
    open_book: Callable[[], Book] | None,
) -> None:
    book = open_book() if open_book else None
    with requests.Session() as http, closing(book) if book else nullcontext():
        http.trust_env = False
        while True:
            with lock:
                number, body = next(bodies, (0, {}))
            if not number:
                return
            if book:
                book.mark(number)
            badge = _post(http, desk, body)
            if book:
                book.done(number, badge)


def _post(http: requests.Session, desk: Desk, body: dict[str, Any]) -> str:
    """Issue one badge; return its id."""
    answer = http.post(f"{desk.root}/badges", json=body, auth=(desk.token, ""), timeout=(5, 20))
    answer.raise_for_status()
    return str(answer.json()["data"]["id"])


def _bodies(templates: Sequence[str], count: int) -> Iterator[dict[str, Any]]:
    now = utc_now()
    orders = (
        IssueOrder(
            recipient_email=f"{uuid.uuid4().hex}@example.org",
            first_name="Lena",
            last_name="Learner",
            template_id=template,
            issued_at=now,
            issuer_earner_id=str(uuid.uuid4()),
            locale="en",
        )
        for template in itertools.islice(itertools.cycle(templates), count)
    )
    return iter([order.body() for order in orders])
