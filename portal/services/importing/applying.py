"""The run itself: verdicts become badges, and the kept rows say how it went. Callers commit."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from portal.extensions import db
from portal.models import Badge, Connection, Image, ImportRow, ImportRun, Outcome, Provider
from portal.services.importing.badge_rows import BadgeRow
from portal.services.importing.csv_rows import Row
from portal.services.importing.judging import Judge, Verdict


def run_batch(
    run: ImportRun, judge: Judge, batch: Sequence[Row], read: Sequence[BadgeRow], now: datetime
) -> list[Verdict]:
    """Bring a batch in. What the preview called an error stays out, whatever changed since."""
    where = (ImportRow.import_run_id == run.id, ImportRow.line.between(read[0].line, read[-1].line))
    kept = {row.line: row for row in db.session.scalars(select(ImportRow).where(*where))}
    verdicts = []
    for row, source in zip(read, batch, strict=True):
        previewed = kept[row.line]
        if previewed.outcome is Outcome.ERROR:
            verdict = Verdict(row, Outcome.ERROR)
            judge.remember(verdict)
        else:
            verdict = judge.verdict(row)
            _apply(verdict, judge.connection, now)
            for name, value in verdict.stored(source.cells).items():
                setattr(previewed, name, value)
        verdicts.append(verdict)
    return verdicts


def _apply(verdict: Verdict, connection: Connection | None, now: datetime) -> None:
    """Add or change the badge of a row. Picture addresses are left for the pictures' own job."""
    if verdict.outcome is Outcome.NEW:
        badge = Badge(source_id=verdict.row.source_id)
    elif verdict.outcome is Outcome.CHANGED and verdict.badge:
        badge = verdict.badge
    else:
        return
    row = verdict.row
    badge.own_name, badge.state = row.name, row.state
    badge.made_at = row.made_at or now
    if "lastModifiedDate" in row.given:
        badge.changed_at = row.changed_at
    _give_picture(badge, row.image_url, now)
    _back(badge, verdict, connection)
    db.session.add(badge)
    if verdict.outcome is Outcome.CHANGED:
        db.session.flush()  # a later row may take the template that this one has let go of


def _give_picture(badge: Badge, address: str | None, now: datetime) -> None:
    before = badge.own_image
    if address is None or (before and before.source == address):
        return
    # The picture we had is shown until the new one is there.
    badge.own_image = Image(source=address, key=before.key if before else None, due=now)


def _back(badge: Badge, verdict: Verdict, connection: Connection | None) -> None:
    """Tie the badge to its template; one that no connection vouches for waits for a sync."""
    same = badge.external_badge_id == verdict.external_id
    if same and badge.connection_id is not None:
        return
    badge.external_badge_id = verdict.external_id
    badge.external_badge_provider = Provider.CREDLY if verdict.external_id else None
    backed = verdict.external_id is not None and connection is not None
    badge.connection_id = connection.id if backed and connection else None
    badge.template_id = verdict.template.id if backed and verdict.template else None
