"""The audit as a file: a line for each entry, with ids and words of ours."""

import json
from typing import Any

from portal.web.audit_lines import what_words
from portal.web.audit_words import value_words

COLUMNS = [
    *("id", "at", "actor_id", "action", "what", "person_id", "subject", "subject_id"),
    *("channel", "network", "before", "after", "details", "reason"),
]


def cells(row: Any) -> list[str]:
    """Return the cells of one plain row."""
    told = dict(row.details or {})
    before, after = (
        value_words(told.pop(name)) if name in told else "" for name in ("before", "after")
    )
    values = [
        *(row.id, row.at.isoformat(), row.actor_id, row.action, what_words(row.action)),
        *(row.person_id, row.subject, row.subject_id, row.channel, row.network, before, after),
        json.dumps(told, ensure_ascii=False, sort_keys=True) if told else "",
        row.reason,
    ]
    return ["" if value is None else str(value) for value in values]
