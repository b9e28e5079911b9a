"""The columns of people.csv: from the cells of a row to a person, with what is wrong with it."""

import re
from dataclasses import dataclass, field
from datetime import datetime

from portal.errors import RuleBroken
from portal.models import Role
from portal.services.importing.addresses import address_of
from portal.services.importing.columns import Header, Layout, key_of
from portal.services.importing.csv_rows import Row
from portal.services.importing.source_rows import SourceRow, cells_of, check_shape, digest_of
from portal.services.people import people

LAYOUT = Layout(
    columns=("email", "firstName", "lastName", "roles", "locale"),
    mandatory=("email", "firstName", "lastName"),
)
LONGEST_NAME = 100
LOCALES = ("en", "sv")
LEARNER = "learner"  # implied for everybody; a file may say it, and nothing is stored

_BETWEEN_ROLES = re.compile(r"[|,]")
_ROLES = {key_of(role): role for role in Role}


@dataclass
class PersonRow(SourceRow):
    """A row of people.csv. `source_id` is the address in its one stored form."""

    first_name: str = ""
    last_name: str = ""
    roles: frozenset[Role] = field(default_factory=frozenset)
    locale: str | None = None


def read_row(row: Row, header: Header, _now: datetime) -> PersonRow:
    """Check every cell of a row; all that is wrong with it is said at once."""
    read = PersonRow(row.line, header.given)
    cells = cells_of(row, header)
    read.digest = digest_of(cells)
    read.name = " ".join(f"{cells['firstName']} {cells['lastName']}".split())
    if not check_shape(read, row, header):  # the cells may stand in wrong places
        return read
    _read_email(read, cells["email"])
    read.first_name = _name(read, "firstName", cells["firstName"])
    read.last_name = _name(read, "lastName", cells["lastName"])
    _read_roles(read, cells["roles"])
    _read_locale(read, cells["locale"].strip())
    if read.source_id:
        roles = "|".join(sorted(read.roles))
        read.digest = digest_of({**cells, "email": read.source_id, "roles": roles})
    return read


def _read_email(read: PersonRow, text: str) -> None:
    if not text.strip():
        read.error("email", "import_cell_missing")
        return
    read.source_id, wrong = address_of(text.strip())
    if wrong:
        read.error("email", wrong)


def _name(read: PersonRow, column: str, text: str) -> str:
    if not text.strip():
        read.error(column, "import_cell_missing")
        return ""
    try:
        name = people.plain_name(text, column)
    except RuleBroken as broken:
        read.error(column, broken.message.code)
        return ""
    if len(name) > LONGEST_NAME:
        read.error(column, "import_cell_too_long", most=LONGEST_NAME)
    return name


def _read_roles(read: PersonRow, text: str) -> None:
    words = [word for word in _BETWEEN_ROLES.split(text) if word.strip()]
    known = {_ROLES[key_of(word)] for word in words if key_of(word) in _ROLES}
    unknown = [word for word in words if key_of(word) not in {*_ROLES, LEARNER}]
    if unknown:
        read.error("roles", "import_role", role=unknown[0].strip()[:80])
    read.roles = frozenset(known)


def _read_locale(read: PersonRow, text: str) -> None:
    language = re.split(r"[-_]", text.casefold())[0]
    if language in LOCALES:
        read.locale = language
    elif text:
        read.error("locale", "import_locale", known=", ".join(LOCALES))
