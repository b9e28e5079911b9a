"""Template images: those that were given, and plain drawn ones for templates that got none."""

import base64
import binascii
import io
import zlib
from typing import Any

from PIL import Image, ImageDraw

from portal.practice.answers import Answer, Refusal, not_found
from portal.practice.calls import Call, new_id
from portal.practice.slugs import slug_of

_COLOURS = ("#1f6f8b", "#7a3e9d", "#a2482a", "#2f7d32", "#8a6d00", "#b03060", "#34558b", "#5d5d5d")
_KINDS = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif"}
_SIDE = 600


def add_image(call: Call, name: str, packed: str | None) -> dict[str, Any]:
    """Store an image from base64 (a `data:` prefix may stand before it), or one to be drawn."""
    content = _unpack(packed) if packed else None
    kind = _kind(content) if content else "image/png"
    image_id = new_id()
    file = f"{slug_of(name)[:60]}.{kind.removeprefix('image/').replace('jpeg', 'jpg')}"
    call.db.execute(
        "INSERT INTO images VALUES (?, ?, ?, ?, ?)", (image_id, file, kind, content, name)
    )
    return {"id": image_id, "file": file}


def image_body(call: Call, image: dict[str, Any] | None) -> dict[str, Any] | None:
    if image is None:
        return None
    url = call.addresses.web(f"/images/{image['id']}/{image['file']}")
    return {"id": image["id"], "url": url}


def get_image(call: Call, image_id: str, file: str) -> Answer:
    query = "SELECT * FROM images WHERE id = ? AND file = ?"
    row = call.db.execute(query, (image_id, file)).fetchone()
    if row is None:
        raise not_found()
    content = row["content"] or drawn(row["seed"])
    return Answer(200, content, {"Cache-Control": "public, max-age=3600"}, row["content_type"])


def drawn(seed: str) -> bytes:
    """Draw a badge: a disc and a ring in a colour that belongs to the name, and a star."""
    colour = _COLOURS[zlib.crc32(seed.encode()) % len(_COLOURS)]
    picture = Image.new("RGBA", (_SIDE, _SIDE), (0, 0, 0, 0))
    pen = ImageDraw.Draw(picture)
    pen.ellipse((20, 20, 580, 580), fill=colour)
    pen.ellipse((55, 55, 545, 545), outline="#ffffff", width=12)
    points = 5 + zlib.crc32(seed[::-1].encode()) % 5
    pen.regular_polygon((300, 300, 170), points, fill="#ffffff")
    pen.regular_polygon((300, 300, 110), points, rotation=180 // points, fill=colour)
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def _unpack(packed: str) -> bytes:
    try:
        return base64.b64decode(packed.rpartition(",")[2], validate=True)
    except binascii.Error as exc:
        raise Refusal(422, "Validation failed: Image is not valid base64") from exc


def _kind(content: bytes) -> str:
    for start, kind in _KINDS.items():
        if content.startswith(start):
            return kind
    raise Refusal(422, "Validation failed: Image must be a PNG, JPEG or GIF")
