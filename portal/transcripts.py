"""A transcript as PDF: pages with what somebody achieved, line by line."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from portal.cards import FONTS
from portal.later import later

if TYPE_CHECKING:
    from fpdf import FPDF

fpdf = later("fpdf")  # takes 19 MiB, and a worker never makes a transcript
fonts = later("fpdf.fonts")

INK, QUIET = (24, 36, 51), (74, 91, 112)
WIDTHS = (26, 30, 74, 40)  # in millimetres, of A4 within its margins


@dataclass(frozen=True)
class Transcript:
    """The words of a transcript in the reader's language; each line has a cell for each heading."""

    heading: str
    holder: str
    sentence: str
    headings: tuple[str, ...]
    lines: tuple[tuple[str, ...], ...]
    language: str
    made_at: datetime


def as_pdf(transcript: Transcript) -> bytes:
    """Return the transcript as a PDF of as many pages as it needs."""
    page = _new_page()
    page.add_font("DejaVu", "", str(FONTS / "DejaVuSans.ttf"))
    page.add_font("DejaVu", "B", str(FONTS / "DejaVuSans-Bold.ttf"))
    page.set_title(f"{transcript.heading} – {transcript.holder}")
    page.set_lang(transcript.language)
    page.set_creation_date(transcript.made_at)
    page.set_margin(20)
    page.set_auto_page_break(True, margin=22)
    page.add_page()
    _head(page, transcript)
    _table(page, transcript)
    return bytes(page.output())


def _new_page() -> "FPDF":
    made: FPDF = fpdf.FPDF(orientation="portrait", format="A4")
    return made


def _head(page: "FPDF", transcript: Transcript) -> None:
    for text, size, weight, colour in (
        (transcript.heading, 12, "", QUIET),
        (transcript.holder, 20, "B", INK),
        (transcript.sentence, 10, "", QUIET),
    ):
        page.set_font("DejaVu", weight, size)
        page.set_text_color(*colour)
        page.multi_cell(0, size * 0.55, text, new_x="LMARGIN", new_y="NEXT")
        page.ln(2)
    page.ln(3)


def _table(page: "FPDF", transcript: Transcript) -> None:
    page.set_font("DejaVu", "", 9)
    page.set_text_color(*INK)
    styles = fonts.FontFace(emphasis="BOLD")
    with page.table(
        col_widths=WIDTHS,
        headings_style=styles,
        borders_layout="HORIZONTAL_LINES",
        text_align="LEFT",
        line_height=5,
        padding=1,
    ) as table:
        for cells in (transcript.headings, *transcript.lines):
            row = table.row()
            for cell in cells:
                row.cell(cell)
