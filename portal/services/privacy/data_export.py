"""Everything the portal holds about a person, as a zip: JSON, the same as CSV, and their files."""

import json
import zipfile
from collections.abc import Iterator
from datetime import datetime
from enum import Enum
from io import BytesIO
from typing import Any

from sqlalchemy import select

from portal.errors import NotFound
from portal.extensions import db
from portal.models import Enrolment, Evidence, LearningObject, Person
from portal.services import audit
from portal.services.importing.formulas import quoted
from portal.services.learning import files
from portal.services.means import Means
from portal.services.privacy.data_map import HOLDINGS, rows_of


def of_person(*, person: Person, actor: Person, means: Means, now: datetime) -> bytes:
    """Return the zip. That somebody took it is written down. Commits."""
    audit.note("person.export", actor=actor, person=person, now=now)
    db.session.commit()
    held = {name: rows_of(name, person.id) for name in HOLDINGS}
    titles = _titles(person)
    written = BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as folder:
        whole = {"made_at": now, "learning_objects": titles, "data": held}
        folder.writestr("data.json", json.dumps(whole, ensure_ascii=False, indent=2, default=_text))
        for name, rows in held.items():
            if rows:
                folder.writestr(f"{name}.csv", _csv(rows))
        for name, content in _files_of(person, means):
            folder.writestr(name, content)
    return written.getvalue()


def _titles(person: Person) -> dict[int, str]:
    """What the numbers of learning objects stand for."""
    query = (
        select(LearningObject.id, LearningObject.title)
        .join(Enrolment, Enrolment.learning_object_id == LearningObject.id)
        .where(Enrolment.learner_id == person.id)
        .distinct()
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def _files_of(person: Person, means: Means) -> Iterator[tuple[str, bytes]]:
    query = (
        select(Evidence)
        .join(Evidence.enrolment)
        .where(Enrolment.learner_id == person.id, Evidence.file_key.is_not(None))
    )
    for evidence in db.session.scalars(query):
        try:
            content = files.read(evidence.file_key, means)
        except NotFound:
            continue
        yield f"files/{evidence.id}-{evidence.file_name}", content


def _csv(rows: list[dict[str, Any]]) -> bytes:
    lines = [quoted(list(rows[0]))]
    lines += (quoted([_text(value) for value in row.values()]) for row in rows)
    return b"\xef\xbb\xbf" + "".join(lines).encode()


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)
