"""The sender of webhooks: a thread that posts the outbox until it hears exactly 200."""

import http.client
import sqlite3
import threading
from urllib.parse import urlsplit

from portal.practice.store import Store
from portal.practice.switches import read_switches
from portal.practice.times import right_now

_TIMEOUT = 5.0
_PATIENCE = 25 * 24 * 3600.0


def has_waiting(db: sqlite3.Connection) -> bool:
    return db.execute("SELECT 1 FROM outbox LIMIT 1").fetchone() is not None


class Sender:
    """Sends what is due. The thread starts with the first thing to send and dies with us."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None

    def wake(self) -> None:
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="webhooks", daemon=True)
                self._thread.start()
        self._wake.set()

    def stop(self) -> None:
        self._stopping.set()
        self._wake.set()
        if self._thread:
            self._thread.join(_TIMEOUT + 1)

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._wake.clear()
            self._wake.wait(self._send_next())

    def _send_next(self) -> float | None:
        """Send what is due first; return the seconds until there is more, None for nothing left."""
        now = right_now().timestamp()
        with self._store.transaction() as db:
            row = db.execute("SELECT * FROM outbox ORDER BY due, sequence LIMIT 1").fetchone()
            first_wait = read_switches(db)["webhook_retry_seconds"]
        if row is None or row["due"] > now:
            return row and row["due"] - now
        done = _post(row["url"], row["payload"]) or now - row["since"] > _PATIENCE
        with self._store.transaction() as db:
            if done:
                db.execute("DELETE FROM outbox WHERE sequence = ?", (row["sequence"],))
            else:
                later = now + first_wait * 2 ** min(row["tries"], 16)
                retry = "UPDATE outbox SET tries = tries + 1, due = ? WHERE sequence = ?"
                db.execute(retry, (later, row["sequence"]))
        return 0.0


def _post(url: str, payload: str) -> bool:
    """Post once; only 200 counts, and a redirect is not followed (credly-api.md 7)."""
    parts = urlsplit(url)
    secure = parts.scheme == "https"
    kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
    way = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    headers = {"Content-Type": "application/json", "User-Agent": "Practice-Credly"}
    try:
        connection = kind(parts.hostname or "", parts.port, timeout=_TIMEOUT)
        try:
            connection.request("POST", way, payload.encode(), headers)
            return connection.getresponse().status == 200
        finally:
            connection.close()
    except (OSError, ValueError, http.client.HTTPException):
        return False
