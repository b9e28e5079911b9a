"""What can be asked of Credly without changing anything there."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

from portal.credly import listing
from portal.credly.errors import ConnectionTrouble, Refused, TemplateTrouble
from portal.credly.lookups import newest_of
from portal.credly.payloads import Badge, Event, IssueOrder, Organization, Template
from portal.credly.shapes import Json, is_uuid, part, uuid, wrong_shape
from portal.credly.transport import Transport

Item = TypeVar("Item")

GONE = (404, 410)


@dataclass(frozen=True)
class CredlyReads:
    """The questions of one organisation. Each raises a CredlyTrouble and nothing else."""

    organization_id: str
    transport: Transport

    def organization(self) -> Organization:
        """Return our organisation: the test of a connection (credly-api.md 10.1)."""
        try:
            answer = self.transport.get(self._path())
        except Refused as no:
            if no.status not in GONE:
                raise
            words = no.credly_words
            raise ConnectionTrouble("organization", status=no.status, credly_words=words) from None
        return self._ours(answer)

    def templates(self, state: str | None = "active") -> Iterator[Template]:
        """Yield the templates in one state, or all of them (credly-api.md 3.2)."""
        filters = {"state": state} if state else {}
        most = listing.MOST_TEMPLATE_PAGES
        path = self._path("badge_templates")
        return self._walk(
            listing.pages(self.transport, path, Template.read, filters, sort="name", most=most)
        )

    def template(self, template_id: str) -> Template:
        """Return one template. Raises TemplateTrouble if the organisation answers without it."""
        data = self._one("badge_templates", template_id)
        if data is None:
            raise TemplateTrouble("template_missing", status=404)
        return Template.read(data)

    def badge(self, badge_id: str) -> Badge | None:
        """Return one badge, or None if the organisation answers without it."""
        data = self._one("badges", badge_id)
        return None if data is None else Badge.read(data)

    def badges(self, **filters: str) -> Iterator[Badge]:
        """Yield the badges that match, oldest first so that new ones cannot shift the pages."""
        path, most = self._path("badges"), listing.MOST_BADGE_PAGES
        return self._walk(
            listing.pages(self.transport, path, Badge.read, filters, sort="created_at", most=most)
        )

    def search(self, badge_format: str = "default", **filters: str) -> Iterator[Badge]:
        """Yield badges from the bulk search (credly-api.md 3.3), up to a thousand a request."""
        own = [("badge_format", badge_format), *listing.filter_params(filters)]
        path = self._path("high_volume_issued_badge_search")
        shown = listing.shown_filters(filters)
        return self._walk(listing.search(self.transport, path, Badge.read, own, shown))

    def find(self, order: IssueOrder) -> tuple[Badge, ...]:
        """Look up what may already be there for an order (assurance section 3, rule 5).

        By our own earner id first, and only if that finds nothing by any address of the account.
        Replacements are followed to the newest; revoked badges and other templates do not count.
        Each candidate shows whose `issuer_earner_id` it carries: another learner's must never be
        adopted, and that is for the caller to decide.
        """
        template_id = order.template_id.lower()
        by_id = self.badges(issuer_earner_id=order.issuer_earner_id, badge_template_id=template_id)
        ours = [badge for badge in by_id if badge.issuer_earner_id == order.issuer_earner_id]
        live = newest_of(ours, template_id, self.badge)
        if live:
            return live
        by_address = self.badges(
            recipient_email_all=order.recipient_email, badge_template_id=template_id
        )
        return newest_of(list(by_address), template_id, self.badge)

    def event(self, event_id: str) -> Event | None:
        """Return one event of our feed, or None if there is none (credly-api.md 3.7, 7)."""
        data = self._one("events", event_id)
        return None if data is None else Event.read(data)

    def open_badge(self, badge_id: str, template_id: str) -> dict[str, Json] | None:
        """Return a badge's public Open Badges 2.0 record: assertion, class and issuer (3.8).

        None while Credly shows none: not accepted, kept private, or revoked. Links in the answers
        are not followed; the three addresses are ours to write.
        """
        issuer = f"/obi/v2/issuers/{self.organization_id}"
        paths = {
            "assertion": f"/obi/v2/badge_assertions/{badge_id.lower()}",
            "badge": f"{issuer}/badge_classes/{template_id.lower()}",
            "issuer": issuer,
        }
        found: dict[str, Json] = {}
        for name, path in paths.items():
            try:
                found[name] = self.transport.get(path)
            except Refused as no:
                if no.status not in GONE:
                    raise
                return None
        if badge_id.lower() not in str(found["assertion"].get("id")).lower():
            raise wrong_shape()
        return found

    def _path(self, *names: str) -> str:
        return "/".join(("/organizations", self.organization_id, *names))

    def _one(self, kind: str, wanted_id: str) -> Json | None:
        """The object of this id; None if the organisation answers without it."""
        if not is_uuid(wanted_id):  # it never becomes part of a path
            return None
        try:
            answer = self.transport.get(self._path(kind, wanted_id.lower()))
        except Refused as no:
            if no.status not in GONE:
                raise
        else:
            data = part(answer, "data")
            if uuid(data, "id") != wanted_id.lower():
                raise wrong_shape()
            return data
        self.organization()
        return None

    def _ours(self, answer: Json) -> Organization:
        organization = Organization.read(part(answer, "data"))
        if organization.id != self.organization_id:
            raise ConnectionTrouble("organization", status=200)
        return organization

    def _walk(self, items: Iterator[Item]) -> Iterator[Item]:
        """A list. If it is not there, the organisation may be the reason."""
        try:
            yield from items
            return
        except Refused as no:
            if no.status not in GONE:
                raise
            refusal = no
        self.organization()
        raise refusal
