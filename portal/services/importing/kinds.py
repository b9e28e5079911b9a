"""The kinds of files that can be brought in, by the name that a run keeps.

To add a kind: docs/importing.md. Nothing else in the run or the preview knows one by name.
"""

from portal.models import LearningObject, Person
from portal.services.importing.badges.kind import BADGES
from portal.services.importing.catalogue.kinds import CATALOGUE
from portal.services.importing.completions.kind import COMPLETIONS
from portal.services.importing.file_kind import FileKind
from portal.services.importing.people.kind import PEOPLE

KINDS: dict[str, FileKind] = {kind.name: kind for kind in (BADGES, PEOPLE, *CATALOGUE, COMPLETIONS)}


def kinds_for(actor: Person, about: LearningObject | None = None) -> list[FileKind]:
    """Return the kinds that this person may bring in."""
    return [kind for kind in KINDS.values() if kind.may_import(actor, about)]
