"""The picture that a shared address shows: a badge, its name, its holder and its issuer, drawn."""

from __future__ import annotations  # so that none loads Pillow

from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from portal.later import later

if TYPE_CHECKING:
    from PIL import Image, ImageDraw, ImageFont
else:
    Image, ImageDraw, ImageFont = later("PIL.Image"), later("PIL.ImageDraw"), later("PIL.ImageFont")

WIDTH, HEIGHT = 1200, 630  # what the networks crop to (Open Graph, 1.91 : 1)
FONTS = Path(__file__).resolve().parent.parent / "static" / "vendor" / "dejavu"
PAPER, INK, QUIET = "#f6f8fb", "#182433", "#4a5b70"
_LOGO = (400, 68)  # at most, below the tile
_TILE = (70, 115, 470, 515)
_TEXT_LEFT, _TEXT_RIGHT = 530, WIDTH - 70


@dataclass(frozen=True)
class Card:
    """The words of a card, and the file of the badge's picture (None: its initials are drawn).

    `colour` can be read on white; `logo` is the file of the portal's logo, if it has one.
    """

    badge: str
    holder: str
    issuer: str
    note: str
    initials: str
    picture: Path | None
    colour: str
    logo: Path | None


@lru_cache(maxsize=32)
def draw(card: Card) -> bytes:
    """Return the card as a PNG of 1200×630 pixels; words too long for it end in an ellipsis."""
    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, WIDTH, 14), fill=card.colour)
    _badge(image, pen, card)
    _logo(image, card)
    top = _write(pen, 130, card.badge, _font("Bold", 54), INK, lines=3)
    top = _write(pen, top + 22, card.holder, _font("", 38), INK, lines=2)
    _write(pen, top + 10, card.note, _font("", 28), QUIET, lines=1)
    _write(pen, HEIGHT - 96, card.issuer, _font("", 28), QUIET, lines=1)
    written = BytesIO()
    image.save(written, format="PNG", optimize=True)
    return written.getvalue()


def _badge(image: Image.Image, pen: ImageDraw.ImageDraw, card: Card) -> None:
    left, top, right, bottom = _TILE
    pen.rounded_rectangle(_TILE, radius=28, fill="#ffffff", outline="#dfe5ee", width=2)
    if card.picture is None or not card.picture.is_file():
        middle = ((left + right) / 2, (top + bottom) / 2)
        pen.text(middle, card.initials, font=_font("Bold", 150), fill=card.colour, anchor="mm")
        return
    with Image.open(card.picture, formats=["PNG"]) as opened:
        badge = opened.convert("RGBA")
    room = right - left - 60
    scale = room / max(badge.size)
    badge = badge.resize((round(badge.width * scale), round(badge.height * scale)))
    at = (left + (right - left - badge.width) // 2, top + (bottom - top - badge.height) // 2)
    image.paste(badge, at, badge)


def _logo(image: Image.Image, card: Card) -> None:
    if card.logo is None or not card.logo.is_file():
        return
    with Image.open(card.logo, formats=["PNG"]) as opened:
        logo = opened.convert("RGBA")
    logo.thumbnail(_LOGO, Image.Resampling.LANCZOS)
    left, bottom = _TILE[0], HEIGHT - 20
    image.paste(logo, (left, bottom - logo.height), logo)


def _write(
    pen: ImageDraw.ImageDraw,
    top: float,
    text: str,
    font: ImageFont.FreeTypeFont,
    fill: str,
    *,
    lines: int,
) -> float:
    """Write a text in at most so many lines; return where the next one may begin."""
    for line in _broken(text, font, lines):
        pen.text((_TEXT_LEFT, top), line, font=font, fill=fill)
        top += font.size * 1.25
    return top


def _broken(text: str, font: ImageFont.FreeTypeFont, most: int) -> list[str]:
    room, lines, words = _TEXT_RIGHT - _TEXT_LEFT, [], text.split()
    while words and len(lines) < most:
        line = words.pop(0)
        while words and font.getlength(f"{line} {words[0]}") <= room:
            line = f"{line} {words.pop(0)}"
        last = len(lines) == most - 1 and bool(words)
        lines.append(_cut(line, font, room, more=last))
    return lines


def _cut(line: str, font: ImageFont.FreeTypeFont, room: float, *, more: bool) -> str:
    if font.getlength(line) <= room and not more:
        return line
    while line and font.getlength(f"{line}…") > room:
        line = line[:-1]
    return f"{line}…"


@lru_cache(maxsize=8)
def _font(weight: str, size: int) -> ImageFont.FreeTypeFont:
    name = f"DejaVuSans-{weight}.ttf" if weight else "DejaVuSans.ttf"
    return ImageFont.truetype(FONTS / name, size)
