"""What a learner can take along of a badge: picture, Open Badges record, certificate, or all."""

import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.certificates import Certificate, as_pdf
from portal.extensions import db
from portal.models import (
    Award,
    AwardState,
    Badge,
    OpenBadgeRecord,
    Person,
    PublicPage,
    Template,
)
from portal.services.issuing import open_badges, public_pages
from portal.services.means import Means

MOST = 500  # badges in one zip


@dataclass(frozen=True)
class Proof:
    """One file to take along."""

    name: str
    content: bytes
    kind: str


def record_of(award: Award, stored: OpenBadgeRecord | None) -> Proof | None:
    """Return the Open Badges record as Credly published it; None while it is not here."""
    if stored is None:
        return None
    text = json.dumps(stored.record, ensure_ascii=False, indent=2)
    return Proof(f"{_stem(award)}.open-badge.json", text.encode(), "application/json")


def picture_of(award: Award, means: Means) -> Proof | None:
    """Return the badge's picture; None for a badge without one."""
    key = award.badge.picture
    path = means.pictures.path(key) if key else None
    if path is None or not path.is_file():
        return None
    return Proof(f"{_stem(award)}.png", path.read_bytes(), "image/png")


def certificate_of(award: Award, words: Certificate) -> Proof | None:
    """Return the certificate as PDF; None for what was cancelled, which nobody has."""
    if award.state is AwardState.CANCELLED:
        return None
    return Proof(f"{_stem(award)}.pdf", as_pdf(words), "application/pdf")


def all_of(
    learner: Person, means: Means, words_for: Callable[[Award, PublicPage | None], Certificate]
) -> Iterator[bytes]:
    """Yield a zip with everything of every badge the learner earned, piece by piece."""
    earned = _earned(learner)
    pages = public_pages.of_awards({one.id for one in earned})
    records = open_badges.of_many({one.issued_badge_id for one in earned if one.issued_badge_id})
    written = _Pieces()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as folder:
        for award in earned:
            parts = (
                certificate_of(award, words_for(award, pages.get(award.id))),
                record_of(award, records.get(award.issued_badge_id or 0)),
                picture_of(award, means),
            )
            for part in parts:
                if part is not None:
                    folder.writestr(part.name, part.content)
            yield written.taken()
    yield written.taken()


class _Pieces:
    """What zipfile writes into, taken out as it comes: no zip is ever whole in memory."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, part: bytes) -> int:
        self._parts.append(bytes(part))
        return len(part)

    def flush(self) -> None:
        """Nothing waits."""

    def taken(self) -> bytes:
        """Return what was written since the last time."""
        piece, self._parts = b"".join(self._parts), []
        return piece


def _earned(learner: Person) -> list[Award]:
    query = (
        select(Award)
        .where(Award.learner_id == learner.id, Award.state == AwardState.EARNED)
        .options(
            joinedload(Award.issued_badge),
            joinedload(Award.badge).options(
                joinedload(Badge.own_image),
                joinedload(Badge.connection),
                joinedload(Badge.template).joinedload(Template.image),
            ),
        )
        .order_by(Award.earned_at.desc(), Award.id.desc())
        .limit(MOST)
    )
    return list(db.session.scalars(query))


def _stem(award: Award) -> str:
    """A name for files: letters and digits of the badge's name, and the award's own number."""
    plain = "".join(sign if sign.isalnum() else "-" for sign in award.badge.name.lower())
    short = "-".join(part for part in plain.split("-") if part)[:60]
    return f"{short or 'badge'}-{award.id}"
