"""What becomes of a row: new, changed, unchanged or an error; for the preview and the run alike."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from portal.models import Badge, BadgeState, Connection, ImportRun, Outcome, Template
from portal.services.importing.badge_rows import BadgeRow
from portal.services.importing.cell_rules import as_text
from portal.services.importing.world import MOST_NAMED, Earlier, World


@dataclass
class Verdict:
    """The outcome of a row, with the badge it is about and what it would change there."""

    row: BadgeRow
    outcome: Outcome
    badge: Badge | None = None
    external_id: str | None = None
    template: Template | None = None
    changes: dict[str, list[str | None]] = field(default_factory=dict)

    @property
    def has_notes(self) -> bool:
        """Whether there is something to look at, though the row goes in."""
        return self.outcome is not Outcome.ERROR and bool(self.row.notes)

    @property
    def holds(self) -> str | None:
        """The template that the badge stands for, once the row is in."""
        return self.external_id if self.row.state is BadgeState.ACTIVE else None

    def stored(self, cells: list[str]) -> dict[str, Any]:
        """Return what the kept row says of it; the cells only where they have to be mended."""
        failed = self.outcome is Outcome.ERROR
        remarks = self.row.errors if failed else self.row.notes
        return {
            "outcome": self.outcome,
            "holds_template": None if failed else self.holds,
            "noted": self.has_notes,
            "changes": self.changes,
            "remarks": [{"column": column, **said.stored()} for column, said in remarks],
            "cells": cells if failed else None,
        }


class Judge:
    """Judges the rows of a batch in their order."""

    def __init__(
        self,
        run: ImportRun,
        connection: Connection | None,
        batch: Sequence[BadgeRow],
        missing: Collection[str] = (),
    ) -> None:
        """Read what the batch needs. `missing` are templates that Credly does not know."""
        self.connection, self.missing = connection, missing
        self.asked_from: datetime = run.created_at
        self.world = World(run, batch)

    def verdict(self, row: BadgeRow) -> Verdict:
        """Return what becomes of the row, and remember it for those that follow."""
        verdict = self._judged(row)
        self.remember(verdict)
        return verdict

    def remember(self, verdict: Verdict) -> None:
        """Let the rows that follow know of this one."""
        row, failed = verdict.row, verdict.outcome is Outcome.ERROR
        if row.source_id:
            passed = Earlier(row.line, row.source_id, row.digest, verdict.holds, failed)
            self.world.pass_over(passed)

    def _judged(self, row: BadgeRow) -> Verdict:
        first = self.world.first_of(row.source_id) if row.source_id else None
        if first and first.digest == row.digest and not first.failed:
            row.notes = []
            row.note("id", "import_id_repeated", line=first.line)
            return Verdict(row, Outcome.UNCHANGED)
        if first and first.digest != row.digest:
            row.error("id", "import_id_twice", line=first.line)
        if row.errors or row.source_id is None:
            return Verdict(row, Outcome.ERROR)
        badge = self.world.badges.get(row.source_id)
        external_id = row.external_id
        if badge and "externalBadgeId" not in row.given:
            external_id = badge.external_badge_id
        template = self._template_of(badge, external_id)
        self._check_template(row, row.source_id, badge, external_id, template)
        self._note_attached(row, badge)
        changes = _changes(row, badge, external_id, self.connection) if badge else {}
        outcome = Outcome.CHANGED if changes else Outcome.UNCHANGED
        if row.errors:
            outcome, changes = Outcome.ERROR, {}
        elif badge is None:
            outcome = Outcome.NEW
        return Verdict(row, outcome, badge, external_id, template, changes)

    def _template_of(self, badge: Badge | None, external_id: str | None) -> Template | None:
        found = self.world.templates.get(external_id or "")
        if found is None and badge and badge.external_badge_id == external_id:
            return badge.template
        return found

    def _check_template(
        self,
        row: BadgeRow,
        source_id: str,
        badge: Badge | None,
        external_id: str | None,
        template: Template | None,
    ) -> None:
        before = badge.external_badge_id if badge else None
        if badge and before != external_id and badge.id in self.world.issued:
            row.error("externalBadgeId", "badge_in_use")
        if external_id is None:
            return
        if row.state is BadgeState.ACTIVE:
            self._refuse_taken(row, source_id, external_id)
        if external_id in self.missing:
            row.error("externalBadgeId", "template_missing")
        else:
            self._note_template(row, template)

    def _refuse_taken(self, row: BadgeRow, source_id: str, external_id: str) -> None:
        taker = self.world.taker_of(external_id, source_id)
        holder = self.world.holder_of(external_id, source_id)
        if taker:
            row.error("externalBadgeId", "import_template_twice", line=taker.line)
        elif holder:
            row.error("externalBadgeId", "badge_template_taken", badge=holder.name)

    def _note_template(self, row: BadgeRow, template: Template | None) -> None:
        if template is None:
            row.note("externalBadgeId", "import_unchecked")
            return
        chosen = self.connection and template.connection_id == self.connection.id
        if chosen and template.seen_at < self.asked_from:
            row.note("externalBadgeId", "import_unchecked")
        if not template.is_active:
            row.note("externalBadgeId", "import_template_not_active", state=template.state)
        if template.name.strip() != row.name:
            row.note("badgeName", "import_template_name", name=template.name)

    def _note_attached(self, row: BadgeRow, badge: Badge | None) -> None:
        objects = self.world.attached.get(badge.id, []) if badge else []
        if objects and row.state is BadgeState.RETIRED:
            named = ", ".join(objects[:MOST_NAMED]) + (" …" if len(objects) > MOST_NAMED else "")
            row.note("state", "import_retired_attached", objects=named)


def _changes(
    row: BadgeRow, badge: Badge, external_id: str | None, connection: Connection | None
) -> dict[str, list[str | None]]:
    """Return what the row would change, column by column: the old value and the new."""
    image = badge.own_image.source if badge.own_image else None
    pairs = {
        "badgeName": (badge.own_name, row.name),
        "badgeCreationDate": (as_text(badge.made_at), as_text(row.made_at)),
        "lastModifiedDate": (as_text(badge.changed_at), as_text(row.changed_at)),
        "state": (badge.state.value, row.state.value),
        # A picture is never taken away by a row without one.
        "imageUrl": (image, row.image_url or image),
        "externalBadgeId": (badge.external_badge_id, external_id),
    }
    if "lastModifiedDate" not in row.given:
        del pairs["lastModifiedDate"]
    if external_id and badge.external_badge_id == external_id:
        before = badge.connection.name if badge.connection else None
        pairs["connection"] = (before, before or (connection.name if connection else None))
    return {name: [old, new] for name, (old, new) in pairs.items() if old != new}
