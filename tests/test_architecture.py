"""The drawing is a test: which part may import which, and how large a thing may grow."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LONGEST_FILE, LONGEST_FUNCTION, LONGEST_PAGE, LONGEST_TEMPLATE = 250, 40, 20, 120

# Part → the parts it may import besides itself, and `later`. docs/map.md draws the same.
MAY_IMPORT: dict[str, set[str]] = {
    **{part: set() for part in ("addresses", "clock", "config", "extensions", "messages")},
    **{part: set() for part in ("collecting", "colours", "later", "logs", "meters", "traffic")},
    "scanning": set(),
    "version": set(),
    **{part: set() for part in ("cards", "credly", "openid", "pictures", "practice", "sealing")},
    **{part: {"cards"} for part in ("certificates", "transcripts")},
    "errors": {"messages"},
    "sqlite": {"extensions"},
    "fetching": {"addresses"},
    "models": {"extensions", "clock", "messages"},
    "migrations": {"extensions", "models"},
    "policies": {"models", "errors"},
    "wording": {"messages", "extensions"},
    "mail": {"models", "wording", "messages", "extensions", "clock"},
    "migrating": {"extensions", "models"},
    "schema": {"models", "extensions", "sealing", "migrating"},
    "moving": {"models", "extensions", "schema"},
    "backups": {"models", "extensions", "schema", "moving"},
    "services": {"models", "policies", "credly", "openid", "sealing", "fetching", "pictures"}
    | {
        "cards",
        "certificates",
        "transcripts",
        "messages",
        "extensions",
        "clock",
        "errors",
        "traffic",
    }
    | {"colours", "meters", "scanning", "version"},
    "jobs": {"logs", "services", "mail", "models", "extensions", "clock", "errors"},
    "web": {"colours", "services", "policies", "models", "messages", "wording"}
    | {"extensions", "clock", "errors", "logs", "meters"},
    "cli": {"services", "jobs", "practice", "models", "messages", "wording", "schema"}
    | {"extensions", "clock", "errors", "moving", "backups", "scanning", "sealing", "logs"},
    "serving": {"collecting", "jobs", "logs", "schema", "services", "clock"},
    "demo": {"factory", "serving", "practice", "services", "models"}
    | {"extensions", "clock", "schema", "config"},
    "app": {"cli", "collecting", "config", "demo", "factory", "migrating", "schema", "serving"},
}
# The factory knows every part except those that need the finished app.
MAY_IMPORT["factory"] = set(MAY_IMPORT) - {
    "app",
    "collecting",
    "demo",
    "serving",
    "migrations",
    "migrating",
}

# Part → what it may never import from outside.
FLASK = {"flask", "flask_login", "flask_wtf", "flask_babel", "wtforms", "werkzeug"}
STORAGE = {"sqlalchemy", "flask_sqlalchemy"}
NEVER: dict[str, set[str]] = {
    "services": FLASK,
    "policies": FLASK | STORAGE,
    "credly": FLASK | STORAGE,
    "practice": (FLASK - {"werkzeug"}) | STORAGE | {"requests"},
    "models": FLASK - {"flask_login"},  # its mixin says what a person answers to Flask-Login
    "web": {"requests", "urllib3"},
}
DRAWERS = {"utils", "helpers", "common", "manager", "managers", "util", "helper", "misc"}


def files(*folders: str) -> list[Path]:
    """Python files below some folders, without the generated schema changes."""
    found = (path for folder in folders for path in (ROOT / folder).rglob("*.py"))
    return [ROOT / "app.py", *sorted(path for path in found if path.parent.name != "versions")]


def shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def part_of(path: Path) -> str:
    """The first name below `portal`."""
    names = path.relative_to(ROOT).with_suffix("").parts
    return names[1] if names[0] == "portal" else names[0]


@cache
def imports(tree: ast.AST) -> tuple[str, ...]:
    """Every module that is imported, now or later, wherever the statement stands."""
    found: list[str] = [*loaded_later(tree)]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            found.append("." * node.level + (node.module or ""))
    return tuple(found)


def loaded_later(tree: ast.AST) -> Iterator[str]:
    """The modules that `later` stands for: an arrow like any other (portal/later.py)."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "later":
            yield from (given.value for given in node.args if isinstance(given, ast.Constant))


@cache
def functions(tree: ast.AST) -> tuple[ast.FunctionDef | ast.AsyncFunctionDef, ...]:
    kinds = ast.FunctionDef | ast.AsyncFunctionDef
    return tuple(node for node in ast.walk(tree) if isinstance(node, kinds))


def lines_of(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


OURS = files("portal")
PARTS = [path for path in OURS if path != ROOT / "portal" / "__init__.py"]
EVERYTHING = files("portal", "tests")
PAGES = [
    path
    for area in ("admin", "author", "learner", "auth", "public", "hooks", "api")
    for path in sorted((ROOT / "portal" / "web" / area).glob("*.py"))
]
TEMPLATES = sorted([*ROOT.glob("templates/**/*.html"), *ROOT.glob("portal/**/*.html")])


@pytest.mark.parametrize("path", PARTS, ids=shown)
def test_imports_follow_the_arrows(path):
    part, found = part_of(path), imports(tree_of(path))
    others = {name.split(".")[1] for name in found if name.startswith("portal.")}
    assert not others - {part, "later"} - MAY_IMPORT[part], f"{part} may not import these"
    outside = {name.split(".")[0] for name in found}
    assert not outside & NEVER.get(part, set()), f"{part} may not know these"


@pytest.mark.parametrize("path", EVERYTHING, ids=shown)
def test_imports_stand_at_the_top_and_are_written_in_full(path):
    for name in imports(tree_of(path)):
        assert name != "portal", "take it out of its module, not out of portal/__init__.py"
        assert not name.startswith("."), "write the module's full name"
    for function in functions(tree_of(path)):
        assert not imports(function), f"{function.name} hides an arrow"


@pytest.mark.parametrize("layer", ["models", "services"])
def test_issuing_knows_nothing_of_learning(layer):
    learning = set(imports_of_learning())
    for path in sorted((ROOT / "portal" / layer / "issuing").glob("*.py")):
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.ImportFrom):
                assert ".learning" not in (node.module or ""), shown(path)
                taken = {alias.name for alias in node.names}
                assert not (node.module == "portal.models" and taken & learning), shown(path)


def imports_of_learning() -> Iterator[str]:
    """The names that `portal.models` hands on from its learning wing."""
    for node in ast.walk(tree_of(ROOT / "portal" / "models" / "__init__.py")):
        if isinstance(node, ast.ImportFrom) and ".learning" in (node.module or ""):
            yield from (alias.name for alias in node.names)


def test_the_package_itself_is_a_docstring():
    body = tree_of(ROOT / "portal" / "__init__.py").body
    assert [type(node) for node in body] == [ast.Expr]


@pytest.mark.parametrize("path", EVERYTHING, ids=shown)
def test_files_and_functions_are_short_and_say_what_they_are(path):
    text = path.read_text(encoding="utf-8")
    lines = len(text.splitlines())
    assert lines <= LONGEST_FILE
    assert not text or ast.get_docstring(tree_of(path)), "a module begins with a docstring"
    assert not DRAWERS & set(path.relative_to(ROOT).with_suffix("").parts)
    for function in functions(tree_of(path)):
        assert lines_of(function) <= LONGEST_FUNCTION, f"{function.name} is {lines_of(function)}"


@pytest.mark.parametrize("path", PAGES, ids=shown)
def test_a_page_fetches_asks_one_service_and_answers(path):
    for function in functions(tree_of(path)):
        assert lines_of(function) <= LONGEST_PAGE, f"{function.name} is {lines_of(function)}"


@pytest.mark.parametrize("path", TEMPLATES, ids=shown)
def test_templates_are_short(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_TEMPLATE


@pytest.mark.parametrize("path", OURS, ids=shown)
def test_only_those_who_may_touch_environment_console_and_markup(path):
    words = set(mentions(tree_of(path)))
    assert "print" not in words
    if part_of(path) not in {"app", "config"}:
        assert not words & {"os.environ", "os.getenv", "environ", "getenv"}
    if shown(path) != "portal/web/filters.py":
        assert "Markup" not in words


def mentions(tree: ast.AST) -> Iterator[str]:
    """What is called, and the attributes of `os`; imported names, too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield getattr(node.func, "id", getattr(node.func, "attr", ""))
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            yield f"{node.value.id}.{node.attr}"
        elif isinstance(node, ast.ImportFrom):
            yield from (alias.name for alias in node.names)
