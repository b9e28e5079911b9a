"""Where the rows of a run come from: the upload itself, or a file in an uploaded zip."""

import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from portal.messages import say
from portal.models import ImportRun
from portal.services.importing import uploads
from portal.services.importing.archives import Archive
from portal.services.importing.bytes_of_file import FileRefused
from portal.services.means import Means

ZIP = ".zip"


@dataclass(frozen=True)
class Source:
    """The bytes of the rows, as often as they are wanted, and the zip that they are from."""

    open: Callable[[], BinaryIO]
    archive: Archive | None = None
    member: str | None = None
    # The other tables of a zip that is imported for one file alone; nobody reads them.
    unread: tuple[str, ...] = ()


@contextmanager
def source_of(run: ImportRun, means: Means, file_name: str) -> Iterator[Source]:
    """Open what a run reads; in a zip the file with this name. Raises FileRefused."""
    path = uploads.path_of(run, means)
    if not path.exists():
        raise FileRefused(say("import_file_gone"))
    try:
        if not run.file_name.lower().endswith(ZIP):
            yield Source(lambda: path.open("rb"))
            return
        with closing(_archive_at(path)) as archive:
            member = run.member or archive.find(file_name)
            others = () if run.member else (one for one in archive.tables() if one != member)
            yield Source(lambda: archive.open(member), archive, member, tuple(others))
    except (zipfile.BadZipFile, zlib.error, EOFError):
        raise FileRefused(say("import_zip_broken")) from None


def _archive_at(path: Path) -> Archive:
    with path.open("rb") as file:
        if not file.read(2).startswith(b"PK"):
            raise FileRefused(say("import_zip_broken"))
    return Archive(path)
