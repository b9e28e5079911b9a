"""The first row of a file: columns are known by name, never by position."""

import unicodedata
from collections import Counter
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property

from portal.messages import Message, say
from portal.services.importing.bytes_of_file import FileRefused
from portal.services.importing.csv_rows import Row
from portal.services.importing.formulas import as_meant
from portal.services.importing.other_files import file_with

LONGEST_SHOWN = 80


def key_of(name: str) -> str:
    """Return what counts of a column's name: case, spaces and underscores do not."""
    return "".join(sign for sign in name.casefold() if not sign.isspace() and sign != "_")


@dataclass(frozen=True)
class Layout:
    """The columns that a kind of file may have, and those that it must have."""

    columns: tuple[str, ...]
    mandatory: tuple[str, ...]

    @cached_property
    def by_key(self) -> dict[str, str]:
        """The columns by what counts of their names."""
        return {key_of(name): name for name in self.columns}

    def known_among(self, cells: list[str]) -> int:
        """Say how many of these cells name one of the columns."""
        return len({key_of(cell) for cell in cells} & self.by_key.keys())


@dataclass(frozen=True)
class Header:
    """The columns of a file: `names` as they stand there, `places` of those we know."""

    layout: Layout
    names: list[str]
    places: dict[str, int]
    ignored: list[str]
    notes: tuple[Message, ...]

    @cached_property
    def given(self) -> frozenset[str]:
        """The columns of the layout that the file has."""
        return frozenset(self.places)

    @cached_property
    def unused(self) -> list[tuple[str, int]]:
        """The columns that nobody has a use for, and where they stand."""
        unused = set(self.ignored)
        return [(name, place) for place, name in enumerate(self.names) if name in unused]

    @cached_property
    def empty(self) -> dict[str, str]:
        """A row without a word: all columns of the layout, in its order."""
        return dict.fromkeys(self.layout.columns, "")


def read_header(row: Row, layout: Layout) -> Header:
    """Match the first row with the columns of a layout. Raises FileRefused, naming what misses."""
    names = [as_meant(cell) for cell in row.cells]
    _refuse_invisible(names, layout)
    by_key = layout.by_key
    keys = [key_of(name) for name in names]
    twice = [names[keys.index(key)] for key, count in Counter(keys).items() if key and count > 1]
    if twice:
        raise FileRefused(say("import_columns_twice", columns=_listed(twice)))
    places = {by_key[key]: place for place, key in enumerate(keys) if key in by_key}
    ignored = [name for name, key in zip(names, keys, strict=True) if key and key not in by_key]
    notes = _misspelt(ignored, places, by_key)
    missing = [name for name in layout.mandatory if name not in places]
    if missing:
        other = file_with(set(keys), set(by_key))
        if other:
            raise FileRefused(say("import_other_file", file=other))
        raise FileRefused(say("import_columns_missing", columns=", ".join(missing)), notes)
    return Header(layout, names, places, ignored, notes)


def _misspelt(
    unknown: list[str], places: dict[str, int], by_key: dict[str, str]
) -> tuple[Message, ...]:
    open_keys = [key for key, name in by_key.items() if name not in places]
    notes = []
    for name in unknown:
        for meant in get_close_matches(key_of(name), open_keys, n=1, cutoff=0.8):
            found = _shown(name)
            notes.append(say("import_did_you_mean", found=found, meant=by_key[meant]))
    return tuple(notes)


def _refuse_invisible(names: list[str], layout: Layout) -> None:
    """Say where an invisible character hides a column; nobody would ever see why."""
    for name in names:
        hidden = [sign for sign in name if unicodedata.category(sign) in ("Cf", "Cc")]
        seen = "".join(sign for sign in name if sign not in hidden)
        if hidden and layout.known_among([seen]) and not layout.known_among([name]):
            sign = f"U+{ord(hidden[0]):04X}"
            raise FileRefused(say("import_column_invisible", column=_shown(seen), sign=sign))


def _shown(name: str) -> str:
    text = name.strip()
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…"


def _listed(names: list[str]) -> str:
    return ", ".join(_shown(name) for name in names[:20])
