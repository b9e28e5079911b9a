"""What a kind of file is: one description, made of the same parts for every kind.

`kinds` has the table of them; docs/importing.md says how to add one.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.messages import Message
from portal.models import Connection, ImportRun, LearningObject, Person
from portal.services.importing.columns import Header, Layout
from portal.services.importing.csv_rows import Row
from portal.services.importing.judging import Judge
from portal.services.importing.source_rows import SourceRow
from portal.services.importing.sources import Source
from portal.services.means import Means


@dataclass(frozen=True)
class Errand:
    """One way of a run through its file, and what the work on its rows may need.

    `stay` keeps the claim on the run, writing the named values; False once it is lost.
    """

    run: ImportRun
    source: Source
    connection: Connection | None
    means: Means
    now: datetime
    previews: bool
    stay: Callable[..., bool]


class RowWork(ABC):
    """What a kind does with its rows; made once for each way through the file."""

    # Whether `conclude` has anything to do.
    concludes = False

    def __init__(self, errand: Errand) -> None:
        self.errand = errand

    def prepare(self, rows: Sequence[Any]) -> Sequence[Message]:
        """Before a batch is judged: do for its rows what takes time, such as asking others.

        Returns what is to be said of the whole file. May commit; no transaction is open meanwhile.
        """
        return ()

    @abstractmethod
    def judge(self, rows: Sequence[Any]) -> Judge:
        """Return the judge of a batch, which has read whatever the rows need."""

    def conclude(self) -> Iterator[None]:
        """Behind the last batch of a run: do what its rows lead to together, piece by piece.

        Each piece is committed; after a break all of it begins anew, and does nothing twice.
        """
        return iter(())


@dataclass(frozen=True)
class FileKind:
    """A kind of file: its columns, how a row is read and judged, and who may bring it in.

    `name` is what `ImportRun.kind` keeps, `file_name` what the file is called in a migration.
    `may_import` is asked with the learning object that the file is about, None for most kinds.
    With `takes_zip` the file may come in a zip, under `file_name`, beside others that its rows
    name.
    """

    name: str
    file_name: str
    layout: Layout
    read: Callable[[Row, Header, datetime], SourceRow]
    work: Callable[[Errand], RowWork]
    sample: Callable[[datetime], str]
    may_import: Callable[[Person, LearningObject | None], bool]
    takes_zip: bool = False
    # Whether its rows are checked over a connection, which is chosen with the file.
    takes_connection: bool = False
    # Whether it comes in as one of the files of a catalogue, and never by itself.
    in_catalogue: bool = False
    # How many rows are one transaction, where bringing in a row is much work; None: as usual.
    at_once: int | None = None
    # The cells of all that the portal has of this kind, row by row, in the order of the layout.
    export: Callable[[], Iterator[list[str]]] = lambda: iter(())
