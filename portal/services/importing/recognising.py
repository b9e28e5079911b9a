"""What kind of file this is, where nobody chose its page: on the command line."""

from contextlib import suppress
from pathlib import Path

from portal.services.importing.badges.kind import BADGES
from portal.services.importing.bytes_of_file import FileRefused
from portal.services.importing.file_kind import FileKind
from portal.services.importing.opening import open_file
from portal.services.importing.people.kind import PEOPLE

ON_THEIR_OWN = (BADGES, PEOPLE)  # the other kinds are about one learning object


def kind_of(path: Path) -> FileKind:
    """Return the kind whose columns the file has; of a file that is of none, what its name says.

    That kind then refuses it, and says why.
    """
    for kind in ON_THEIR_OWN:
        with suppress(FileRefused):
            open_file(lambda: path.open("rb"), kind.layout)
            return kind
    named = [kind for kind in ON_THEIR_OWN if path.name.casefold() == kind.file_name]
    return named[0] if named else BADGES
