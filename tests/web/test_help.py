"""Everybody finds help for what they may do, in their language, in the words of the pages."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from portal.extensions import db
from portal.web.help import text_of
from tests.factories import make_person

ROOT = Path(__file__).resolve().parents[2]
HELP = ROOT / "portal" / "help"
TRANSLATIONS = ROOT / "portal" / "translations"
LANGUAGES = ["en", *sorted(path.name for path in TRANSLATIONS.iterdir() if path.is_dir())]
ROLES = ["learner", "author", "integration_admin", "admin"]
BOLD = re.compile(r"\*\*(.+?)\*\*")


def labels(language: str) -> set[str]:
    """What the portal's pages say in this language."""
    name = "sv" if language == "en" else language
    with (TRANSLATIONS / name / "LC_MESSAGES" / "messages.po").open("rb") as file:
        found = read_po(file, locale=name)
    said = [one.id if language == "en" else one.string for one in found]
    return {part for one in said for part in (one if isinstance(one, tuple) else (one,))}


def first_heading(language: str, role: str) -> str:
    text = (HELP / language / f"{role}.md").read_text(encoding="utf-8")
    return re.search(r"^## (.+)$", text, re.MULTILINE)[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_page_with_the_same_tasks(language):
    assert {path.name for path in (HELP / language).iterdir()} == {f"{one}.md" for one in ROLES}
    for role in ROLES:
        texts = [(HELP / one / f"{role}.md").read_text("utf-8") for one in ("en", language)]
        tasks, points = (
            [len(re.findall(sign, one, re.MULTILINE)) for one in texts]
            for sign in ("^## ", r"^(?:- |\d\.)")
        )
        assert tasks[0] == tasks[1], role
        assert points[0] == points[1], role


@pytest.mark.parametrize("language", LANGUAGES)
def test_help_names_nothing_that_the_pages_do_not_say(language):
    known = labels(language)
    for role in ROLES:
        named = set(BOLD.findall((HELP / language / f"{role}.md").read_text(encoding="utf-8")))
        assert named, role
        assert not named - known, f"{language}/{role}: no page says these"


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_administrator_opens_every_page(browser, ada, language):
    ada.locale = language
    db.session.commit()
    browser.sign_in(ada)
    assert first_heading(language, "admin") in browser.get("/help")
    for role in ROLES:
        page = browser.get(f"/help/{role}")
        assert first_heading(language, role) in page
        assert f'href="/help/{role}" aria-current="page"' in page


@pytest.mark.parametrize(
    ("roles", "theirs"),
    [
        (set(), ["learner"]),
        ({"author"}, ["learner", "author"]),
        ({"integration_admin"}, ["learner", "integration_admin"]),
        ({"author", "integration_admin"}, ["learner", "author", "integration_admin"]),
    ],
    ids=lambda value: "-".join(sorted(value)) or "nothing",
)
def test_everybody_reads_what_their_roles_are_about(browser, ada, roles, theirs):
    browser.sign_in(make_person("Rolf Roll", roles=roles))
    page = browser.get("/help")
    assert first_heading("en", theirs[-1]) in page
    for role in ROLES:
        assert (f'href="/help/{role}"' in page) == (role in theirs and len(theirs) > 1)
        browser.get(f"/help/{role}", expect=200 if role in theirs else 403)
    browser.get("/help/janitor", expect=404)


def test_help_is_at_the_foot_of_every_page(browser, lena):
    assert 'href="/help"' in browser.sign_in(lena).get("/learner/profile")


def test_a_language_without_help_reads_english(tmp_path):
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "learner.md").write_text("## Find it", encoding="utf-8")
    assert text_of("fi", "learner", tmp_path) == "## Find it"
