"""What becomes of a row of badge.csv, beside the badges and templates that are there."""

from collections.abc import Collection, Sequence

from portal.models import Badge, BadgeState, Connection, Outcome, Template
from portal.services.importing.badges.applying import BadgeVerdict, Keeper, has_picture
from portal.services.importing.badges.naming import name_of
from portal.services.importing.badges.rows import BadgeRow
from portal.services.importing.badges.world import MOST_NAMED, World
from portal.services.importing.cell_rules import as_text
from portal.services.importing.file_kind import Errand
from portal.services.importing.judging import Judge, Verdict


class BadgeJudge(Judge):
    """Judges the rows of a batch of badge.csv."""

    def __init__(
        self, errand: Errand, batch: Sequence[BadgeRow], missing: Collection[str] = ()
    ) -> None:
        """Read what the batch needs. `missing` are templates that Credly does not know."""
        self.connection, self.missing = errand.connection, missing
        self.keeper = Keeper(errand.connection, errand.now)
        self.asked_from = errand.run.created_at
        self.world = World(errand.run, batch)
        super().__init__(self.world.passed)

    def apply(self, verdict: BadgeVerdict) -> None:
        """Add or change the badge of a row."""
        self.keeper.bring_in(verdict)

    def finish(self) -> None:
        """Write the new badges."""
        self.keeper.finish()

    def _judged(self, row: BadgeRow) -> Verdict:
        source_id = row.source_id or ""
        badge = self.world.badges.get(source_id)
        external_id = row.external_id
        if badge and "externalBadgeId" not in row.given:
            external_id = badge.external_badge_id
        template = self._template_of(badge, external_id)
        self._check_template(row, source_id, badge, external_id, template)
        self._note_attached(row, badge)
        if row.errors:
            return Verdict(row, Outcome.ERROR)
        changes = _changes(row, badge, external_id, self.connection) if badge else {}
        outcome = Outcome.CHANGED if changes else Outcome.UNCHANGED
        return BadgeVerdict(
            row,
            outcome if badge else Outcome.NEW,
            changes,
            holds=external_id if row.state is BadgeState.ACTIVE else None,
            badge=badge,
            external_id=external_id,
            template=template,
        )

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
        taker = self.passed.taker_of(external_id, source_id)
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
    pairs = {
        "badgeName": (name_of(badge), row.name),
        "badgeCreationDate": (as_text(badge.made_at), as_text(row.made_at)),
        "lastModifiedDate": (as_text(badge.changed_at), as_text(row.changed_at)),
        "state": (badge.state.value, row.state.value),
        "imageUrl": _pictures(row, badge),
        "externalBadgeId": (badge.external_badge_id, external_id),
    }
    if "lastModifiedDate" not in row.given:
        del pairs["lastModifiedDate"]
    if external_id and badge.external_badge_id == external_id:
        before = badge.connection.name if badge.connection else None
        pairs["connection"] = (before, before or (connection.name if connection else None))
    return {name: [old, new] for name, (old, new) in pairs.items() if old != new}


def _pictures(row: BadgeRow, badge: Badge) -> tuple[str | None, str | None]:
    """Return the sources of the old picture and the new; no row takes a picture away."""
    image = badge.own_image
    old, old_digest = (image.source, image.digest) if image else (None, None)
    if row.image_digest is None:
        return old, row.image_url or old
    if has_picture(row, image):
        return old, old
    if old == row.image_path and old_digest != row.image_digest:  # another picture, same path
        return f"{old} ({(old_digest or '')[:8]})", f"{old} ({row.image_digest[:8]})"
    return old, row.image_path
