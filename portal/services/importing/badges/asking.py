"""Asking Credly, while a file is previewed, for the templates that its rows name."""

from collections.abc import Iterable
from datetime import datetime
from itertools import islice

from sqlalchemy import select

from portal.credly.client import CredlyClient
from portal.credly.errors import ConnectionTrouble, CredlyTrouble, TemplateTrouble
from portal.extensions import db
from portal.messages import Message, say
from portal.models import ConnectionState, Template
from portal.services.importing.file_kind import Errand
from portal.services.issuing import health, templates
from portal.services.issuing.calling import client_for, end_transaction
from portal.services.issuing.troubles import message_of

MOST_SINGLE = 25  # beyond that, reading the whole list takes fewer calls
PAGE = 50


class Templates:
    """What Credly knows of the templates of one import. Mirrors what it finds."""

    def __init__(self, errand: Errand) -> None:
        self.run, self.connection = errand.run, errand.connection
        self.means, self.stay = errand.means, errand.stay
        self.missing: set[str] = set()
        self.notes: list[Message] = []
        connection = errand.connection
        working = connection is not None and connection.state is ConnectionState.WORKING
        self._silent = not working

    def ask(self, wanted: Iterable[str], now: datetime) -> None:
        """Ask for those that were not asked for yet; `missing` has what Credly does not know.

        Commits, and has no transaction open while Credly takes its time (credly-api.md 3.2). When
        Credly does not answer, it is not asked again: the rows stay unchecked.
        """
        open_ids = set(wanted) - self.missing
        if self._silent or self.connection is None or not open_ids:
            return
        open_ids -= self._seen(open_ids)
        end_transaction()
        try:
            self._ask(client_for(self.connection, self.means), open_ids, now)
        except CredlyTrouble as trouble:
            self._fall_silent(trouble, now)

    def _ask(self, client: CredlyClient, open_ids: set[str], now: datetime) -> None:
        if len(open_ids) > MOST_SINGLE and self.run.listed_at is None:
            self._read_all(client, now)
            open_ids -= self._seen(open_ids)
            end_transaction()
        if self.run.listed_at is not None:
            self.missing |= open_ids
            return
        for template_id in sorted(open_ids):
            try:
                self._keep([client.template(template_id)], now)
            except TemplateTrouble:
                self.missing.add(template_id)

    def _read_all(self, client: CredlyClient, now: datetime) -> None:
        there = client.templates(state=None)
        while page := list(islice(there, PAGE)):
            self._keep(page, now)
        if self.stay(listed_at=now):
            self.run.listed_at = now
        end_transaction()

    def _keep(self, found: list, now: datetime) -> None:
        templates.mirror(self.connection, found, self.means.door.hosts, now)
        self.stay()
        end_transaction()

    def _seen(self, ids: set[str]) -> set[str]:
        """Those that were mirrored since the file was uploaded."""
        query = select(Template.credly_id).where(
            Template.connection_id == self.run.connection_id,
            Template.credly_id.in_(ids),
            Template.seen_at >= self.run.created_at,
            Template.state != "missing",
        )
        return set(db.session.scalars(query))

    def _fall_silent(self, trouble: CredlyTrouble, now: datetime) -> None:
        self._silent = True
        self.notes = [say("import_credly_silent"), message_of(trouble)]
        if isinstance(trouble, ConnectionTrouble) and self.connection:
            health.hold(self.connection, trouble, now)
            end_transaction()
