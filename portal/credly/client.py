"""Asking Credly: the door that the factory builds once, and the client for one organisation."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from portal.credly.errors import (
    AlreadyReplaced,
    ConnectionTrouble,
    NotNow,
    Refused,
    TemplateTrouble,
    Unsure,
)
from portal.credly.links import Hosts
from portal.credly.payloads import Badge, IssueOrder, Organization
from portal.credly.reads import CredlyReads
from portal.credly.shapes import Json, is_uuid, part, wrong_shape
from portal.credly.transport import Call, Limits, Transport
from portal.later import later

if TYPE_CHECKING:
    from portal.credly.sockets import QuietSession

sockets = later("portal.credly.sockets")  # and with it requests: pages never ask Credly

Fact = TypeVar("Fact")

# A plain no to a POST may be about the organisation or the template, so these are asked about.
TO_BE_TOLD_APART = (400, 404, 410, 422)


@dataclass(frozen=True)
class Door:
    """The one way to Credly: which hosts, how long, how much. `ca_file` replaces the usual CAs."""

    hosts: Hosts
    connect_timeout: float = 5.0
    read_timeout: float = 20.0
    deadline: float = 30.0
    max_answer: int = 5 * 1024 * 1024
    ca_file: str | None = None
    _here: threading.local = field(
        default_factory=threading.local, init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        # At level DEBUG urllib3 writes each address with its query, and so learners' e-mails.
        logging.getLogger("urllib3").setLevel(logging.INFO)

    def at(
        self,
        host: str,
        organization_id: str,
        token: str,
        pace: Callable[[], None] | None = None,
        note: Callable[[Call], None] | None = None,
    ) -> "CredlyClient":
        """Return a client for one organisation; nothing is sent yet.

        `pace` is called before each request, `note` with a Call after each. Raises BadHost for a
        host that is not allowed, ConnectionTrouble for an organisation id that can be none.
        """
        if not is_uuid(organization_id):
            raise ConnectionTrouble("organization")
        limits = Limits(self.connect_timeout, self.read_timeout, self.deadline, self.max_answer)
        root = self.hosts.root(host)
        return CredlyClient(
            organization_id.lower(), Transport(root, token, self._session, limits, pace, note)
        )

    def close(self) -> None:
        """Close this thread's connections."""
        self._session().close()

    def _session(self) -> "QuietSession":
        if not hasattr(self._here, "session"):
            self._here.session = sockets.QuietSession(self.ca_file)
        session: QuietSession = self._here.session
        return session


@dataclass(frozen=True)
class CredlyClient(CredlyReads):
    """Credly for one organisation (credly-api.md 3): all its questions, and what changes something.

    Every method raises a CredlyTrouble and nothing else.
    """

    def set_webhook(self, url: str) -> Organization:
        """Tell Credly where to send its events (credly-api.md 7). Twice is as good as once."""
        answer = self.transport.send("PUT", self._path(), {"webhook_url": url}, wanted=(200,))
        return self._ours(answer)

    def issue(self, order: IssueOrder) -> Badge:
        """Issue a badge (credly-api.md 3.3). Never sent twice; only a 201 with a good badge counts.

        Raises Duplicate, TemplateTrouble, Refused, ConnectionTrouble, NotNow or Unsure, told apart
        as assurance section 3, rule 4 wants it.
        """
        return self._create(self._path("badges"), order, order.body())

    def replace(self, badge_id: str, order: IssueOrder) -> Badge:
        """Put a new badge in the place of one (credly-api.md 3.3); the new one has a new id.

        Raises as `issue` does, and AlreadyReplaced with the newest id of the chain.
        """
        path = self._path("badges", _known(badge_id), "replace")
        return self._create(path, order, order.replacement_body())

    def revoke(self, badge_id: str, reason: str, suppress_email: bool = False) -> Badge:
        """Revoke a badge for good (credly-api.md 3.3). One that is revoked already is returned."""
        path = self._path("badges", _known(badge_id), "revoke")
        body = {"reason": reason, "suppress_revoke_notification_email": suppress_email}
        try:
            answer = self.transport.send("PUT", path, body, wanted=(200, 201))
        except Refused as no:
            refusal = no
        else:
            revoked = Badge.read(part(answer, "data"))
            if revoked.id != badge_id.lower() or not revoked.is_revoked:
                raise wrong_shape()
            return revoked
        there = self._after_a_no(lambda: self.badge(badge_id))
        if there is None or not there.is_revoked:
            raise refusal
        return there

    def _create(self, path: str, order: IssueOrder, body: Json) -> Badge:
        try:
            answer = self.transport.send("POST", path, body, wanted=(201,))
        except AlreadyReplaced:
            raise
        except Refused as no:
            refusal = no
        else:
            return _as_ordered(Badge.read(part(answer, "data")), order)
        if refusal.status in TO_BE_TOLD_APART:
            self._tell_apart(refusal, order.template_id)
        raise refusal

    def _tell_apart(self, refusal: Refused, template_id: str) -> None:
        """Raise what stood in the way, if it was the organisation or the template."""
        words = refusal.credly_words
        self._after_a_no(self.organization)
        try:
            template = self._after_a_no(lambda: self.template(template_id))
        except TemplateTrouble as gone:
            status = refusal.status
            raise TemplateTrouble(gone.cause, status=status, credly_words=words) from None
        if not template.is_active:
            raise TemplateTrouble("template_not_active", status=refusal.status, credly_words=words)

    def _after_a_no(self, ask: Callable[[], Fact]) -> Fact:
        """Ask a question after a clear no. Hearing nothing leaves the no clear: come back."""
        try:
            return ask()
        except Unsure as trouble:
            raise NotNow("unavailable", status=trouble.status) from None


def _known(badge_id: str) -> str:
    if not is_uuid(badge_id):
        raise Refused("refused")
    return badge_id.lower()


def _as_ordered(badge: Badge, order: IssueOrder) -> Badge:
    """The new badge, unless the answer is about something else: then nobody knows what happened."""
    carried = badge.issuer_earner_id or order.issuer_earner_id
    if badge.template_id != order.template_id.lower() or carried != order.issuer_earner_id:
        raise wrong_shape()
    return badge
