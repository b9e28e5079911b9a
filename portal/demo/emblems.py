"""The emblems of the demo's badges. Each is a function that takes a pen on an empty layer."""

import math
from collections.abc import Callable

from portal.demo.drawing import CUT, WHITE, Pen, Point, around, steps

Emblem = Callable[[Pen], None]
CENTRE: Point = (0.0, 0.0)


def compass(pen: Pen) -> None:
    pen.ring(CENTRE, 0.56, WHITE, 0.045)
    for at in range(0, 360, 30):
        pen.disc(around(CENTRE, 0.45, at), 0.02, WHITE)
    for at in range(0, 360, 90):
        sides = [around(CENTRE, 0.09, at - 45), around(CENTRE, 0.09, at + 45)]
        pen.area([CENTRE, sides[0], around(CENTRE, 0.4, at), sides[1]], WHITE)
    pen.disc(CENTRE, 0.05, CUT)


def knot(pen: Pen) -> None:
    """A trefoil: a rope that crosses itself three times, always over, then under."""

    def rope(at: float) -> Point:
        turn = math.radians(at)
        x = math.sin(turn) + 2 * math.sin(2 * turn)
        y = math.cos(turn) - 2 * math.cos(2 * turn)
        return 0.185 * x, 0.185 * y + 0.04

    pen.line([rope(at) for at in steps(0, 360, 240)], WHITE, 0.13)
    for at in (90, 210, 330):
        pen.line([rope(one) for one in steps(at - 11, at + 11, 20)], CUT, 0.22)
        pen.line([rope(one) for one in steps(at - 20, at + 20, 30)], WHITE, 0.13)


def route(pen: Pen) -> None:
    for column in (-0.45, -0.15, 0.15, 0.45):
        pen.line([(column, -0.5), (column, 0.5)], WHITE, 0.012)
    for row in (-0.45, -0.15, 0.15, 0.45):
        pen.line([(-0.55, row), (0.55, row)], WHITE, 0.012)
    way = [(-0.45, 0.42), (-0.22, 0.08), (0.1, 0.16), (0.4, -0.36)]
    pen.line(way, WHITE, 0.05)
    for point in way:
        pen.disc(point, 0.075, WHITE)


def radio(pen: Pen) -> None:
    pen.line([(0, 0.55), (0, -0.1)], WHITE, 0.06)
    pen.line([(-0.2, 0.55), (0, 0.1), (0.2, 0.55)], WHITE, 0.05)
    pen.disc((0, -0.14), 0.1, WHITE)
    for radius in (0.24, 0.38, 0.52):
        pen.arc((0, -0.14), radius, (-40, 40), WHITE, 0.05)
        pen.arc((0, -0.14), radius, (140, 220), WHITE, 0.05)


def cross(pen: Pen) -> None:
    pen.ring(CENTRE, 0.58, WHITE, 0.12)
    for at in range(45, 405, 90):
        pen.line([around(CENTRE, 0.44, at), around(CENTRE, 0.6, at)], CUT, 0.13)
    pen.line([(-0.24, 0), (0.24, 0)], WHITE, 0.15)
    pen.line([(0, -0.24), (0, 0.24)], WHITE, 0.15)


def lighthouse(pen: Pen) -> None:
    pen.area([(-0.11, -0.28), (0.11, -0.28), (0.2, 0.5), (-0.2, 0.5)], WHITE)
    for top in (-0.08, 0.2):
        pen.area([(-0.17, top), (0.17, top), (0.19, top + 0.12), (-0.19, top + 0.12)], CUT)
    pen.area([(-0.1, -0.48), (0.1, -0.48), (0.1, -0.3), (-0.1, -0.3)], WHITE)
    pen.area([(-0.15, -0.47), (0, -0.62), (0.15, -0.47)], WHITE)
    for side in (-1, 1):
        far = [(side * 0.5, -0.54), (side * 0.5, -0.24)]
        pen.area([(side * 0.16, -0.42), *far, (side * 0.16, -0.36)], WHITE)
    pen.line([(-0.36, 0.53), (0.36, 0.53)], WHITE, 0.07)


def weather(pen: Pen) -> None:
    for at in range(0, 360, 45):
        middle = (0.2, -0.22)
        pen.line([around(middle, 0.29, at), around(middle, 0.38, at)], WHITE, 0.05)
    pen.disc((0.2, -0.22), 0.22, WHITE)
    cloud = [((-0.26, 0.18), 0.23), ((0.02, 0.06), 0.27), ((0.28, 0.2), 0.2)]
    for centre, radius in cloud:
        pen.disc(centre, radius + 0.05, CUT)
    for centre, radius in cloud:
        pen.disc(centre, radius, WHITE)
    pen.line([(-0.26, 0.31), (0.28, 0.31)], WHITE, 0.19)


def gear(pen: Pen) -> None:
    for at in range(0, 360, 45):
        wide = [around(CENTRE, 0.4, at - 14), around(CENTRE, 0.58, at - 9)]
        pen.area([*wide, around(CENTRE, 0.58, at + 9), around(CENTRE, 0.4, at + 14)], WHITE)
    pen.disc(CENTRE, 0.44, WHITE)
    pen.disc(CENTRE, 0.25, CUT)
    drop = [(0, -0.18), *[around((0, 0.06), 0.11, at) for at in steps(-25, 205, 30)]]
    pen.area(drop, WHITE)


def helm(pen: Pen) -> None:
    for at in range(0, 360, 45):
        pen.line([CENTRE, around(CENTRE, 0.58, at)], WHITE, 0.06)
        pen.disc(around(CENTRE, 0.58, at), 0.055, WHITE)
    pen.ring(CENTRE, 0.43, WHITE, 0.09)
    pen.disc(CENTRE, 0.15, WHITE)
    pen.disc(CENTRE, 0.07, CUT)


def anchor(pen: Pen) -> None:
    pen.ring((0, -0.46), 0.14, WHITE, 0.06)
    pen.line([(0, -0.32), (0, 0.52)], WHITE, 0.09)
    pen.line([(-0.26, -0.18), (0.26, -0.18)], WHITE, 0.08)
    pen.arc((0, 0.04), 0.48, (12, 168), WHITE, 0.09)
    for side in (-1, 1):
        tip = [(side * 0.6, 0.26), (side * 0.5, 0.0), (side * 0.32, 0.2)]
        pen.area(tip, WHITE)


def tide(pen: Pen) -> None:
    for row, width in ((-0.26, 0.06), (0.0, 0.085), (0.28, 0.11)):
        wave = [(x, row + 0.09 * math.sin(x * 9.5)) for x in steps(-0.52, 0.52, 80)]
        pen.line(wave, WHITE, width)


def moon(pen: Pen) -> None:
    pen.disc((-0.06, 0.0), 0.5, WHITE)
    pen.disc((0.16, -0.1), 0.43, CUT)
    for centre, size in (((0.22, -0.2), 0.13), ((0.4, 0.12), 0.09), ((0.12, 0.16), 0.07)):
        points = [
            around(centre, size if at % 90 == 0 else size / 3, at) for at in range(0, 360, 45)
        ]
        pen.area(points, WHITE)


def flags(pen: Pen) -> None:
    pen.line([(-0.42, -0.52), (-0.42, 0.56)], WHITE, 0.06)
    pen.area([(-0.36, -0.5), (0.46, -0.5), (0.3, -0.27), (0.46, -0.04), (-0.36, -0.04)], WHITE)
    pen.disc((-0.02, -0.27), 0.11, CUT)
    pen.area([(-0.36, 0.06), (0.4, 0.28), (-0.36, 0.5)], WHITE)
    pen.area([(-0.24, 0.18), (0.1, 0.28), (-0.24, 0.38)], CUT)


def sail(pen: Pen) -> None:
    pen.area([(0.02, -0.58), (0.02, 0.26), (0.48, 0.26)], WHITE)
    pen.area([(-0.05, -0.42), (-0.05, 0.26), (-0.42, 0.26)], WHITE)
    pen.area([(-0.52, 0.34), (0.54, 0.34), (0.36, 0.56), (-0.36, 0.56)], WHITE)
    pen.line([(-0.3, 0.45), (0.32, 0.45)], CUT, 0.03)


EMBLEMS: dict[str, Emblem] = {
    drawn.__name__: drawn
    for drawn in (
        *(compass, knot, route, radio, cross, lighthouse, weather),
        *(gear, helm, anchor, tide, moon, flags, sail),
    )
}
