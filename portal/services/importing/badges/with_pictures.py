"""badge.csv and its pictures in one zip, put together while it is sent."""

import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from sqlalchemy import select

from portal.errors import RuleBroken
from portal.extensions import db
from portal.messages import say
from portal.models import Badge, Image
from portal.services.importing.archives import MOST_ENTRIES, MOST_UNPACKED
from portal.services.importing.badges import exporting
from portal.services.importing.badges.rows import LAYOUT
from portal.services.importing.exporting import lines_of
from portal.services.means import Means

FILE_NAME = "badge.csv"
MOST_PICTURES = MOST_ENTRIES - 1
MOST_BYTES = MOST_UNPACKED // 2  # the other half is more than enough for the rows


def zipped(means: Means) -> Iterator[bytes]:
    """Return the pieces of a zip with every badge, and the pictures they have of their own.

    Pictures that came from a web address stay an address. Raises RuleBroken where the zip would be
    too large to be imported again.
    """
    lines, pictures = with_paths(means)
    return pieces([(FILE_NAME, lines)], pictures)


def with_paths(means: Means) -> tuple[Iterator[str], dict[str, Path]]:
    """Return badge.csv with paths for the pictures that badges have of their own, and those.

    Raises RuleBroken where there are more than an import takes.
    """
    keys = _own_pictures()
    paths = {key: means.pictures.path(key) for key in keys}
    there = {key: path for key, path in paths.items() if path.exists()}
    if len(there) > MOST_PICTURES or sum(one.stat().st_size for one in there.values()) > MOST_BYTES:
        most = f"{MOST_PICTURES}, {MOST_BYTES >> 20} MiB"
        raise RuleBroken(say("export_too_many_pictures", most=most))

    def picture(source: str | None, key: str | None) -> str:
        return exporting.address_of(source, key) or (_inside(key) if key in there else "")

    lines = lines_of(LAYOUT, exporting.rows(picture))
    return lines, {_inside(key): path for key, path in there.items()}


def packed(text: str, pictures: dict[str, bytes]) -> bytes:
    """Return a small zip: this badge.csv and these pictures, by their paths."""
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(FILE_NAME, text)
        for path, png in pictures.items():
            archive.writestr(path, png, zipfile.ZIP_STORED)
    return pipe.taken()


def _own_pictures() -> set[str]:
    """Return the keys of pictures that came with a file; others have an address."""
    query = select(Image.key, Image.source).join(Badge, Badge.own_image_id == Image.id)
    found = db.session.execute(query.where(Image.key.is_not(None)).distinct())
    return {key for key, source in found if not exporting.address_of(source, key)}


def _inside(key: str | None) -> str:
    return f"images/{key}.png"


def pieces(
    files: Iterable[tuple[str, Iterable[str]]], pictures: dict[str, Path]
) -> Iterator[bytes]:
    """Yield a zip of these files and pictures, put together while it is sent."""
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, lines in files:
            with archive.open(name, "w") as entry:
                for piece in lines:
                    entry.write(piece.encode())
                    yield pipe.taken()
        for path, file in pictures.items():
            archive.write(file, path, zipfile.ZIP_STORED)
            yield pipe.taken()
    yield pipe.taken()


class _Pipe:
    """What a zip is written to; it is handed on as it grows and never held as a whole."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._pieces.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing waits here."""

    def taken(self) -> bytes:
        """Return what was written since the last time."""
        data = b"".join(self._pieces)
        self._pieces.clear()
        return data
