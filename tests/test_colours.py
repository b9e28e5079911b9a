"""Whatever colour somebody chooses, words in it and on it can be read in both themes."""

from itertools import product

import pytest

from portal.colours import ENOUGH, bright, contrast, deep, read

# What words in the brand's colour stand on: see static/css/tokens.css.
LIGHT, DARK = ("#ffffff", "#f5f6fa"), ("#12151b", "#1b1f27")
PARTS = ("00", "33", "80", "cc", "ff")


def test_every_colour_can_be_read_in_both_themes():
    for parts in product(PARTS, repeat=3):
        colour = "#" + "".join(parts)
        assert all(contrast(deep(colour), ground) >= ENOUGH for ground in LIGHT), colour
        assert all(contrast(bright(colour), ground) >= ENOUGH for ground in DARK), colour


def test_a_colour_that_can_be_read_stays_what_it_is():
    assert deep("#2b5fb4") == "#2b5fb4"
    assert bright("#b1b1b1") == "#b1b1b1"


def test_a_colour_keeps_its_hue():
    assert deep("#ffd400") == "#776100"


@pytest.mark.parametrize("typed", ["#2B5FB4", "2b5fb4", " #2b5fb4 "])
def test_a_colour_is_read_as_people_write_it(typed):
    assert read(typed) == "#2b5fb4"


def test_three_digits_stand_for_six():
    assert read("#fa0") == "#ffaa00"


@pytest.mark.parametrize("typed", ["", "blue", "#12345", "#gggggg", "#2b5fb4ff", "٣٣٣"])
def test_what_is_no_colour_is_none(typed):
    assert read(typed) is None
