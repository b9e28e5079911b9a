"""Uploaded zips: looked into entry by entry, within limits, and never unpacked to the disk."""

import io
import stat
import unicodedata
import zipfile
from pathlib import Path
from typing import BinaryIO, cast

from portal.messages import say
from portal.services.importing.bytes_of_file import FileRefused

MOST_ENTRIES = 20_000
MOST_UNPACKED = 256 << 20
MOST_CSV = 128 << 20
LONGEST_PATH = 1024  # of the file with the rows
_MIB = 1 << 20
_DIRECTORY = 32 << 20  # bytes; 20,000 entries with long names are far below
_ENTRY = b"PK\x01\x02"
# Others ask for memory as the sender likes.
_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_LOCKED = 0x1
# What breaks when a zip is damaged, or made so.
DAMAGED = (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, ValueError, NotImplementedError)


class _Watched(io.FileIO):
    """A zip's bytes. The directory is read at once, and each entry becomes an object in memory:
    one with too many is not handed out.
    """

    def read(self, size: int | None = -1, /) -> bytes:
        """Read on; refuse a directory that is too long."""
        _refuse_entries(size is not None and size > _DIRECTORY)
        data = super().read(-1 if size is None else size) or b""
        _refuse_entries(data.count(_ENTRY) > MOST_ENTRIES)
        return data


class Archive:
    """The files of a zip, by their paths. Raises FileRefused for what is no zip or too large."""

    def __init__(self, path: Path) -> None:
        self._file = _Watched(path)
        try:
            self._zip = zipfile.ZipFile(cast("BinaryIO", self._file))
            self._entries = {_path_of(one.filename): one for one in self._zip.infolist()}
        except (*DAMAGED, UnicodeDecodeError):
            self.close()
            raise FileRefused(say("import_zip_broken")) from None
        except FileRefused:
            self.close()
            raise
        self._refuse_large()

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def find(self, file_name: str) -> str:
        """Return the path of the one file with this name, wherever it is. Raises FileRefused."""
        found = [path for path in self._entries if _is_named(path, file_name)]
        if not found:
            raise FileRefused(say("import_zip_without", file=file_name))
        if len(found) > 1:
            listed = ", ".join(found[:5])
            raise FileRefused(say("import_zip_twice", file=file_name, paths=listed[:500]))
        entry = self._entries[found[0]]
        if not self.is_plain(found[0]) or len(found[0]) > LONGEST_PATH:
            raise FileRefused(say("import_zip_locked", file=found[0][:255]))
        if entry.file_size > MOST_CSV:
            raise FileRefused(say("import_zip_csv_too_large", most=MOST_CSV // _MIB))
        return found[0]

    def holds(self, file_name: str) -> bool:
        """Say whether there is a file with this name, wherever it is."""
        return any(_is_named(path, file_name) for path in self._entries)

    def tables(self) -> list[str]:
        """Return the paths of all files that are tables by their name."""
        hidden = ("__MACOSX/", "/__MACOSX/")
        return [
            path
            for path in self._entries
            if path.lower().endswith(".csv") and not any(one in path for one in hidden)
        ]

    def has(self, path: str) -> bool:
        """Say whether something stands under this path."""
        return _path_of(path) in self._entries

    def is_plain(self, path: str) -> bool:
        """Say whether it is a file that can be read: no link, no folder, no password."""
        entry = self._entries[_path_of(path)]
        kind = stat.S_IFMT(entry.external_attr >> 16)
        plain = kind in (0, stat.S_IFREG) and not entry.is_dir()
        return plain and entry.compress_type in _PACKINGS and not entry.flag_bits & _LOCKED

    def size_of(self, path: str) -> int:
        """Return how many bytes a file has; no more will ever be read of it."""
        return self._entries[_path_of(path)].file_size

    def open(self, path: str) -> BinaryIO:
        """Open a file for reading."""
        return cast("BinaryIO", self._zip.open(self._entries[_path_of(path)]))

    def _refuse_large(self) -> None:
        entries = self._zip.infolist()
        too_many = len(entries) > MOST_ENTRIES
        too_large = sum(one.file_size for one in entries) > MOST_UNPACKED
        if too_many or too_large:
            self.close()
        _refuse_entries(too_many)
        if too_large:
            raise FileRefused(say("import_zip_too_large", most=MOST_UNPACKED // _MIB))


def _refuse_entries(too_many: bool) -> None:
    if too_many:
        raise FileRefused(say("import_zip_entries", most=MOST_ENTRIES))


def _path_of(name: str) -> str:
    """Return a path as all systems write it: macOS takes letters apart, Windows turns slashes."""
    path = unicodedata.normalize("NFC", name.replace("\\", "/"))
    return path.removeprefix("./")


def _is_named(path: str, file_name: str) -> bool:
    folders, _, last = path.rpartition("/")
    return last.lower() == file_name and "__MACOSX" not in folders.split("/")
