"""The documents say what is there: settings with their defaults, files, links, the commands."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("deploy/**/*.md")])
READERS = {"text", "number", "whole", "choice", "key_file", "secret"}
NOT_BY_A_READER = {"INSTANCE"}  # app.py needs it before there are settings

COMMANDS = [
    "python3 -m venv .venv && .venv/bin/pip install -q -r requirements.txt"
    " && .venv/bin/python app.py --demo",
    "python3 -m venv .venv && .venv/bin/pip install -q -r requirements-dev.txt"
    " && .venv/bin/python -m pytest",
]
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)|<img[^>]+src=\"([^\"]+)\"")
ROW = re.compile(r"^\| `([A-Z][A-Z0-9_]*)` \| ([^|]*) \|", re.MULTILINE)
NAMED = re.compile(
    r"`((?:portal|templates|static|tests|docs|deploy|\.ci)/[^`]*|[\w.-]+\.(?:py|md))`"
)
SOMEBODYS_MACHINE = re.compile(r"(?<![\w.])/(?:home|root|Users|work|tmp|private)/|[A-Z]:\\")


def shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def settings_read() -> Iterator[tuple[str, str | None]]:
    """Every setting the code reads, with its default where that is a fixed text."""
    for path in sorted((ROOT / "portal" / "config").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in READERS:
                texts = [one.value if isinstance(one, ast.Constant) else None for one in node.args]
                if texts and isinstance(texts[0], str) and texts[0].isupper():
                    yield texts[0], texts[1] if len(texts) > 1 else None


def settings_page() -> dict[str, str]:
    """The rows of the settings page: name and default."""
    return dict(ROW.findall((ROOT / "docs" / "settings.md").read_text(encoding="utf-8")))


@pytest.mark.parametrize("name", sorted({name for name, _default in settings_read()}))
def test_a_setting_stands_on_its_page_with_its_default(name):
    rows = settings_page()
    assert name in rows
    for default in {default for known, default in settings_read() if known == name and default}:
        assert f"`{default}`" in rows[name]


def test_the_settings_page_names_nothing_that_is_not_read():
    assert set(settings_page()) == {name for name, _default in settings_read()} | NOT_BY_A_READER


@pytest.mark.parametrize("path", DOCUMENTS, ids=shown)
def test_links_lead_to_files(path):
    for markdown, html in LINK.findall(path.read_text(encoding="utf-8")):
        parts = urlsplit(markdown or html)
        if not parts.scheme and parts.path:
            assert (path.parent / unquote(parts.path)).exists(), parts.path


@pytest.mark.parametrize("path", DOCUMENTS, ids=shown)
def test_no_document_knows_somebodys_machine(path):
    assert not SOMEBODYS_MACHINE.search(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("command", COMMANDS)
def test_the_readme_has_its_commands_word_by_word(command):
    assert command in (ROOT / "README.md").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("document", ["docs/map.md", "CONTRIBUTING.md", "docs/credly.md"])
def test_the_files_that_are_named_exist(document):
    for name in NAMED.findall((ROOT / document).read_text(encoding="utf-8")):
        if "<" not in name and "…" not in name:
            found = list(ROOT.glob(name.rstrip("/")))
            assert found, f"{document} names {name}"


def test_the_decisions_are_numbered_without_gaps():
    pages = sorted(path.name for path in (ROOT / "docs" / "decisions").glob("*.md"))
    assert [int(name[:4]) for name in pages] == list(range(1, len(pages) + 1))


def test_every_shortcut_of_the_makefile_is_explained():
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z][a-z-]*):", text, re.MULTILINE))
    assert targets == set(re.findall(r"^([a-z][a-z-]*):.*## \S", text, re.MULTILINE))
