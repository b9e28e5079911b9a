"""Every message has its words, every code is used, and every use names what the code takes."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.messages import CODES
from portal.messages.audit import ACTIONS
from portal.wording import WORDS
from tests.web import audited

PORTAL = Path(__file__).resolve().parent.parent / "portal"
PLACES = re.compile(r"%\((\w+)\)[sd]")
SOURCES = [
    path
    for path in sorted(PORTAL.rglob("*.py"))
    if path.relative_to(PORTAL).parts[0].removesuffix(".py") not in {"messages", "wording"}
]


def saids() -> Iterator[tuple[str, ast.Call]]:
    """Every `say(…)` in the portal, with the place where it stands."""
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "say" and node.args:
                yield f"{path.relative_to(PORTAL)}:{node.lineno}", node


def constants(node: ast.AST) -> set[str]:
    """The texts in an expression that stand alone, without the pieces of f-strings."""
    if isinstance(node, ast.JoinedStr):
        return set()
    own = {node.value} if isinstance(node, ast.Constant) and isinstance(node.value, str) else set()
    return own.union(*(constants(child) for child in ast.iter_child_nodes(node)))


def beginning(node: ast.AST) -> str:
    """The fixed beginning of an f-string such as `held_…`; empty for anything else."""
    first = node.values[0] if isinstance(node, ast.JoinedStr) and node.values else None
    return str(first.value) if isinstance(first, ast.Constant) else ""


def codes_in_use() -> set[str]:
    texts = set().union(*(constants(ast.parse(path.read_text("utf-8"))) for path in SOURCES))
    begun = tuple(filter(None, (beginning(call.args[0]) for _place, call in saids())))
    return texts | {code for code in CODES if begun and code.startswith(begun)}


def test_codes_and_words_are_the_same_list():
    assert set(CODES) == set(WORDS)


@pytest.mark.parametrize("code", sorted(CODES))
def test_the_words_name_the_values_of_their_code(code):
    words = str(WORDS[code])
    assert set(PLACES.findall(words)) == set(CODES[code])
    assert not CODES[code] or "%" not in PLACES.sub("", words).replace("%%", "")


def test_no_code_is_unused():
    unused = set(CODES) - codes_in_use()
    assert not unused


def test_what_is_said_is_known():
    for place, call in saids():
        if isinstance(call.args[0], ast.Constant | ast.IfExp):
            chosen = {call.args[0]} if isinstance(call.args[0], ast.Constant) else branches(call)
            unknown = {one.value for one in chosen} - set(CODES)
            assert not unknown, f"{place} says {unknown}"


def test_what_is_said_brings_the_values_of_its_code():
    for place, call in saids():
        code = call.args[0]
        named = [keyword.arg for keyword in call.keywords]
        if isinstance(code, ast.Constant) and None not in named:
            assert set(named) == set(CODES[code.value]), place


def branches(call: ast.Call) -> set[ast.Constant]:
    """The codes of `say("one" if … else "other")`."""
    choice = call.args[0]
    both = (choice.body, choice.orelse) if isinstance(choice, ast.IfExp) else ()
    return {one for one in both if isinstance(one, ast.Constant)}


def test_every_page_that_takes_a_form_says_what_the_audit_keeps_of_it(app):
    """A new one gets a line in tests/web/audited.py; an administrator's is sent there, too."""
    taking = {rule.endpoint for rule in app.url_map.iter_rules() if "POST" in rule.methods}
    assert taking == audited.TABLE.keys() | audited.NONE.keys()
    assert not audited.TABLE.keys() & audited.NONE.keys()


def test_every_action_of_the_audit_comes_from_somewhere():
    every = {action for group in ACTIONS.values() for action in group}
    assert every == set(audited.TABLE.values()) | audited.BESIDES
