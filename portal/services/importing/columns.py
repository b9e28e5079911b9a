"""The first row of a badge.csv: columns are known by name, never by position."""

import unicodedata
from collections import Counter
from dataclasses import dataclass
from difflib import get_close_matches

from portal.messages import Message, say
from portal.services.importing.bytes_of_file import FileRefused
from portal.services.importing.csv_rows import Row
from portal.services.importing.formulas import as_meant
from portal.services.importing.other_files import file_with

COLUMNS = (
    "id",
    "badgeName",
    "badgeCreationDate",
    "lastModifiedDate",
    "state",
    "imageUrl",
    "externalBadgeId",
    "externalBadgeProvider",
)
MANDATORY = ("id", "badgeName", "badgeCreationDate", "state", "imageUrl")
LONGEST_SHOWN = 80


def key_of(name: str) -> str:
    """Return what counts of a column's name: case, spaces and underscores do not."""
    return "".join(sign for sign in name.casefold() if not sign.isspace() and sign != "_")


_BY_KEY = {key_of(name): name for name in COLUMNS}


@dataclass(frozen=True)
class Header:
    """The columns of a file: `names` as they stand there, `places` of those we know."""

    names: list[str]
    places: dict[str, int]
    ignored: list[str]
    notes: tuple[Message, ...]


def known_among(cells: list[str]) -> int:
    """Say how many of these cells name one of our columns."""
    return len({key_of(cell) for cell in cells} & _BY_KEY.keys())


def read_header(row: Row) -> Header:
    """Match the first row with our columns. Raises FileRefused with all that is missing."""
    names = [as_meant(cell) for cell in row.cells]
    _refuse_invisible(names)
    keys = [key_of(name) for name in names]
    twice = [names[keys.index(key)] for key, count in Counter(keys).items() if key and count > 1]
    if twice:
        raise FileRefused(say("import_columns_twice", columns=_listed(twice)))
    places = {_BY_KEY[key]: place for place, key in enumerate(keys) if key in _BY_KEY}
    ignored = [name for name, key in zip(names, keys, strict=True) if key and key not in _BY_KEY]
    notes = _misspelt(ignored, places)
    missing = [name for name in MANDATORY if name not in places]
    if missing:
        other = file_with(set(keys))
        if other:
            raise FileRefused(say("import_other_file", file=other))
        raise FileRefused(say("import_columns_missing", columns=", ".join(missing)), notes)
    return Header(names, places, ignored, notes)


def _misspelt(unknown: list[str], places: dict[str, int]) -> tuple[Message, ...]:
    open_keys = [key for key, name in _BY_KEY.items() if name not in places]
    notes = []
    for name in unknown:
        for meant in get_close_matches(key_of(name), open_keys, n=1, cutoff=0.8):
            found = _shown(name)
            notes.append(say("import_did_you_mean", found=found, meant=_BY_KEY[meant]))
    return tuple(notes)


def _refuse_invisible(names: list[str]) -> None:
    """Say where an invisible character hides a column; nobody would ever see why."""
    for name in names:
        hidden = [sign for sign in name if unicodedata.category(sign) in ("Cf", "Cc")]
        seen = "".join(sign for sign in name if sign not in hidden)
        if hidden and key_of(seen) in _BY_KEY and key_of(name) not in _BY_KEY:
            sign = f"U+{ord(hidden[0]):04X}"
            raise FileRefused(say("import_column_invisible", column=_shown(seen), sign=sign))


def _shown(name: str) -> str:
    text = name.strip()
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…"


def _listed(names: list[str]) -> str:
    return ", ".join(_shown(name) for name in names[:20])
