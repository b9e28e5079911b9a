"""A small pen on a square of one unit around its centre, and the outlines badges have."""

import io
import math
from collections.abc import Sequence

from PIL import Image, ImageDraw

SIDE = 600
FINE = 2  # drawn so many times larger, then made smaller: edges come out smooth
Point = tuple[float, float]
WHITE = "#ffffff"
CUT = "#ffffff00"  # what is drawn with it lets the layer below show through


class Pen:
    """Draws in coordinates from -1 to 1, x to the right and y down."""

    def __init__(self) -> None:
        self.half = SIDE * FINE / 2
        self.image = Image.new("RGBA", (SIDE * FINE, SIDE * FINE), (0, 0, 0, 0))
        self._draw = ImageDraw.Draw(self.image)

    def area(self, points: Sequence[Point], colour: str) -> None:
        """Fill a polygon."""
        self._draw.polygon([self._at(point) for point in points], fill=colour)

    def line(self, points: Sequence[Point], colour: str, width: float) -> None:
        """Draw a line with round ends and corners."""
        placed = [self._at(point) for point in points]
        self._draw.line(placed, fill=colour, width=round(width * self.half), joint="curve")
        for point in points:
            self.disc(point, width / 2, colour)

    def disc(self, centre: Point, radius: float, colour: str) -> None:
        """Fill a circle."""
        self._draw.ellipse(self._box(centre, radius), fill=colour)

    def ring(self, centre: Point, radius: float, colour: str, width: float) -> None:
        """Draw a circle; `radius` is its outer edge."""
        box = self._box(centre, radius)
        self._draw.ellipse(box, outline=colour, width=round(width * self.half))

    def arc(
        self, centre: Point, radius: float, degrees: tuple[float, float], colour: str, width: float
    ) -> None:
        """Draw a part of a circle, clockwise from three o'clock, with round ends."""
        first, last = degrees
        self.line([around(centre, radius, at) for at in steps(first, last, 40)], colour, width)

    def png(self) -> bytes:
        """Return the picture."""
        written = io.BytesIO()
        small = self.image.resize((SIDE, SIDE), Image.Resampling.LANCZOS)
        small.save(written, "PNG")
        return written.getvalue()

    def _at(self, point: Point) -> Point:
        return self.half * (1 + point[0]), self.half * (1 + point[1])

    def _box(self, centre: Point, radius: float) -> tuple[float, float, float, float]:
        left, top = self._at((centre[0] - radius, centre[1] - radius))
        right, bottom = self._at((centre[0] + radius, centre[1] + radius))
        return left, top, right, bottom


def steps(first: float, last: float, count: int) -> list[float]:
    """Return `count` + 1 numbers from `first` to `last`."""
    return [first + (last - first) * number / count for number in range(count + 1)]


def around(centre: Point, radius: float, degrees: float) -> Point:
    """Return the point on a circle; 0 is three o'clock, 90 six o'clock."""
    angle = math.radians(degrees)
    return centre[0] + radius * math.cos(angle), centre[1] + radius * math.sin(angle)


def circle(size: float) -> list[Point]:
    """Return the outline of a disc."""
    return [around((0, 0), size, at) for at in steps(0, 360, 120)]


def hexagon(size: float) -> list[Point]:
    """Return the outline of a hexagon that stands on a corner."""
    return [around((0, 0), size, at) for at in range(30, 390, 60)]


def star(size: float) -> list[Point]:
    """Return the outline of a rosette with sixteen soft points."""
    radii = [size * (0.945 + 0.055 * math.cos(math.radians(16 * at))) for at in range(360)]
    return [around((0, 0), radius, at) for at, radius in enumerate(radii)]


def shield(size: float) -> list[Point]:
    """Return the outline of a shield: a straight top, and sides that meet below."""
    right = [
        (0.86 * math.cos(turn) ** 0.72, -0.2 + 1.16 * math.sin(turn))
        for turn in steps(0, math.pi / 2 - 0.0001, 60)
    ]
    left = [(-x, y) for x, y in reversed(right)]
    top = [(-0.86, -0.82), (-0.45, -0.86), (0, -0.96), (0.45, -0.86), (0.86, -0.82)]
    return [(x * size, y * size) for x, y in [*top, *right, *left]]


OUTLINES = {"circle": circle, "hexagon": hexagon, "shield": shield, "star": star}
