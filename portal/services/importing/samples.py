"""Sample files: a correct one of each kind, to begin with."""

import io
import zipfile
from dataclasses import dataclass
from datetime import datetime

from portal.errors import NotFound
from portal.later import later
from portal.models import Person
from portal.services.importing.badges import with_pictures
from portal.services.importing.badges.kind import BADGES
from portal.services.importing.badges.sample import PICTURE
from portal.services.importing.catalogue import bundles
from portal.services.importing.kinds import kinds_for

Image, ImageDraw = later("PIL.Image"), later("PIL.ImageDraw")

ZIP = "badge.zip"
_SIDE = 400  # pixels


@dataclass(frozen=True)
class Sample:
    """A file that can be downloaded; of a zip, `kind` is the kind of file in it."""

    file_name: str
    kind: str

    @property
    def is_zip(self) -> bool:
        """Whether pictures are in it, too."""
        return self.file_name == ZIP


def list_for(actor: Person) -> list[Sample]:
    """Return the samples of what this person may bring in."""
    found = []
    for kind in kinds_for(actor):
        if kind.in_catalogue:
            continue
        found.append(Sample(kind.file_name, kind.name))
        if kind.takes_zip:
            found.append(Sample(ZIP, kind.name))
    return found


def content_of(actor: Person, file_name: str, now: datetime) -> bytes:
    """Return the bytes of a sample. Raises NotFound for a file this person may not bring in."""
    for kind in kinds_for(actor):
        if kind.file_name == file_name:
            return kind.sample(now).encode()
        if kind is BADGES and file_name == ZIP:
            return with_pictures.packed(kind.sample(now), {PICTURE: _drawn()})
    raise NotFound


def catalogue(now: datetime) -> bytes:
    """Return a zip with a correct sample of every file of a catalogue; they go together."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for kind in bundles.ORDER:
            archive.writestr(kind.file_name, kind.sample(now))
        archive.writestr(PICTURE, _drawn())
    return file.getvalue()


def _drawn() -> bytes:
    """Return a plain round badge as a PNG, large enough to be taken."""
    image = Image.new("RGBA", (_SIDE, _SIDE), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    draw.ellipse((8, 8, _SIDE - 8, _SIDE - 8), fill="#0a5f9e")
    draw.ellipse((48, 48, _SIDE - 48, _SIDE - 48), fill="#e6f1fa")
    draw.polygon([(200, 100), (280, 260), (120, 260)], fill="#0a5f9e")
    written = io.BytesIO()
    image.save(written, format="PNG")
    return written.getvalue()
