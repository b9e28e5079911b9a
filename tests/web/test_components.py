"""Components are put together once for everybody; what is said stands inside their macros."""

import pytest
from jinja2 import nodes
from markupsafe import Markup

SPOKEN = {"_", "gettext", "ngettext"}


@pytest.fixture
def trees(app):
    """Every template by its name, as Jinja reads it."""
    env = app.jinja_env
    return {name: env.parse(env.loader.get_source(env, name)[0]) for name in env.list_templates()}


def imported(tree):
    """The names under which a template has macros of other files."""
    for one in tree.find_all(nodes.FromImport):
        yield from (name if isinstance(name, str) else name[1] for name in one.names)


def test_a_template_imports_the_macros_that_it_uses_and_no_others(trees):
    unused = {}
    for name, tree in trees.items():
        used = {one.name for one in tree.find_all(nodes.Name) if one.ctx == "load"}
        if idle := [macro for macro in imported(tree) if macro not in used]:
            unused[name] = idle
    assert not unused


def test_no_component_says_something_outside_its_macros(trees):
    """Else it would stay in the language of whoever opened a page first."""
    imports = [one for tree in trees.values() for one in tree.find_all(nodes.FromImport)]
    shared = {one.template.value for one in imports if not one.with_context}
    assert "components/icons.html" in shared
    loose = [
        (name, part)
        for name in sorted(shared)
        for part in trees[name].body
        if not isinstance(part, nodes.Macro)
    ]
    said = [
        f"{name}: line {call.lineno}"
        for name, part in loose
        for call in part.find_all(nodes.Call)
        if getattr(call.node, "name", "") in SPOKEN
    ]
    assert not said


def test_a_piece_that_is_kept_tells_text_from_html(app):
    """Both are equal as texts; only one of them may stand as it is."""
    pill = app.jinja_env.get_template("components/status.html").module.pill
    assert "<i>" in pill(Markup("<i>"))
    assert "&lt;i&gt;" in pill("<i>")
