"""The yardstick: the same orders sent by nothing but `requests.Session` in as many threads."""

import itertools
import threading
import time
import uuid
from collections.abc import Iterator, Sequence
from typing import Any

import requests

from portal.clock import utc_now
from portal.credly.payloads import IssueOrder
from tests.practice.desk import Desk


def issue(desk: Desk, templates: Sequence[str], count: int, threads: int) -> float:
    """Issue `count` badges over these templates, writing nothing down; return the seconds."""
    bodies = _bodies(templates, count)
    lock = threading.Lock()
    workers = [
        threading.Thread(target=_send, args=(desk, bodies, lock), name=f"bare-{number}")
        for number in range(threads)
    ]
    started = time.perf_counter()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return time.perf_counter() - started


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
