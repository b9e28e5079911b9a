"""The API: from a request to its answer, in one transaction, misbehaving where the plan says so."""

import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from werkzeug.exceptions import MethodNotAllowed, NotFound

from portal.practice import faults
from portal.practice.answers import Answer, Refusal, not_found
from portal.practice.auth import admit, check_right
from portal.practice.calls import Addresses, Call
from portal.practice.incoming import Incoming
from portal.practice.journal import add_badges, write_entry
from portal.practice.plan import take_step
from portal.practice.routes import API, PUBLIC
from portal.practice.store import Store
from portal.practice.switches import read_switches
from portal.practice.times import right_now
from portal.practice.webhooks import Sender, has_waiting


@dataclass
class RateLimit:
    """Counts the calls of each token in the running minute."""

    _counts: dict[tuple[str | None, int], int] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def check(self, token: str | None, most: int) -> None:
        """Refuse with 429 and `Retry-After` what goes beyond `most` calls a minute."""
        now = time.time()
        minute = int(now // 60)
        with self._lock:
            self._counts = {key: count for key, count in self._counts.items() if key[1] == minute}
            self._counts[token, minute] = count = self._counts.get((token, minute), 0) + 1
        if count > most:
            wait = str(int(60 - now % 60) + 1)
            raise Refusal(429, "Too many requests", headers={"Retry-After": wait})


class Api:
    def __init__(self, store: Store, sender: Sender) -> None:
        self._store, self._sender = store, sender
        self._rate_limit = RateLimit()
        self._later: list[threading.Timer] = []

    def close(self) -> None:
        """Give up what was still to be booked later."""
        for timer in self._later:
            timer.cancel()

    def answer(
        self, incoming: Incoming, addresses: Addresses, connection: socket.socket | None
    ) -> Answer:
        """Answer one API call. Raises `Dropped` when the plan wanted the connection ruined."""
        with self._store.transaction() as db:
            step = take_step(db, incoming)
            latency = read_switches(db)["latency"]
        faults.pause(latency)
        if step is None:
            return self._do(incoming, addresses)
        return self._misbehave(step, incoming, addresses, connection)

    def _do(
        self,
        incoming: Incoming,
        addresses: Addresses,
        *,
        status: int | None = None,
        dropped: bool = False,
        noted: int | None = None,
    ) -> Answer:
        """Do what was asked and write it down, both or neither.

        `status` and `dropped` say what the client will see instead of the real answer; `noted` is
        the log entry of a call that was written down before it is done.
        """
        with self._store.transaction() as db:
            now = right_now()
            call = Call(db, addresses, read_switches(db), now, incoming.way, incoming.args)
            answer = self._handle(call, incoming)
            if noted is None:
                seen = None if dropped else status or answer.status
                write_entry(db, incoming, status=seen, badges=call.booked, dropped=dropped)
            else:
                add_badges(db, noted, call.booked)
            waiting = has_waiting(db)
        if waiting:
            self._sender.wake()
        return answer

    def _handle(self, call: Call, incoming: Incoming) -> Answer:
        call.db.execute("SAVEPOINT handling")
        try:
            return self._dispatch(call, incoming)
        except Refusal as refusal:
            # What a batch had booked before its bad item is undone; the log entry is not.
            call.db.execute("ROLLBACK TO handling")
            call.booked.clear()
            return refusal.answer()

    def _dispatch(self, call: Call, incoming: Incoming) -> Answer:
        handler, values = self._find(incoming)
        if handler not in PUBLIC:
            call.token = admit(call.db, incoming.token, call.now)
            if call.switches["rate_limit"]:
                self._rate_limit.check(incoming.token, call.switches["rate_limit"])
            check_right(call.token, incoming.method)
            if incoming.organization not in {None, call.token["organization_id"]}:
                raise not_found()
        call.body = incoming.body()
        return handler(call, **values)

    @staticmethod
    def _find(incoming: Incoming) -> tuple[Callable[..., Answer], dict[str, str]]:
        try:
            return API.bind("practice").match(incoming.way, method=incoming.method)
        except NotFound as exc:
            raise not_found() from exc
        except MethodNotAllowed as exc:
            raise Refusal(405, "Method not allowed") from exc

    def _misbehave(
        self,
        step: faults.Step,
        incoming: Incoming,
        addresses: Addresses,
        connection: socket.socket | None,
    ) -> Answer:
        """Play one step of the plan, before or after doing what was asked."""
        if "kill" in step or "book_later" in step:
            step.setdefault("drop", "close")
        status, dropped = step.get("status"), "drop" in step
        real = None
        if step.get("when") == "after":
            real = self._do(incoming, addresses, status=status, dropped=dropped)
        elif faults.spoils(step):
            self._note(step, incoming, addresses, None if dropped else status or 200)
        faults.kill(step)
        faults.pause(step.get("delay", 0))
        if real is None and not faults.spoils(step):
            real = self._do(incoming, addresses)
        answer = faults.bend(step, real)
        if dropped:
            faults.let_go(step, connection, answer)
        return answer

    def _note(
        self, step: faults.Step, incoming: Incoming, addresses: Addresses, status: int | None
    ) -> None:
        """Write down a call that is not done, or not done yet."""
        with self._store.transaction() as db:
            entry = write_entry(db, incoming, status=status, badges=[], dropped="drop" in step)
        if "book_later" in step:
            wait = step["book_later"]
            timer = threading.Timer(
                wait, self._do, args=(incoming, addresses), kwargs={"noted": entry}
            )
            timer.daemon = True
            timer.start()
            self._later.append(timer)
