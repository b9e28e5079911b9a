"""The WSGI application: the API, the control calls, and the pages of earners."""

import ipaddress
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from werkzeug.exceptions import Forbidden, HTTPException
from werkzeug.routing import Map
from werkzeug.wrappers import Request, Response

from portal.practice.answers import Answer, Dropped, Refusal
from portal.practice.api import Api
from portal.practice.calls import Addresses, Call
from portal.practice.doors import CONTROL, PAGES
from portal.practice.incoming import Incoming, is_api
from portal.practice.pages import sorry
from portal.practice.store import Store
from portal.practice.switches import read_switches
from portal.practice.times import right_now
from portal.practice.webhooks import Sender, has_waiting

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_MOST = 32 * 1024 * 1024
_GUARD = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}


def create_practice(database: Path, *, public_url: str | None = None) -> "PracticeApp":
    """Make practice Credly over the SQLite file `database`, which is created when missing.

    `public_url` stands at the beginning of every address it gives out; without it that is the
    host that was asked. Under a server other than `portal.practice.server` it cannot ruin
    connections.
    """
    return PracticeApp(Store(database), public_url)


class PracticeApp:
    def __init__(self, store: Store, public_url: str | None) -> None:
        self.store = store
        self.sender = Sender(store)
        self._public_url = public_url.rstrip("/") if public_url else None
        self._api = Api(store, self.sender)
        with store.transaction() as db:
            waiting = has_waiting(db)
        if waiting:
            self.sender.wake()

    def close(self) -> None:
        """Stop the webhooks and close the file."""
        self._api.close()
        self.sender.stop()
        self.store.close()

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        request = Request(environ)
        request.max_content_length = _MOST
        try:
            answer = self._answer(request)
        except HTTPException as trouble:
            return trouble(environ, start_response)
        except Dropped:
            if "werkzeug.socket" in environ:
                raise
            answer = Answer(502, {"data": {"message": "Dropped"}, "metadata": {}})
        response = Response(answer.body(), answer.status, content_type=answer.content_type)
        response.headers.extend(answer.headers)
        return response(environ, start_response)

    def _answer(self, request: Request) -> Answer:
        incoming = Incoming.of(request)
        addresses = Addresses(self._public_url or incoming.host_url)
        if is_api(request.path):
            return self._api.answer(incoming, addresses, request.environ.get("werkzeug.socket"))
        if request.path.startswith("/practice/"):
            self._guard(request)
            return self._serve(CONTROL, incoming, addresses)
        if request.method == "POST":
            self._guard(request)
        answer = self._serve(PAGES, incoming, addresses)
        answer.headers = {**_GUARD, **answer.headers}
        return answer

    @staticmethod
    def _guard(request: Request) -> None:
        """Control is for this machine alone, and no other website may press our buttons."""
        address = request.environ.get("REMOTE_ADDR")
        if address and not ipaddress.ip_address(address).is_loopback:
            raise Forbidden
        if request.headers.get("Sec-Fetch-Site") in {"cross-site", "same-site"}:
            raise Forbidden

    def _serve(self, doors: Map, incoming: Incoming, addresses: Addresses) -> Answer:
        handler, values = doors.bind("practice").match(incoming.path, method=incoming.method)
        try:
            with self.store.transaction() as db:
                call = Call(
                    db, addresses, read_switches(db), right_now(), incoming.path, incoming.args
                )
                call.body = incoming.body()
                answer = handler(call, **values)
                waiting = has_waiting(db)
        except Refusal as refusal:
            return refusal.answer() if doors is CONTROL else sorry(refusal)
        if waiting:
            self.sender.wake()
        return answer
