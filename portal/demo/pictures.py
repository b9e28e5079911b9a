"""The pictures of the demo's badges: an outline in two tones with an emblem in it."""

from dataclasses import dataclass

from PIL import Image, ImageChops

from portal.demo.drawing import OUTLINES, WHITE, Pen
from portal.demo.emblems import EMBLEMS

# Deep and light tone; white on the light one is well above 3 : 1.
TONES = {
    "sea": ("#0f3d5c", "#1f6f9c"),
    "pine": ("#14453a", "#23765f"),
    "plum": ("#43204f", "#7a4291"),
    "brick": ("#6b1f1a", "#b0443a"),
    "amber": ("#5e3c08", "#a16b13"),
    "slate": ("#26313f", "#526579"),
    "rose": ("#5e1a3a", "#a83c6d"),
    "ink": ("#1b1f4b", "#454ca3"),
}


@dataclass(frozen=True)
class Look:
    """What a badge looks like: names of an outline, of a pair of tones, and of an emblem."""

    outline: str
    tones: str
    emblem: str


def draw(look: Look) -> bytes:
    """Return the picture as a PNG on a transparent square."""
    outline, (deep, light) = OUTLINES[look.outline], TONES[look.tones]
    pen = Pen()
    pen.area(outline(0.97), deep)
    pen.area(outline(0.87), WHITE)
    pen.area(outline(0.84), light)
    _shade(pen, look.outline, deep)
    emblem = Pen()
    EMBLEMS[look.emblem](emblem)
    pen.image.alpha_composite(emblem.image)
    return pen.png()


def _shade(pen: Pen, outline: str, deep: str) -> None:
    """Darken the panel below a slope, so that it catches light from above."""
    panel, slope = Pen(), Pen()
    panel.area(OUTLINES[outline](0.84), deep)
    slope.area([(-1, 0.35), (1, -0.15), (1, 1), (-1, 1)], deep)
    both = ImageChops.multiply(panel.image.getchannel("A"), slope.image.getchannel("A"))
    veil = Image.new("RGBA", pen.image.size, deep)
    veil.putalpha(both.point([value // 3 for value in range(256)]))
    pen.image.alpha_composite(veil)
