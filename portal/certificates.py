"""A certificate as PDF: one landscape page with a badge, who earned it, and where to verify it."""

from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from portal.cards import FONTS
from portal.later import later

if TYPE_CHECKING:
    from fpdf import FPDF

fpdf = later("fpdf")  # takes 19 MiB, and a worker never makes a certificate
Image = later("PIL.Image")

WIDTH, HEIGHT, MARGIN = 297.0, 210.0, 20.0  # A4 lying, in millimetres
INK, QUIET = (24, 36, 51), (74, 91, 112)
BADGE, LOGO = 62.0, (60.0, 20.0)


@dataclass(frozen=True)
class Certificate:
    """The words of a certificate, in the reader's language, and the file of the badge's picture.

    `colour` (red, green, blue) can be read on white; `logo` is the file of the portal's logo.
    """

    heading: str
    holder: str
    sentence: str
    badge: str
    facts: tuple[tuple[str, str], ...]
    initials: str
    picture: Path | None
    language: str
    made_at: datetime
    colour: tuple[int, int, int]
    logo: Path | None


def as_pdf(certificate: Certificate) -> bytes:
    """Return the certificate as a PDF of one page. The same certificate gives the same bytes."""
    page = _new_page()
    page.set_auto_page_break(False)
    page.set_margin(MARGIN)
    page.add_font("DejaVu", "", str(FONTS / "DejaVuSans.ttf"))
    page.add_font("DejaVu", "B", str(FONTS / "DejaVuSans-Bold.ttf"))
    page.set_title(f"{certificate.badge} – {certificate.holder}")
    page.set_lang(certificate.language)
    page.set_creation_date(certificate.made_at)
    page.add_page()
    _frame(page, certificate.colour)
    _logo(page, certificate.logo)
    _picture(page, certificate)
    _words(page, certificate)
    return bytes(page.output())


def _new_page() -> "FPDF":
    made: FPDF = fpdf.FPDF(orientation="landscape", format="A4")
    return made


def _frame(page: "FPDF", colour: tuple[int, int, int]) -> None:
    page.set_draw_color(*colour)
    page.set_line_width(1.2)
    page.rect(9, 9, WIDTH - 18, HEIGHT - 18)


def _picture(page: "FPDF", certificate: Certificate) -> None:
    left, top = (WIDTH - BADGE) / 2, 22
    if certificate.picture is None or not certificate.picture.is_file():
        _text(page, certificate.initials, 54, "B", certificate.colour, top + 16)
        return
    flat = _on_white(certificate.picture)
    page.image(flat, x=left, y=top, w=BADGE, h=BADGE, keep_aspect_ratio=True)


def _logo(page: "FPDF", logo: Path | None) -> None:
    if logo is not None and logo.is_file():
        wide, high = LOGO
        page.image(_on_white(logo), x=16, y=16, w=wide, h=high, keep_aspect_ratio=True)


def _on_white(picture: Path) -> BytesIO:
    with Image.open(picture, formats=["PNG"]) as opened:
        flat = Image.new("RGB", opened.size, "white")
        seen = opened.convert("RGBA")
        flat.paste(seen, (0, 0), seen)
    written = BytesIO()
    flat.save(written, format="PNG")
    return written


def _words(page: "FPDF", certificate: Certificate) -> None:
    _text(page, certificate.heading.upper(), 12, "", QUIET, 92)
    _text(page, certificate.holder, 26, "B", INK, 101)
    _text(page, certificate.sentence, 13, "", QUIET, 116)
    _text(page, certificate.badge, 22, "B", certificate.colour, 126)
    top = 148.0
    for label, value in certificate.facts:
        _text(page, f"{label}: {value}", 10.5, "", INK, top)
        top += 7


def _text(
    page: "FPDF", text: str, size: float, weight: str, colour: tuple[int, int, int], top: float
) -> None:
    """Write one line in the middle; what is too long is set smaller, down to a readable size."""
    room = WIDTH - 2 * MARGIN
    page.set_font("DejaVu", weight, size)
    while page.get_string_width(text) > room and size > 7:
        size -= 0.5
        page.set_font("DejaVu", weight, size)
    while page.get_string_width(text) > room:
        text = f"{text[:-2]}…"
    page.set_text_color(*colour)
    page.set_xy(MARGIN, top)
    page.cell(room, size * 0.5, text, align="C")
