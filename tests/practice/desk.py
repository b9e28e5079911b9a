"""An organisation at practice Credly, and the few calls that tests make again and again."""

import uuid
from typing import Any

import requests

from portal.practice.server import PracticeServer


class Desk:
    """Speaks to one practice Credly for one organisation."""

    def __init__(self, practice: PracticeServer) -> None:
        self.practice = practice
        self.http = requests.Session()
        self.http.trust_env = False
        made = self.control("POST", "organizations", {"name": "STEM Learning"})
        self.id, self.token = made["organization"]["id"], made["token"]

    @property
    def root(self) -> str:
        return f"{self.practice.url}/v1/organizations/{self.id}"

    def control(self, method: str, path: str, body: Any = None, expect: int | None = None) -> Any:
        url = f"{self.practice.url}/practice/{path}"
        answer = self.http.request(method, url, json=body, timeout=60)
        assert answer.status_code == expect if expect else answer.ok, answer.text
        return answer.json() if answer.content else None

    def call(
        self, method: str, path: str, body: Any = None, expect: int | None = None, **more: Any
    ) -> requests.Response:
        more = {"auth": (self.token, ""), "timeout": 60, "allow_redirects": False, **more}
        answer = self.http.request(method, f"{self.root}{path}", json=body, **more)
        assert expect in {None, answer.status_code}, answer.text
        return answer

    def data(self, method: str, path: str, body: Any = None, expect: int = 200) -> Any:
        return self.call(method, path, body, expect).json()["data"]

    def template(self, **fields: Any) -> dict[str, Any]:
        wishes = {"name": "Knots", **fields}
        return self.control("POST", f"organizations/{self.id}/templates", wishes)

    def order(self, template: dict[str, Any], **fields: Any) -> dict[str, Any]:
        return {
            "recipient_email": f"{uuid.uuid4().hex}@example.org",
            "badge_template_id": template["id"],
            "issued_at": "2014-04-01 09:41:00 -0500",
            "issued_to_first_name": "Lena",
            "issued_to_last_name": "Learner",
            **fields,
        }

    def issue(self, template: dict[str, Any], **fields: Any) -> dict[str, Any]:
        return self.data("POST", "/badges", self.order(template, **fields), 201)

    def move(self, badge: dict[str, Any], wish: str) -> None:
        self.control("POST", f"badges/{badge['id']}/{wish}")

    def look(self, badge: dict[str, Any]) -> dict[str, Any]:
        return self.data("GET", f"/badges/{badge['id']}")

    def set(self, **switches: Any) -> None:
        self.control("POST", "switches", switches)

    def plan(self, **step: Any) -> None:
        step.setdefault("match", {"method": "POST", "path": "/badges$"})
        self.control("POST", "plan", {"steps": [step]})

    def log(self) -> list[dict[str, Any]]:
        return self.control("GET", "log")["entries"]

    def ledger(self) -> list[dict[str, Any]]:
        return self.control("GET", "badges")["badges"]

    def page(self, path: str, expect: int = 200) -> str:
        answer = self.http.get(self.practice.url + path, timeout=60)
        assert answer.status_code == expect, answer.text
        return answer.text

    def press(self, path: str, **fields: str) -> requests.Response:
        return self.http.post(self.practice.url + path, data=fields, timeout=60)
