"""The columns of badge.csv: from the cells of a row to values, with what is wrong or worth a note.

Nothing here asks the database or Credly; `judging` does.
"""

import hashlib
import json
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime

from portal.credly.shapes import is_uuid
from portal.messages import Message, say
from portal.models import BadgeState
from portal.services.importing import cell_rules
from portal.services.importing.columns import COLUMNS, Header
from portal.services.importing.csv_rows import Row
from portal.services.importing.formulas import as_meant

LONGEST_CELL = 8190
LONGEST_ID = LONGEST_NAME = 255
PUBLISHED_NAME = 25
PROVIDERS = frozenset({"credly"})
Remark = tuple[str, Message]  # the column and what is to be said


@dataclass
class BadgeRow:
    """A row as it was understood. `given` are the columns that the file has."""

    line: int
    given: frozenset[str]
    digest: str = ""
    source_id: str | None = None
    name: str = ""
    made_at: datetime | None = None
    changed_at: datetime | None = None
    state: BadgeState = BadgeState.ACTIVE
    image_url: str | None = None
    external_id: str | None = None
    errors: list[Remark] = field(default_factory=list)
    notes: list[Remark] = field(default_factory=list)

    def error(self, column: str, code: str, **values: object) -> None:
        """Note why the row is refused."""
        self.errors.append((column, say(code, **values)))

    def note(self, column: str, code: str, **values: object) -> None:
        """Note what is worth a look."""
        self.notes.append((column, say(code, **values)))


def read_row(row: Row, header: Header, now: datetime) -> BadgeRow:
    """Check every cell of a row; all that is wrong with it is said at once."""
    read = BadgeRow(row.line, frozenset(header.places))
    cells = {name: _cell(row, header, name) for name in COLUMNS}
    read.digest = _digest_of(cells)
    read.name = unicodedata.normalize("NFC", cell_rules.without_spaces(cells["badgeName"]))
    _check_shape(read, row, header)
    if read.errors:  # the cells may stand in wrong places
        return read
    _read_id(read, cells["id"].strip())
    _check_name(read)
    read.made_at = _moment(read, "badgeCreationDate", cells, now, needed=True)
    read.changed_at = _moment(read, "lastModifiedDate", cells, now, needed=False)
    _read_state(read, cells["state"].strip())
    _read_image(read, cells["imageUrl"].strip())
    _read_template(read, cells["externalBadgeId"].strip(), cells["externalBadgeProvider"].strip())
    return read


def _cell(row: Row, header: Header, name: str) -> str:
    place = header.places.get(name)
    return as_meant(row.cells[place]) if place is not None and place < len(row.cells) else ""


def _digest_of(cells: dict[str, str]) -> str:
    content = json.dumps([cells[name].strip() for name in COLUMNS])
    return hashlib.sha256(content.encode()).hexdigest()[:32]


def _check_shape(read: BadgeRow, row: Row, header: Header) -> None:
    found, wanted = len(row.cells), len(header.names)
    if found != wanted:
        read.error("", "import_row_cells", found=found, wanted=wanted)
    if row.stray_quote:
        read.error("", "import_row_quote")
    for name, cell in zip(header.names, row.cells, strict=False):
        if len(cell) > LONGEST_CELL:
            read.error(name[:LONGEST_NAME], "import_cell_too_long", most=LONGEST_CELL)


def _read_id(read: BadgeRow, text: str) -> None:
    if not cell_rules.can_be_seen(text):
        read.error("id", "import_cell_missing")
    elif len(text) > LONGEST_ID:
        read.error("id", "import_cell_too_long", most=LONGEST_ID)
    else:
        read.source_id = text
        if cell_rules.may_be_of_a_spreadsheet(text):
            read.note("id", "import_id_spreadsheet")


def _check_name(read: BadgeRow) -> None:
    if not cell_rules.can_be_seen(read.name):
        read.error("badgeName", "import_cell_missing")
    elif len(read.name) > LONGEST_NAME:
        read.error("badgeName", "import_cell_too_long", most=LONGEST_NAME)
    elif len(read.name) > PUBLISHED_NAME:
        read.note("badgeName", "import_name_long", most=PUBLISHED_NAME)


def _moment(
    read: BadgeRow, column: str, cells: dict[str, str], now: datetime, *, needed: bool
) -> datetime | None:
    text = cells[column].strip()
    if not text:
        if needed:
            read.error(column, "import_cell_missing")
        return None
    moment = cell_rules.moment_of(text)
    if moment is None:
        read.error(column, "import_date")
    elif not cell_rules.EARLIEST <= moment <= cell_rules.LATEST:
        read.error(column, "import_date_range")
    elif moment > now:
        read.note(column, "import_date_future")
    return moment


def _read_state(read: BadgeRow, text: str) -> None:
    word = text.casefold()
    if word in set(BadgeState):
        read.state = BadgeState(word)
    else:
        read.error("state", "import_state")


def _read_image(read: BadgeRow, text: str) -> None:
    if not text:
        read.note("imageUrl", "import_image_none")
    elif cell_rules.is_address(text):
        if cell_rules.is_fetchable(text):
            read.image_url = text
        else:
            read.error("imageUrl", "image_address_refused")
    elif cell_rules.is_path_inside(text):
        read.note("imageUrl", "import_image_not_here")
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
