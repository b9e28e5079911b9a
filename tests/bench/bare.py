"""The yardstick: the same orders sent by nothing but `requests.Session` in as many threads."""

import itertools
import threading
import time
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import requests

from portal.clock import utc_now
from portal.credly.payloads import IssueOrder
from tests.practice.desk import Desk


@dataclass(frozen=True)
class Took:
    """What issuing so many badges took: seconds by the clock, seconds of processor."""

    count: int
    seconds: float
    cpu: float

    def __add__(self, other: "Took") -> "Took":
        return Took(self.count + other.count, self.seconds + other.seconds, self.cpu + other.cpu)


def issue(desk: Desk, templates: Sequence[str], count: int, threads: int) -> Took:
    """Issue `count` badges over these templates, writing nothing down."""
    bodies = _bodies(templates, count)
    lock = threading.Lock()
    workers = [
        threading.Thread(target=_send, args=(desk, bodies, lock), name=f"bare-{number}")
        for number in range(threads)
    ]
    started, cpu = time.perf_counter(), time.process_time()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return Took(count, time.perf_counter() - started, time.process_time() - cpu)


def _send(desk: Desk, bodies: Iterator[dict[str, Any]], lock: threading.Lock) -> None:
    with requests.Session() as http:
        http.trust_env = False
        while True:
            with lock:
                body = next(bodies, None)
            if body is None:
                return
            answer = http.post(
                f"{desk.root}/badges", json=body, auth=(desk.token, ""), timeout=(5, 20)
            )
            answer.raise_for_status()
            answer.json()


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
