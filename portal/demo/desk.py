"""What the demo asks of practice Credly beside its API: organisations, templates, earners."""

import base64
from datetime import datetime
from typing import Any

import requests

from portal.demo.organizations import LIBRARY, LIBRARY_TEMPLATES, Organization
from portal.demo.pictures import draw
from portal.demo.templates import TemplateData

REFUSED = 422  # a badge is revoked once
CONFLICT = 409  # making the data was interrupted after this step
TIMEOUT = 30.0


class Desk:
    """Speaks to the practice Credly at `host`. Asking twice for the same thing does no harm."""

    def __init__(self, host: str) -> None:
        self._root = f"http://{host}"
        self._http = requests.Session()
        self._http.trust_env = False

    def make_organization(self, organization: Organization) -> None:
        """Make the organisation with its token and those templates that are not there yet."""
        self._control("POST", "organizations", organization.body())
        known = self._templates_of(organization)
        path = f"organizations/{organization.id}/templates"
        for template in organization.templates:
            if organization.template_id(template) not in known:
                self._control("POST", path, _template_body(organization, template))

    def make_library(self) -> None:
        """Make the organisation that is not connected, with more templates than fit on a page."""
        self.make_organization(LIBRARY)
        if not self._templates_of(LIBRARY):
            wishes = {"count": LIBRARY_TEMPLATES, "prefix": "Reading Circle"}
            self._control("POST", f"organizations/{LIBRARY.id}/templates", wishes)

    def archive(self, organization: Organization, template_id: str) -> None:
        """Let a template be issued no more."""
        path = f"organizations/{organization.id}/templates/{template_id}"
        self._control("PATCH", path, {"state": "archived"})

    def plan(self, email: str, **answer: Any) -> None:
        """Answer the next call that issues a badge to this address in another way."""
        match = {"method": "POST", "path": "/badges$", "body_contains": email}
        self._control("POST", "plan", {"steps": [{"match": match, **answer}]})

    def forget_plan(self) -> None:
        """Answer everything as it should be again."""
        self._control("DELETE", "plan")

    def press(self, badge_id: str, wish: str, at: datetime) -> None:
        """Do what the earner did then: `accept` or `reject`. A conflict means: done already."""
        try:
            self._control("POST", f"badges/{badge_id}/{wish}", {"at": at.isoformat()})
        except requests.HTTPError as error:
            if error.response.status_code != CONFLICT:
                raise

    def revoke(self, organization: Organization, badge_id: str, reason: str) -> None:
        """Take a badge back, as the organisation's staff would do at Credly."""
        path = f"v1/organizations/{organization.id}/badges/{badge_id}/revoke"
        try:
            self._call("PUT", path, {"reason": reason}, auth=(organization.token, ""))
        except requests.HTTPError as error:
            if error.response.status_code != REFUSED:
                raise

    def _templates_of(self, organization: Organization) -> set[str]:
        path = f"v1/organizations/{organization.id}/badge_templates"
        found = self._call("GET", path, auth=(organization.token, "")).json()["data"]
        return {template["id"] for template in found}

    def _control(self, method: str, path: str, body: Any = None) -> None:
        self._call(method, f"practice/{path}", body)

    def _call(self, method: str, path: str, body: Any = None, **more: Any) -> requests.Response:
        url = f"{self._root}/{path}"
        answer = self._http.request(method, url, json=body, timeout=TIMEOUT, **more)
        answer.raise_for_status()
        return answer


def _template_body(organization: Organization, template: TemplateData) -> dict[str, Any]:
    return {
        "id": organization.template_id(template),
        "name": template.name,
        "description": template.description,
        "skills": list(template.skills),
        "badge_template_activities": [{"title": line} for line in template.criteria],
        "state": "active",
        "image_base64": base64.b64encode(draw(template.look)).decode(),
    }
