"""Another system that speaks to the portal: a token, JSON, and no cookies."""

import json
from datetime import datetime, timedelta
from typing import Any

from flask import Flask, g

from portal.clock import utc_now
from portal.extensions import db, set_reading
from portal.models import Person
from portal.policies import scopes_of
from portal.services.people import api_tokens
from tests.page import Client
from tests.web.api import document
from tests.web.sweeping import check_manners

API = "/api/v1"


class Answer:
    """What came back: status, headers, and what the JSON says."""

    def __init__(self, answer) -> None:
        self.status, self.headers = answer.status_code, answer.headers
        self.text = answer.get_data(as_text=True)
        self.mimetype, self.raw = answer.mimetype, answer
        self.said: Any = json.loads(self.text) if self.text else None


class Machine:
    """Speaks to the portal by the token of a person."""

    def __init__(self, app: Flask, person: Person | None = None, *, scopes=None) -> None:
        app.test_client_class = Client
        self.app, self.client = app, app.test_client(use_cookies=False)
        self.secret = ""
        if person is not None:
            wanted = {"name": "Machine", "days": 30, "scopes": scopes or scopes_of(person)}
            self.token, self.secret = api_tokens.make(person=person, **wanted, now=utc_now())
            # However slow the machine is: that it is in use is not noted in between.
            self.last_used(utc_now() + timedelta(days=1))

    def last_used(self, at: datetime | None) -> None:
        """Let the token have been used at this moment."""
        self.token.last_used_at = at
        db.session.commit()

    def ask(self, method: str, path: str, *, expect: int, headers=None, **more) -> Answer:
        """Send a request; the answer must have this status, and JSON whatever it is."""
        db.session.rollback()
        db.session.expire_all()
        vars(g._get_current_object()).clear()
        sent = {"Authorization": f"Bearer {self.secret}"} if self.secret else {}
        path = path if path.startswith("/api") else API + path
        raw = self.client.open(path, method=method, headers={**sent, **(headers or {})}, **more)
        set_reading(False)
        db.session.rollback()
        db.session.expire_all()
        answer = Answer(raw)
        raw.close()
        assert answer.status == expect, f"{answer.status} not {expect}: {answer.text}"
        check_manners(raw, f"{method} {path}", https=False)
        wanted = "application/json" if expect < 400 else "application/problem+json"
        assert answer.mimetype == wanted
        assert "Set-Cookie" not in answer.headers
        if expect >= 400:
            check_problem(answer)
        document.check(self.app, answer)
        return answer

    def get(self, path: str, *, expect: int = 200, **more) -> Answer:
        """Read something."""
        return self.ask("GET", path, expect=expect, **more)

    def ids(self, path: str) -> list[int]:
        """The ids of a list, all pieces of it."""
        found, following = [], path
        while following:
            piece = self.get(following).said
            found += [one["id"] for one in piece["data"]]
            following = piece["next"]
        return found


class Teller(Machine):
    """A machine that tells of completions."""

    def tell(self, key: str = "k-1", *, expect: int = 201, headers=None, **body):
        """Tell of one, with success unless something else is said."""
        headers = {"Idempotency-Key": key, **(headers or {})}
        body = {"success": True, **body}
        return self.ask("POST", "/completions", expect=expect, headers=headers, json=body)


def check_problem(answer: Answer) -> None:
    """What every refusal says."""
    said = answer.said
    assert said["status"] == answer.status
    assert said["type"] == "about:blank"
    assert all(said[name] for name in ("title", "code", "detail", "request_id"))
    assert (answer.status == 401) <= ("WWW-Authenticate" in answer.headers)
