"""The columns of badge.csv: from the cells of a row to values, with what is wrong or worth a note.

Nothing here asks the database or Credly; `judging` does.
"""

from dataclasses import dataclass
from datetime import datetime

from portal.credly.shapes import is_uuid
from portal.models import BadgeState
from portal.services.importing import cell_rules
from portal.services.importing.badges.naming import plain
from portal.services.importing.columns import Header, Layout
from portal.services.importing.csv_rows import Row
from portal.services.importing.source_rows import (
    LONGEST_NAME,
    SourceRow,
    cells_of,
    check_shape,
    digest_of,
    read_id,
    read_moment,
)

LAYOUT = Layout(
    columns=(
        "id",
        "badgeName",
        "badgeCreationDate",
        "lastModifiedDate",
        "state",
        "imageUrl",
        "externalBadgeId",
        "externalBadgeProvider",
    ),
    mandatory=("id", "badgeName", "badgeCreationDate", "state", "imageUrl"),
)
PUBLISHED_NAME = 25
LONGEST_SOURCE = 2000  # of a picture: more is not kept
PROVIDERS = frozenset({"credly"})


@dataclass
class BadgeRow(SourceRow):
    """A row of badge.csv."""

    made_at: datetime | None = None
    changed_at: datetime | None = None
    state: BadgeState = BadgeState.ACTIVE
    image_url: str | None = None
    # A picture inside the upload: its path, and once it was looked at the SHA-256 of its bytes
    # and, in the run, the key of what we made of it.
    image_path: str | None = None
    image_digest: str | None = None
    image_key: str | None = None
    external_id: str | None = None


def read_row(row: Row, header: Header, now: datetime) -> BadgeRow:
    """Check every cell of a row; all that is wrong with it is said at once."""
    read = BadgeRow(row.line, header.given)
    cells = cells_of(row, header)
    read.digest = digest_of(cells)
    read.name = plain(cells["badgeName"])
    if not check_shape(read, row, header):  # the cells may stand in wrong places
        return read
    read_id(read, "id", cells["id"].strip())
    _check_name(read)
    read.made_at = read_moment(read, "badgeCreationDate", cells, now, needed=True)
    read.changed_at = read_moment(read, "lastModifiedDate", cells, now, needed=False)
    _read_state(read, cells["state"].strip())
    _read_image(read, cells["imageUrl"].strip())
    _read_template(read, cells["externalBadgeId"].strip(), cells["externalBadgeProvider"].strip())
    return read


def _check_name(read: BadgeRow) -> None:
    if not cell_rules.can_be_seen(read.name):
        read.error("badgeName", "import_cell_missing")
    elif len(read.name) > LONGEST_NAME:
        read.error("badgeName", "import_cell_too_long", most=LONGEST_NAME)
    elif len(read.name) > PUBLISHED_NAME:
        read.note("badgeName", "import_name_long", most=PUBLISHED_NAME)


def _read_state(read: BadgeRow, text: str) -> None:
    word = text.casefold()
    if word in set(BadgeState):
        read.state = BadgeState(word)
    else:
        read.error("state", "import_state")


def _read_image(read: BadgeRow, text: str) -> None:
    if not text:
        read.note("imageUrl", "import_image_none")
    elif len(text) > LONGEST_SOURCE:
        read.error("imageUrl", "import_cell_too_long", most=LONGEST_SOURCE)
    elif cell_rules.is_address(text):
        if cell_rules.is_fetchable(text):
            read.image_url = text
        else:
            read.error("imageUrl", "image_address_refused")
    elif cell_rules.is_path_inside(text):
        read.image_path = text
    else:
        read.error("imageUrl", "import_image_path")


def _read_template(read: BadgeRow, template_id: str, provider: str) -> None:
    if provider and provider.casefold() not in PROVIDERS:
        read.error("externalBadgeProvider", "import_provider")
    if template_id and not is_uuid(template_id):
        read.error("externalBadgeId", "external_badge_id_not_uuid")
    elif template_id and not provider:
        read.error("externalBadgeProvider", "import_id_without_provider")
    elif provider and not template_id:
        read.error("externalBadgeId", "import_provider_without_id")
    else:
        read.external_id = template_id.lower() or None
