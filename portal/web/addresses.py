"""Addresses of pages: how one is built is worked out when it is first built."""

from collections.abc import Callable

from werkzeug.routing import Rule


class PageRule(Rule):
    """Werkzeug writes two small programs for each of some 250 rules; few are used after a start."""

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        compile_now = super()._compile_builder
        made: list[Callable[..., tuple[str, str]]] = []

        def build(rule: Rule, *given: object, **values: object) -> tuple[str, str]:
            if not made:
                made.append(compile_now(append_unknown))
            return made[0](rule, *given, **values)

        return build
