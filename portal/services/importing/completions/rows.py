"""The columns of completions.csv: an address and a day."""

from dataclasses import dataclass
from datetime import date, datetime

from portal.errors import RuleBroken
from portal.services.importing import cell_rules
from portal.services.importing.columns import Header, Layout
from portal.services.importing.csv_rows import Row
from portal.services.importing.source_rows import SourceRow, cells_of, check_shape, digest_of
from portal.services.people import people

LAYOUT = Layout(columns=("email", "date"), mandatory=("email", "date"))


@dataclass
class CompletionRow(SourceRow):
    """A row of completions.csv: a day, or an exact moment. `source_id` is the address."""

    day: date | None = None
    at: datetime | None = None


def read_row(row: Row, header: Header, _now: datetime) -> CompletionRow:
    """Check both cells of a row; all that is wrong with it is said at once."""
    read = CompletionRow(row.line, header.given)
    cells = cells_of(row, header)
    read.digest = digest_of(cells)
    if not check_shape(read, row, header):  # the cells may stand in wrong places
        return read
    _read_email(read, cells["email"])
    _read_day(read, cells["date"].strip())
    if read.source_id:
        read.digest = digest_of({**cells, "email": read.source_id})
    return read


def _read_email(read: CompletionRow, text: str) -> None:
    if not text.strip():
        read.error("email", "import_cell_missing")
        return
    try:
        read.source_id = people.plain_email(text)
    except RuleBroken as broken:
        read.error("email", broken.message.code)


def _read_day(read: CompletionRow, text: str) -> None:
    if not text:
        read.error("date", "import_cell_missing")
        return
    read.at = cell_rules.moment_of(text)
    read.day = _day_of(text) if read.at is None else read.at.date()
    if read.day is None:
        read.error("date", "import_day")
    elif not cell_rules.EARLIEST.date() <= read.day <= cell_rules.LATEST.date():
        read.error("date", "import_date_range")


def _day_of(text: str) -> date | None:
    if len(text) != len("2026-05-31") or not text.isascii():
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
