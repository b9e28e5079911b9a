"""Cells that a spreadsheet would run as formulas: made harmless on the way out, and back again."""

import re

# Wide signs too: spreadsheets of East Asia read them like the others.
_SIGNS = r"[=+\-@\t\r\n\0\uff1d\uff0b\uff0d\uff20]"
_RUNS = re.compile(f"'*{_SIGNS}")
_MADE_HARMLESS = re.compile(f"'+{_SIGNS}")


def harmless(cell: str) -> str:
    """Return the cell for an export: one that a spreadsheet would run gets a `'` in front."""
    return f"'{cell}" if _RUNS.match(cell) else cell


def as_meant(cell: str) -> str:
    """Return the cell of an import: exactly one `'` comes off such a cell."""
    return cell[1:] if cell[:1] == "'" and _MADE_HARMLESS.match(cell) else cell


def quoted(cells: list[str]) -> str:
    """Return a line of an exported CSV file: every cell harmless and quoted."""
    escaped = (harmless(cell).replace('"', '""') for cell in cells)
    return ",".join(f'"{cell}"' for cell in escaped) + "\r\n"
