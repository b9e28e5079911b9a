"""Lists: `filter` in both forms, `sort`, and pages of fifty with Credly's paging block."""

import re
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from portal.practice.answers import Refusal
from portal.practice.calls import Call

Condition = tuple[str, Sequence[Any]]
Filter = Callable[[Call, str], Condition]


def read_filters(call: Call) -> dict[str, str]:
    """Read `filter=a::b|c::d` and `filter[a]=b`; the later, newer form wins (credly-api.md 2.3)."""
    found: dict[str, str] = {}
    for part in "|".join(call.args.getlist("filter")).split("|"):
        key, between, value = part.partition("::")
        if between:
            found[key.strip()] = value
    for name, value in call.args.items(multi=True):
        newer = re.fullmatch(r"filter\[(.+)\]", name)
        if newer:
            found[newer[1].replace("][", "[") + ("]" if "][" in newer[1] else "")] = value
    return found


def conditions_of(call: Call, known: Mapping[str, Filter]) -> list[Condition]:
    """Turn the filters into conditions; an unknown one is ignored or refused, by switch."""
    conditions = []
    for key, value in read_filters(call).items():
        if key in known:
            conditions.append(known[key](call, value))
        elif call.switches["unknown_filter"] == "refuse":
            raise Refusal(422, f"Unknown filter: {key}")
    return conditions


def values_of(text: str) -> list[str]:
    return [value.strip() for value in text.split(",")]


def marks(values: Sequence[Any]) -> str:
    return ", ".join("?" * len(values))


def among(column: str) -> Filter:
    """One of several values, separated by commas."""

    def condition(_call: Call, text: str) -> Condition:
        values = values_of(text)
        return f"{column} IN ({marks(values)})", values

    return condition


def truth(column: str) -> Filter:
    return lambda _call, text: (f"{column} = ?", [text.strip().lower() in {"true", "1"}])


def from_day(column: str) -> Filter:
    return lambda _call, text: (f"substr({column}, 1, 10) >= ?", [text.strip()[:10]])


def to_day(column: str) -> Filter:
    return lambda _call, text: (f"substr({column}, 1, 10) <= ?", [text.strip()[:10]])


def order_of(call: Call, columns: Mapping[str, str], default: str) -> str:
    """Turn `sort=-issued_at|name` into an ORDER BY; names it does not know are passed over."""
    parts = []
    for name in call.args.get("sort", "").split("|"):
        column = columns.get(name.strip().lstrip("-"))
        if column:
            parts.append(f"{column} {'DESC' if name.strip().startswith('-') else 'ASC'}")
    return ", ".join([*parts, default])


def page_of(
    call: Call, table: str, conditions: Sequence[Condition], order: str
) -> tuple[list[sqlite3.Row], dict[str, Any]]:
    """Return the rows of the page that was asked for, and its `metadata` (credly-api.md 2.2)."""
    where = " AND ".join(f"({text})" for text, _ in conditions)
    values = [value for _, some in conditions for value in some]
    counting = f"SELECT count(*) FROM {table} WHERE {where}"  # noqa: S608 - our own column names
    total = call.db.execute(counting, values).fetchone()[0]
    per = call.switches["page_size"]
    pages = max(1, -(-total // per))
    number = _number(call, pages)
    picking = f"SELECT * FROM {table} WHERE {where} ORDER BY {order} LIMIT ? OFFSET ?"  # noqa: S608 - as above
    rows = call.db.execute(picking, [*values, per, (number - 1) * per]).fetchall()
    return rows, {
        "count": len(rows),
        "current_page": number,
        "total_count": total,
        "total_pages": pages,
        "per": per,
        "previous_page_url": page_url(call, number - 1) if 1 < number <= pages + 1 else None,
        "next_page_url": page_url(call, number + 1) if number < pages else None,
    }


def _number(call: Call, pages: int) -> int:
    asked = call.args.get("page", "1")
    number = max(1, int(asked)) if re.fullmatch(r"\d{1,9}", asked, re.ASCII) else 1
    return min(number, pages) if call.switches["current_page_beyond_end"] == "last" else number


def page_url(call: Call, number: int) -> str:
    """Whether the real link repeats filter and sort is not known, so a switch decides."""
    kept = []
    if call.switches["next_page_keeps_filter"]:
        kept = [(key, value) for key, value in call.args.items(multi=True) if key != "page"]
    return call.addresses.api(call.path) + "?" + urlencode([*kept, ("page", number)])
