"""Pictures that come with badge.csv in a zip: checked in the preview, kept in the run."""

import hashlib
import time
import zlib
from collections.abc import Iterable, Sequence

from sqlalchemy import select

from portal.extensions import db
from portal.models import Image
from portal.pictures import BadPicture, as_square_png
from portal.services.importing.archives import DAMAGED, Archive
from portal.services.importing.badges.rows import BadgeRow
from portal.services.importing.file_kind import Errand
from portal.services.issuing.calling import end_transaction

MOST_BYTES = 80 << 20  # of one picture: more than 4,096 × 4,096 pixels ever take
STAY_AFTER = 2.0  # seconds: decoding takes its time, and the claim must not end meanwhile
_PIECE = 1 << 18
_BAD = {
    "too_small": "import_picture_small",
    "too_many_pixels": "import_picture_large",
    "broken": "import_picture_broken",
}


class Pictures:
    """Looks at the pictures that rows name; one is in memory at a time."""

    def __init__(self, errand: Errand) -> None:
        self.errand = errand
        source = errand.source
        self.archive: Archive | None = source.archive
        self.folder = (source.member or "").rpartition("/")[0]
        self._digests: dict[str, str] = {}  # by path
        self._keys: dict[str, str | None] = {}  # by digest; None in a preview
        self._bad: dict[str, str] = {}  # by path: why
        self._stayed = time.monotonic()

    def look_at(self, rows: Sequence[BadgeRow]) -> None:
        """Find the pictures of a batch; what is wrong with one is an error of its row.

        No transaction is open while pictures are decoded. Ends early if the claim is lost: then
        nothing of the batch is written anyway.
        """
        named = [(row, self._path_of(row)) for row in rows if row.image_path]
        here = [(row, path) for row, path in named if path is not None]
        for _row, path in here:
            self._digest(path)
        self._read_known(self._digests[path] for _row, path in here if path in self._digests)
        for row, path in here:
            if not row.errors and not self._take(row, path):
                return

    def _path_of(self, row: BadgeRow) -> str | None:
        """Return where the row's picture is in the zip; note if it is not."""
        path = row.image_path or ""
        tried = [f"{self.folder}/{path}", path] if self.folder else [path]
        for one in tried:
            if self.archive and self.archive.has(one):
                return one
        row.note("imageUrl", "import_image_not_here")
        return None

    def _digest(self, path: str) -> None:
        if path in self._digests or path in self._bad or self.archive is None:
            return
        if not self.archive.is_plain(path):
            self._bad[path] = "import_picture_link"
        elif self.archive.size_of(path) > MOST_BYTES:
            self._bad[path] = "import_picture_large"
        else:
            try:
                self._digests[path] = _sum_of(self.archive, path)
            except (*DAMAGED, zlib.error, RuntimeError):
                self._bad[path] = "import_picture_broken"

    def _read_known(self, digests: Iterable[str]) -> None:
        """The same bytes were decoded before: their picture is there."""
        unknown = set(digests) - self._keys.keys()
        query = select(Image.digest, Image.key).where(
            Image.digest.in_(unknown), Image.key.is_not(None)
        )
        for digest, key in db.session.execute(query) if unknown else ():
            if self.errand.means.pictures.path(key).exists():
                self._keys[digest] = key
        end_transaction()

    def _take(self, row: BadgeRow, path: str) -> bool:
        digest = self._digests.get(path)
        if digest and digest not in self._keys and path not in self._bad:
            self._decode(path, digest)
        if path in self._bad:
            row.error("imageUrl", self._bad[path])
        else:
            row.image_digest, row.image_key = digest, self._keys.get(digest or "")
        return self._stay()

    def _decode(self, path: str, digest: str) -> None:
        if self.archive is None:
            return
        try:
            with self.archive.open(path) as file:
                png = as_square_png(file)
        except BadPicture as bad:
            self._bad[path] = _BAD.get(bad.code, "import_picture_no_image")
        else:
            # The preview writes nothing: all it wants to know is that it can be done.
            keep = not self.errand.previews
            self._keys[digest] = self.errand.means.pictures.save(png) if keep else None

    def _stay(self) -> bool:
        if time.monotonic() - self._stayed < STAY_AFTER:
            return True
        self._stayed = time.monotonic()
        mine = self.errand.stay()
        end_transaction()
        return mine


def _sum_of(archive: Archive, path: str) -> str:
    found = hashlib.sha256()
    with archive.open(path) as file:
        while piece := file.read(_PIECE):
            found.update(piece)
    return found.hexdigest()
