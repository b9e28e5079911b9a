"""What a start does without: named at the top like any import, loaded when it is first used."""

from importlib import import_module
from typing import Any


class _Later:
    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, what: str) -> Any:
        found = getattr(import_module(self._name), what)
        setattr(self, what, found)  # the next look costs nothing
        return found


def later(name: str) -> Any:
    """Stand for the module of this name, which is imported with the first look into it.

    For what takes long or much memory, and what few requests need: pictures, PDF, sign-in services,
    Alembic, practice Credly. The architecture test reads the name as the import that it is.
    """
    return _Later(name)
