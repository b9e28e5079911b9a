"""Every word that people read is marked, translated whole, and compiled."""

import re
from functools import cache
from pathlib import Path

import pytest
from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
TRANSLATIONS = ROOT / "portal" / "translations"
LOCALES = sorted(path.name for path in TRANSLATIONS.iterdir() if path.is_dir())
PLACES = re.compile(r"%\((\w+)\)[sd]")
# What stands in a template between its tags, and what a screen reader says.
CODE = re.compile(r"{#.*?#}|{%.*?%}|{{.*?}}", re.DOTALL)
# Blocks that hold a word of the style sheet, not of people.
CLASSES = re.compile(r"{% block width %}.*?{% endblock %}")
HIDDEN = re.compile(r"<(script|style|svg)\b.*?</\1>", re.DOTALL)
SAID = re.compile(r'\b(?:title|alt|placeholder|aria-label)="([^"]*)"')
TAG = re.compile(r"<[^>]*>")
LETTERS = re.compile(r"[^\W\d_]{2,}")
# Names and marks that are the same in every language.
NAMES = {"Credly", "LinkedIn", "Facebook", "Rosette", "nbsp", "middot", "rarr", "larr", "hellip"}


@cache
def strings() -> dict[tuple[str, ...], str]:
    """Every marked string (with its plural), and a file where it stands."""
    with (TRANSLATIONS / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    keywords = {"_": None, "_l": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}
    found: dict[tuple[str, ...], str] = {}
    for folder in ("portal", "templates"):
        for name, _line, text, *_rest in extract_from_dir(
            ROOT / folder, methods, options, keywords=keywords
        ):
            key = tuple(text) if isinstance(text, (tuple, list)) else (text,)
            found.setdefault(key, f"{folder}/{name}")
    return found


@cache
def catalogue(locale: str) -> Catalog:
    with (TRANSLATIONS / locale / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=locale, abort_invalid=True)


def as_tuple(text: str | tuple[str, ...]) -> tuple[str, ...]:
    return tuple(text) if isinstance(text, (tuple, list)) else (text,)


def entries(locale: str) -> list[Message]:
    return [message for message in catalogue(locale) if message.id]


def test_there_is_swedish():
    assert "sv" in LOCALES


def test_the_words_of_the_portal_are_found():
    assert ("Sign in",) in strings()
    assert any(len(key) == 2 for key in strings())


@pytest.mark.parametrize("locale", LOCALES)
def test_every_string_is_translated_and_nothing_else(locale):
    there = {as_tuple(message.id) for message in entries(locale)}
    missing = {key: strings()[key] for key in strings().keys() - there}
    assert not missing, "run make translations, then translate these"
    assert not there - strings().keys(), "nobody says these any more: run make translations"


@pytest.mark.parametrize("locale", LOCALES)
def test_no_translation_is_empty_or_fuzzy(locale):
    plurals = catalogue(locale).num_plurals
    for message in entries(locale):
        words = as_tuple(message.string)
        assert all(words), message.id
        assert not message.fuzzy, message.id
        assert len(words) == (plurals if message.pluralizable else 1), message.id


@pytest.mark.parametrize("locale", LOCALES)
def test_every_place_for_a_value_is_kept(locale):
    for message in entries(locale):
        wanted = set(PLACES.findall(" ".join(as_tuple(message.id))))
        for words in as_tuple(message.string):
            named = set(PLACES.findall(words))
            assert named <= wanted, message.id
            assert named == wanted or message.pluralizable, message.id
            assert words.count("%") == len(PLACES.findall(words)) + 2 * words.count("%%"), words


@pytest.mark.parametrize("locale", LOCALES)
def test_what_is_compiled_is_what_is_written(locale):
    with (TRANSLATIONS / locale / "LC_MESSAGES" / "messages.mo").open("rb") as file:
        compiled = read_mo(file)
    written = {as_tuple(one.id): as_tuple(one.string) for one in entries(locale)}
    assert {as_tuple(one.id): as_tuple(one.string) for one in compiled if one.id} == written


@pytest.mark.parametrize("locale", LOCALES)
def test_the_folder_is_named_as_the_language_is(locale):
    assert str(Locale.parse(locale)) == locale


@pytest.mark.parametrize(
    "path", sorted(ROOT.glob("templates/**/*.html")), ids=lambda path: str(path.relative_to(ROOT))
)
def test_no_word_of_a_template_is_unmarked(path):
    text = CLASSES.sub(" ", path.read_text(encoding="utf-8"))
    text = HIDDEN.sub(" ", CODE.sub(" ", text))
    said = " ".join([*SAID.findall(text), TAG.sub(" ", text)])
    assert not set(LETTERS.findall(said)) - NAMES
