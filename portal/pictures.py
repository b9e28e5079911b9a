"""Pictures from outside: checked, decoded, fitted to a square and written again by us.

What is served later is only ever our own PNG, so nothing that hides in a foreign file survives.
"""

from __future__ import annotations  # so that none loads Pillow

import hashlib
import os
import re
import tempfile
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from portal.later import later

if TYPE_CHECKING:
    from PIL import Image
else:
    Image = later("PIL.Image")

ACCEPTED = ("PNG", "JPEG", "GIF")
MOST_PIXELS = 4096 * 4096
# Of a JPEG in several scans every part of every scan is held until the last one is there.
MOST_HELD = 64 << 20  # bytes

# Each scan of a JPEG goes over all of its pixels, and one that changes nothing takes 31 bytes.
# Cameras and drawing programs write ten or fewer; this leaves room for what only looks like one.
MOST_SCANS = 500

# A JPEG ends with this mark; cameras may write a little behind it.
_JPEG_END, _JPEG_TAIL = b"\xff\xd9", 65536
_SCAN, _PIECE = b"\xff\xda", 1 << 16
_KEY = re.compile(r"[0-9a-f]{64}")

_BAND = 64  # lines of the smaller picture
_ORIENTATION = 0x0112
_TURNS = {
    2: "FLIP_LEFT_RIGHT",
    3: "ROTATE_180",
    4: "FLIP_TOP_BOTTOM",
    5: "TRANSPOSE",
    6: "ROTATE_270",
    7: "TRANSVERSE",
    8: "ROTATE_90",
}


class BadPicture(Exception):
    """Not a usable picture. `code`: `not_an_image`, `too_small`, `too_many_pixels`, `broken`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def as_square_png(data: bytes | BinaryIO, side: int = 600, smallest: int = 250) -> bytes:
    """Return the picture as a PNG on a transparent square of at most `side` pixels.

    Takes PNG, JPEG and GIF by content, of a GIF the first frame. Smaller pictures keep their size,
    and all metadata is dropped. Raises BadPicture; the size is checked before anything is decoded.
    The largest picture needs about 100 MiB while it is decoded, whatever its kind.
    """
    flat = _checked(data, 3 * side // 2, smallest)
    flat.thumbnail((side, side), Image.Resampling.LANCZOS)
    return _squared(flat, max(flat.size))


def as_logo_png(
    data: bytes, box: tuple[int, int], *, square: bool = False
) -> tuple[bytes, tuple[int, int]]:
    """Return a logo as a PNG that fits into a box, with its width and height.

    Its shape and what is see-through stay; nothing is made larger. `square` puts it on a white
    square of the box's width, with room around it, as phones want icons. Raises BadPicture.
    """
    room = 5 * box[0] // 8 if square else 0
    flat = _checked(data, 2 * max(box), 32)
    flat.thumbnail((room, room) if square else box, Image.Resampling.LANCZOS)
    if square:
        return _squared(flat, box[0], "white"), (box[0], box[0])
    return _written(flat, optimize=True), flat.size


def _checked(data: bytes | BinaryIO, enough: int, smallest: int) -> Image.Image:
    with _opened(data) as image:
        if image.width * image.height > MOST_PIXELS or _held_twice(image) > MOST_HELD:
            raise BadPicture("too_many_pixels")
        if min(image.size) < smallest:
            raise BadPicture("too_small")
        if image.format == "JPEG" and _scans(image.fp) > MOST_SCANS:
            raise BadPicture("broken")
        return _decoded(image, enough)


def _squared(flat: Image.Image, edge: int, ground: str | None = None) -> bytes:
    square = Image.new("RGBA", (edge, edge), ground or (0, 0, 0, 0))
    mask = flat if ground else None  # what is see-through shows the ground
    square.paste(flat, ((edge - flat.width) // 2, (edge - flat.height) // 2), mask)
    return _written(square)


def _written(image: Image.Image, *, optimize: bool = False) -> bytes:
    written = BytesIO()
    image.save(written, format="PNG", optimize=optimize)
    return written.getvalue()


def is_whole(data: bytes) -> bool:
    """Whether this is a complete picture, by its structure; nothing of it is decoded."""
    try:
        with _opened(data) as image:
            image.verify()
            return image.format != "JPEG" or _JPEG_END in data[-_JPEG_TAIL:]
    except Exception:  # noqa: BLE001 — decoders raise whatever they like about a hostile file
        return False


class PictureStore:
    """A folder of our own PNGs, each under the SHA-256 of its content."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def save(self, png: bytes) -> str:
        """Keep the bytes and return their key. The same content is kept once."""
        key = hashlib.sha256(png).hexdigest()
        target = self.path(key)
        if not target.exists():
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._write(png, target)
        return key

    def path(self, key: str) -> Path:
        """Where a key's file is, or would be. ValueError for anything that is not a key."""
        if not _KEY.fullmatch(key):
            raise ValueError("a picture's key is 64 hexadecimal digits")
        return self._folder / f"{key}.png"

    def remove(self, key: str) -> None:
        """Delete a picture; one that is gone already is no trouble."""
        self.path(key).unlink(missing_ok=True)

    def _write(self, png: bytes, target: Path) -> None:
        # Beside its place and then renamed: nobody ever sees half a file. mkstemp makes it 0600.
        handle, name = tempfile.mkstemp(dir=self._folder, suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(png)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(target)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise


def _opened(data: bytes | BinaryIO) -> Image.Image:
    """The picture with only its header read."""
    try:
        file = BytesIO(data) if isinstance(data, bytes) else data
        return Image.open(file, formats=ACCEPTED)
    # Pillow raises the first or warns of the second while it reads a header; where warnings are
    # errors the second is raised, too.
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise BadPicture("too_many_pixels") from None
    except Image.UnidentifiedImageError:
        raise BadPicture("not_an_image") from None
    except Exception:  # decoders raise whatever they like about a hostile file
        raise BadPicture("broken") from None


def _held_twice(image: Image.Image) -> float:
    """How much a JPEG of several scans takes beside its pixels: two bytes for each sample."""
    layers = [(width, height) for _id, width, height, _table in getattr(image, "layer", ())]
    if not image.info.get("progressive") and _in_first_scan(image) >= len(layers):
        return 0
    widest, highest = (max((layer[axis] for layer in layers), default=0) for axis in (0, 1))
    share = sum(width * height for width, height in layers) / (widest * highest or 1)
    return 2 * share * image.width * image.height


def _in_first_scan(image: Image.Image) -> int:
    """How many layers a JPEG's first scan has: fewer than all makes it wait for the others."""
    if image.format != "JPEG":
        return 0
    file: BinaryIO = image.fp
    place = file.tell()
    file.seek(2)
    while (mark := file.read(2)) and mark != _SCAN:
        if mark == b"\xff\xff":  # a filling byte before the mark
            file.seek(-1, os.SEEK_CUR)
        else:
            file.seek(int.from_bytes(file.read(2), "big") - 2, os.SEEK_CUR)
    layers = int.from_bytes(file.read(3)[2:], "big")
    file.seek(place)
    return layers


def _scans(file: BinaryIO) -> int:
    """How often a scan seems to begin in a JPEG. The file stands afterwards where it stood."""
    place, count, last = file.tell(), 0, b""
    file.seek(0)
    while piece := file.read(_PIECE):
        count += (last + piece).count(_SCAN)
        last = piece[-1:]
    file.seek(place)
    return count


def _decoded(image: Image.Image, enough: int) -> Image.Image:
    """The first frame, turned as its camera said, in one mode and free of everything else.

    About `enough` pixels wide or high; what is larger is never there a second time in full.
    """
    try:
        longest = max(image.size)
        if longest > enough:  # a JPEG is decoded at a half, a quarter or an eighth of its size
            image.draft(None, tuple(side * enough // longest for side in image.size))
        image.load()
        turn = _TURNS.get(image.getexif().get(_ORIENTATION))
        flat = _flattened(image, max(1, max(image.size) // enough))
        return flat if turn is None else flat.transpose(Image.Transpose[turn])
    except Exception:
        raise BadPicture("broken") from None


def _flattened(image: Image.Image, factor: int) -> Image.Image:
    """The picture as RGBA, made smaller by this factor band by band."""
    width, height = image.size
    flat = Image.new("RGBA", (-(-width // factor), -(-height // factor)))
    step = factor * _BAND
    for top in range(0, height, step):
        band = image.crop((0, top, width, min(height, top + step)))
        if band.mode.startswith("I"):  # 16 bits a pixel, which Pillow would only cut off
            band = band.convert("I").point(lambda value: value / 256).convert("L")
        flat.paste(band.convert("RGBA").reduce(factor), (0, top // factor))
    return flat
