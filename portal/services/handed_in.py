"""Files that people hand in: the scanner, if there is one, looks at each before it is kept.

Whatever keeps such a file comes by here: documents, imports, the logo.
"""

import json
import logging
from dataclasses import asdict, dataclass
from tempfile import TemporaryFile
from typing import IO

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from portal.errors import RuleBroken
from portal.extensions import db, end_looking, reading
from portal.messages import Message, say
from portal.models import Setting
from portal.scanning import Answer, Scanner, Verdict
from portal.services import audit
from portal.services.means import Means

log = logging.getLogger(__name__)
# The row that stands while the scanner does not work: another process may show it than met it.
NAME = "scanner_trouble"
_LOGGED = {True: "works again", False: "does not work"}


@dataclass(frozen=True)
class Trouble:
    """Why the scanner does not work: a verdict, and how it ended where it did by itself."""

    verdict: Verdict
    code: int | None

    def message(self, scanner: Scanner) -> Message:
        """Return what to do about it."""
        if self.verdict is Verdict.SLOW:
            return say("todo_scanner_slow", seconds=f"{scanner.seconds:g}")
        if self.verdict is Verdict.NOT_STARTED:
            return say("todo_scanner_not_started")
        return say("todo_scanner_ended", ended=self.code)


def check(file: IO[bytes], field: str, means: Means) -> None:
    """Let the scanner look at an open file. Raises RuleBroken at the field unless it is clean.

    Ends the transaction, for bytes and scanner may take their time: nothing may be changed yet.
    Commits what it writes down of a file that is refused.
    """
    db.session.rollback()
    if means.scanner is None:
        return
    answer = ask(file, means.scanner)
    if answer.verdict is Verdict.CLEAN:
        return
    why = "file_infected" if answer.verdict is Verdict.FOUND else "file_not_checked"
    log.warning("a file is refused: the scanner says %s (%s)", answer.verdict.value, answer.code)
    audit.note("file.refused", why=why)
    db.session.commit()
    raise RuleBroken(say(why), field)


def check_bytes(data: bytes, field: str, means: Means) -> None:
    """Let the scanner look at what is in memory, by way of a file that has no name."""
    if means.scanner is None:
        db.session.rollback()
        return
    with TemporaryFile() as copy:
        copy.write(data)
        copy.seek(0)
        check(copy, field, means)


def ask(file: IO[bytes], scanner: Scanner, *, aloud: bool = False) -> Answer:
    """Ask the scanner, and remember whether it works. Commits."""
    answer = scanner.look_at(file, aloud=aloud)
    if answer.verdict is not Verdict.BUSY:
        _remember(answer)
    return answer


def trouble() -> Trouble | None:
    """Return why the scanner did not work when it was asked last; None when it did."""
    known = db.session.scalar(select(Setting.value).filter_by(name=NAME))
    if known is None:
        return None
    kept = json.loads(known)
    return Trouble(Verdict(kept["verdict"]), kept["code"])


def _remember(answer: Answer) -> None:
    works = answer.verdict in (Verdict.CLEAN, Verdict.FOUND)
    now = None if works else Trouble(answer.verdict, answer.code)
    with reading():
        before = trouble()
        end_looking()
    if now == before:
        return
    db.session.execute(delete(Setting).filter_by(name=NAME))
    if now is not None:
        db.session.add(Setting(name=NAME, value=json.dumps(asdict(now))))
    try:
        db.session.commit()
    except IntegrityError:  # another process met it at the same moment
        db.session.rollback()
    log.log(logging.INFO if works else logging.ERROR, "the scanner %s", _LOGGED[works])
