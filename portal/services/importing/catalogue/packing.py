"""The whole catalogue going out: every file, with the pictures of badges, as a zip or a folder."""

import shutil
from collections.abc import Iterator
from pathlib import Path

from portal.extensions import db
from portal.services import audit
from portal.services.importing.badges import with_pictures
from portal.services.importing.badges.kind import BADGES
from portal.services.importing.catalogue.bundles import ORDER
from portal.services.importing.exporting import written
from portal.services.means import Means


def export(means: Means) -> Iterator[bytes]:
    """Return the pieces of a zip that can be imported as it is. Commits who took it.

    Raises RuleBroken where badges have more pictures than an import takes.
    """
    lines, pictures = with_pictures.with_paths(means)
    _note()
    return with_pictures.pieces(_files(lines), pictures)


def write_to(folder: Path, means: Means) -> list[str]:
    """Write the files into a folder, for its owner alone; return their names.

    Raises RuleBroken as `export` does, and OSError.
    """
    lines, pictures = with_pictures.with_paths(means)
    _note()
    names = []
    for name, pieces in _files(lines):
        with (folder / name).open("x", encoding="utf-8", newline="") as file:
            (folder / name).chmod(0o600)
            file.writelines(pieces)
        names.append(name)
    for path, picture in pictures.items():
        target = folder / path
        target.parent.mkdir(exist_ok=True)
        shutil.copyfile(picture, target)
    return names


def _note() -> None:
    audit.note("export.catalogue")
    db.session.commit()


def _files(badges: Iterator[str]) -> Iterator[tuple[str, Iterator[str]]]:
    for kind in ORDER:
        yield kind.file_name, badges if kind is BADGES else written(kind)
