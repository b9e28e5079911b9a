"""What the code must not do, wherever somebody writes it; ruff's S rules look for more."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
CODE = sorted(path for path in (ROOT / "portal").rglob("*.py"))
# The parts that stand for somebody else: the imitation of Credly, and its demo.
OURS = [path for path in CODE if not {"practice", "demo"} & set(path.parts)]
SCRIPTS = sorted((ROOT / "static" / "js").glob("*.js"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
NEVER_CALLED = {"eval", "exec", "compile", "render_template_string", "system", "popen", "md5"}
NEVER_CALLED |= {"sha1", "ECB", "yaml_load", "mktemp"}
NEVER_IMPORTED = {"pickle", "marshal", "shelve", "dill", "yaml", "telnetlib", "ftplib", "lxml"}
# Libraries for ciphers, signatures and password hashes that are not the ones we decided on.
OTHER_CIPHERS = {"Crypto", "nacl", "jwt", "jose", "bcrypt", "passlib", "Cryptodome", "rsa", "ecdsa"}


def calls(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield getattr(node.func, "id", getattr(node.func, "attr", ""))


def modules(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (one.name.split(".")[0] for one in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield (node.module or "").split(".")[0]


def test_nothing_is_evaluated_unpickled_or_given_to_a_shell():
    for path in CODE:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        called = {name for name in calls(tree) if name in NEVER_CALLED}
        called -= {"compile"}  # of a regular expression
        assert not called, path
        assert not NEVER_IMPORTED & set(modules(tree)), path
        assert "shell=True" not in path.read_text(encoding="utf-8"), path


def test_secrets_come_from_known_libraries_and_never_from_random():
    for path in OURS:
        used = set(modules(ast.parse(path.read_text(encoding="utf-8"))))
        assert not used & OTHER_CIPHERS, path
        # Spreading the waits of deliveries is the one use of chance that keeps no secret.
        assert "random" not in used or path.name == "patience.py", path


def test_the_linter_looks_for_dangerous_code_everywhere_but_in_tests():
    lint = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["ruff"]
    assert "S" in lint["lint"]["select"]
    spared = {name for name, rules in lint["lint"]["per-file-ignores"].items() if "S" in rules}
    assert spared == {"tests/**"}


def test_text_is_never_put_in_as_markup():
    for path in TEMPLATES:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\|\s*safe\b|autoescape\s+false|javascript:", text), path
    for path in SCRIPTS:
        text = path.read_text(encoding="utf-8")
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", text
        ), path


def test_scripts_keep_nothing_in_the_browser_and_stop_no_pasting():
    assert SCRIPTS
    for path in SCRIPTS:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"localStorage|sessionStorage|indexedDB|document\.cookie", text), path
        assert not re.search(r"""["']paste["']|onpaste|__proto__|postMessage""", text), path


def test_no_page_is_there_for_debugging_or_for_tests(app):
    assert not app.debug
    rules = {rule.rule for rule in app.url_map.iter_rules()}
    assert not [rule for rule in rules if re.search(r"debug|console|/_", rule)]
    with app.test_client().get("/login?__debugger__=yes&cmd=resource&f=style.css") as answer:
        assert answer.status_code == 302  # to the set-up page, as without it


def test_the_image_holds_what_runs_and_nothing_else():
    text = (ROOT / "deploy" / "Containerfile").read_text(encoding="utf-8")
    copied = {word for line in re.findall(r"^COPY (.*)$", text, re.M) for word in line.split()[:-1]}
    assert copied == {
        *("requirements.txt", "requirements-scale.txt", "constraints.txt"),
        *("app.py", "LICENSE", "portal", "templates", "static"),
        *("deploy/gunicorn.py", "deploy/healthy.py"),
    }
    assert re.search(r"^USER (?!root)", text, re.MULTILINE)


@pytest.mark.parametrize("name", ["constraints.txt"])
def test_every_package_is_pinned_to_one_version(name):
    lines = [line.split("#")[0].strip() for line in (ROOT / name).read_text().splitlines()]
    assert all(re.fullmatch(r"[\w.\[\]-]+==[\w.]+", line) for line in lines if line)
