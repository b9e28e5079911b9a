"""Completing a course while Credly takes eight calls and answers none."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import func, select

from portal.clock import utc_now
from portal.extensions import db, reading
from portal.models import Connection, ConnectionState, Delivery, DeliveryState, Held
from tests.bench.pages_scene import Portal, Took, Visitor, cpu_of
from tests.demo.processes import serve, wait_until
from tests.ports import free_port

SLOTS = 8


@contextmanager
def hanging() -> Iterator[str]:
    """A host that takes every call and says nothing."""
    taken: list[socket.socket] = []
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(64)

        def take() -> None:
            while True:
                try:
                    taken.append(listener.accept()[0])
                except OSError:
                    return

        threading.Thread(target=take, daemon=True).start()
        yield f"127.0.0.1:{listener.getsockname()[1]}"
        for one in taken:
            one.close()


def measure(folder: Path, database: dict[str, str], times: int) -> tuple[Took, Took]:
    """Return what a completion took in quiet, and with all slots of the same process in flight."""
    with hanging() as host:
        portal = Portal(folder, database, people=20, awards=100)
        courses = portal.courses_to_complete(2 * times + 6)
        with portal.app.app_context():
            _hold_everything()
        words = {"CREDLY_EXTRA_HOSTS": host, "WORKER_SLOTS": str(SLOTS), "CREDLY_RATE": "0"}
        words |= database
        port = str(free_port())
        with serve(folder, PORT=port, **words) as process:
            nina = Visitor(f"http://127.0.0.1:{port}", process.pid, portal.nina)
            token = nina.token()
            # Half a second after its start the process looks for the first time at all there is to
            # do, for about a second. In quiet that is over; with the deliveries it is long over.
            wait_until(lambda: _at_rest(process.pid), process)
            paths = [f"/learner/courses/{one}/complete" for one in courses]
            quiet = nina.send(paths[: times + 3], token)
            with portal.app.app_context():
                _let_some_go(host)
                wait_until(_all_in_flight, process)
            busy = nina.send(paths[times + 3 :], token)
            process.child.kill()
    return quiet, busy


def _at_rest(pid: int) -> bool:
    """Whether a process has next to nothing to do by itself."""
    used = cpu_of(pid)
    time.sleep(2)
    return cpu_of(pid) - used < 0.1


def _hold_everything() -> None:
    """Nothing leaves: what is completed waits behind a pause, in quiet and later alike."""
    db.session.query(Connection).update({"state": ConnectionState.PAUSED})
    held = {"state": DeliveryState.HELD, "held_because": Held.CONNECTION_PAUSED}
    open_ones = Delivery.state.notin_([DeliveryState.DONE, DeliveryState.CANCELLED])
    db.session.query(Delivery).filter(open_ones).update(held)
    db.session.commit()


def _let_some_go(host: str) -> None:
    """Eight deliveries are due, over a connection that is known to be well and hangs from now."""
    now = utc_now()
    connection = db.session.scalars(select(Connection).order_by(Connection.id)).first()
    connection.hostname, connection.state, connection.proven_at = host, "working", now
    ids = db.session.scalars(
        select(Delivery.id).where(Delivery.connection_id == connection.id).limit(SLOTS)
    ).all()
    due = {"state": DeliveryState.WAITING, "held_because": None, "due": now, "sent_at": None}
    db.session.query(Delivery).filter(Delivery.id.in_(ids)).update(due)
    db.session.commit()


def _all_in_flight() -> bool:
    sending = select(func.count()).where(Delivery.sent_at.is_not(None))
    with reading():
        count = db.session.scalar(sending.where(Delivery.state == DeliveryState.SENDING))
        db.session.rollback()
    return count == SLOTS
