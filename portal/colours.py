"""Colours: reading one, and shifting it until words in it can be read (WCAG 2.2 AA)."""

import math
import re

_HEX = re.compile(r"#?([0-9a-f]{3}|[0-9a-f]{6})")
# In OKLCH lightness says how bright a colour looks: up to the first, words in it can be read on
# white, from the second on upon a dark ground. static/css/tokens.css is measured with both.
_DEEP, _BRIGHT, _PALE = 0.5, 0.76, 0.13
ENOUGH = 4.5  # to one, for words
WHITE, NIGHT = "#ffffff", "#12151b"

Triple = tuple[float, float, float]


def read(text: str) -> str | None:
    """Return the colour as # and six digits; None for what is none."""
    found = _HEX.fullmatch(text.strip().lower())
    if found is None:
        return None
    digits = found[1]
    return "#" + (digits if len(digits) == 6 else "".join(2 * digit for digit in digits))


def deep(colour: str) -> str:
    """Return the colour, darkened where it must be for words on white and white words on it."""
    light, chroma, hue = _polar(_linear(colour))
    return colour if light <= _DEEP else _fitting(_DEEP, chroma, hue)


def bright(colour: str) -> str:
    """Return the colour, lightened where it must be for words on a dark ground."""
    light, chroma, hue = _polar(_linear(colour))
    if light >= _BRIGHT and chroma <= _PALE:
        return colour
    return _fitting(max(light, _BRIGHT), min(chroma, _PALE), hue)


def contrast(one: str, other: str) -> float:
    """Return how far two colours are apart, from 1 (not at all) to 21."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def triple(colour: str) -> tuple[int, int, int]:
    """Return red, green and blue, from 0 to 255."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _linear(colour: str) -> Triple:
    red, green, blue = (_straight(part / 255) for part in triple(colour))
    return red, green, blue


def _straight(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def _bent(part: float) -> float:
    return 12.92 * part if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055


def _luminance(colour: str) -> float:
    red, green, blue = _linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _polar(linear: Triple) -> Triple:
    """Linear light as lightness, chroma and hue (OKLCH, Björn Ottosson)."""
    red, green, blue = linear
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    middle = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    light = 0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short
    return light, math.hypot(a, b), math.atan2(b, a)


def _from_polar(light: float, chroma: float, hue: float) -> Triple:
    a, b = chroma * math.cos(hue), chroma * math.sin(hue)
    long = (light + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (light - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (light - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )


def _fitting(light: float, chroma: float, hue: float) -> str:
    """The strongest colour of this lightness and hue, up to this chroma, that a screen has."""
    low, high = 0.0, chroma
    if not _is_shown(_from_polar(light, high, hue)):
        for _step in range(20):
            middle = (low + high) / 2
            low, high = (
                (middle, high) if _is_shown(_from_polar(light, middle, hue)) else (low, middle)
            )
        chroma = low
    parts = (min(1.0, max(0.0, part)) for part in _from_polar(light, chroma, hue))
    return "#" + "".join(f"{round(255 * _bent(part)):02x}" for part in parts)


def _is_shown(linear: Triple) -> bool:
    return all(-0.0001 <= part <= 1.0001 for part in linear)
