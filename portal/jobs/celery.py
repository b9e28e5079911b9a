"""The engine that Celery and Redis tell when to look: `flask worker` and `flask beat`, JOBS=celery.

A message holds a row's id or the name of a line, and is a hint. What is due stands in the database,
and a delivery is claimed by the same statement as ever: a message that gets lost is sent again a
second later, one that comes twice or late finds nothing to claim. So none is acknowledged or kept.
"""

import logging
import os
import signal
import socket
import ssl
import sys
import threading
import time
from collections.abc import Callable

from celery import Celery, signals
from celery.concurrency.thread import TaskPool
from flask import Flask

from portal.jobs.work import TICK, Work
from portal.logs import trouble

log = logging.getLogger(__name__)
LOOKS, DELIVERIES = "rosette.looks", "rosette.deliveries"  # the queues, lists in Redis
DELIVER, LOOK, HAND_OUT = "rosette.deliver", "rosette.look", "rosette.hand_out"
LONG = 100  # messages: where so many wait nothing is gained by another
# By itself Kombu takes any certificate for good.
_CHECKED = {"ssl_cert_reqs": ssl.CERT_REQUIRED, "ssl_check_hostname": True}
PATIENCE = 30.0  # seconds that calls in flight have at the end
ANSWERS_WITHIN = 5.0  # seconds that Redis has
CONNECTIONS_MORE = 10  # to Redis, beside one for each thread


class Hints:
    """What the messages make this process do, and the messages that it sends itself."""

    def __init__(self, app: Flask):
        self.work = Work(app)
        self._lines = {line: threading.Lock() for line in self.work.lines}
        self._handing_out = threading.Lock()
        # One for each delivery and each line, and one that finds that there is nothing to do.
        self.threads = self.work.means.rules.slots + len(self._lines) + 1
        self.celery = _celery(app.extensions["settings"].redis_url, self.threads)
        for name, task in ((DELIVER, self.deliver), (LOOK, self.look), (HAND_OUT, self.hand_out)):
            self.celery.task(task, name=name, typing=False, lazy=False)

    def deliver(self, delivery_id: int) -> None:
        """Carry this delivery if it is due and a slot is free, and then those that follow it."""
        claim = self.work.take(delivery_id)
        if claim is None:
            return
        self.work.carry(claim)
        self.work.safely("handing out", lambda: self._send(HAND_OUT))

    def look(self, line: str) -> None:
        """Do what a line has to do; nothing if this process is just doing it."""
        self._run(line, again=True)
        self._run("itself", again=False)

    def hand_out(self) -> None:
        """Send the ids of what is due, as many as may be useful."""
        if self._handing_out.acquire(blocking=False):
            try:
                self.work.safely("handing out", self._hand_out)
            finally:
                self._handing_out.release()

    def send_looks(self) -> None:
        """Let somebody look at every line, unless such messages wait in numbers already."""
        if self._waiting(LOOKS) < LONG:
            self._send(HAND_OUT)
            for line in self._lines:
                self._send(LOOK, line)

    def wait_for_end(self) -> bool:
        """Wait for what is in hand; say whether it ended. The rest ends with its lease."""
        until = time.monotonic() + PATIENCE
        done = self.work.wait_for_deliveries(until)
        for lock in self._lines.values():
            done = lock.acquire(timeout=max(0.0, until - time.monotonic())) and done
        return done

    def _run(self, line: str, *, again: bool) -> None:
        lock = self._lines.get(line)  # none: a message of another version
        if lock and lock.acquire(blocking=False):
            try:
                while self.work.look(line) and again and not self.work.stopping.is_set():
                    pass
            finally:
                lock.release()

    def _hand_out(self) -> None:
        for delivery_id in self.work.due(but=self._waiting(DELIVERIES)):
            self._send(DELIVER, delivery_id, queue=DELIVERIES)

    def _send(self, name: str, *about: int | str, queue: str = LOOKS) -> None:
        self.celery.send_task(name, about, queue=queue, retry=False, ignore_result=True)

    def _waiting(self, queue: str) -> int:
        with self.celery.pool.acquire(block=True) as connection:
            return connection.default_channel.client.llen(queue)


def run_worker(app: Flask, *, ready: Callable[[], None]) -> int:
    """Work off messages until somebody asks to stop; return the exit code."""
    hints = Hints(app)

    class Threads(TaskPool):
        """Celery's pool of threads, which waits at its end no longer than a worker may."""

        def on_stop(self) -> None:
            self.executor.shutdown(wait=False, cancel_futures=True)
            self.all_ended = hints.wait_for_end()

    _take_signals(hints, ready)
    worker = hints.celery.Worker(
        hostname=f"{os.getpid()}@{socket.gethostname()}",
        pool_cls=Threads,
        concurrency=hints.threads,
        queues=[LOOKS, DELIVERIES],
        quiet=True,
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
    )
    worker.start()
    if not getattr(worker.pool, "all_ended", True):
        sys.stdout.flush()
        os._exit(worker.exitcode or 0)  # Python itself would wait for its threads without an end
    return worker.exitcode or 0


def run_beat(app: Flask, *, ready: Callable[[], None]) -> None:
    """Send the looks, each second, until somebody asks to stop. Any number may run.

    Not Celery's own beat: that goes by the clock on the wall, and is silent for as long as somebody
    sets it back.
    """
    hints, well = Hints(app), True
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_caught: sys.exit(0))
    ready()
    while True:
        time.sleep(TICK)
        try:
            hints.send_looks()
        except Exception as exc:  # noqa: BLE001 — whatever it is, Redis may be back in a second
            if well:
                log.error("Redis takes no message: %s", trouble(exc))
            well = False
        else:
            if not well:
                log.warning("Redis takes messages again")
            well = True


def _take_signals(hints: Hints, ready: Callable[[], None]) -> None:
    # The portal has set its own log up; Celery asks whether anybody has.
    signals.setup_logging.connect(lambda **_facts: None, weak=False)
    signals.worker_ready.connect(lambda **_facts: ready(), weak=False)
    signals.worker_shutting_down.connect(lambda **_facts: hints.work.stopping.set(), weak=False)


def _celery(url: str, threads: int) -> Celery:
    celery = Celery("rosette", broker=url)
    celery.conf.update(
        accept_content=["json"],
        task_serializer="json",
        task_ignore_result=True,
        task_default_queue=LOOKS,
        broker_use_ssl=_CHECKED if url.startswith("rediss:") else None,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        broker_pool_limit=threads,
        broker_transport_options={
            "ack_emulation": False,
            "socket_connect_timeout": ANSWERS_WITHIN,
            "socket_timeout": ANSWERS_WITHIN,
            "socket_keepalive": True,
            "max_connections": threads + CONNECTIONS_MORE,
            "max_retries": 1,
        },
        # No bound: each message is done, or found to be nothing, as it comes. At a bound Celery's
        # loop rests, and no thread that ends wakes it before the loop's next timer.
        worker_prefetch_multiplier=0,
        worker_hijack_root_logger=False,
        worker_redirect_stdouts=False,
    )
    return celery
