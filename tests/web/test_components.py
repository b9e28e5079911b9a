"""Components are put together once for everybody; what is said stands inside their macros."""

from jinja2 import nodes
from markupsafe import Markup

SPOKEN = {"_", "gettext", "ngettext"}


def test_no_component_says_something_outside_its_macros(app):
    """Else it would stay in the language of whoever opened a page first."""
    env = app.jinja_env
    trees = {name: env.parse(env.loader.get_source(env, name)[0]) for name in env.list_templates()}
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
