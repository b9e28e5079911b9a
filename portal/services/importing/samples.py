"""Sample files: a correct one of each kind, to begin with."""

from dataclasses import dataclass
from datetime import datetime

from portal.errors import NotFound
from portal.models import Person
from portal.services.importing.kinds import kinds_for


@dataclass(frozen=True)
class Sample:
    """A file that can be downloaded; of a zip, `kind` is the kind of file in it."""

    file_name: str
    kind: str

    @property
    def is_zip(self) -> bool:
        """Whether pictures are in it, too."""
        return self.file_name.endswith(".zip")


def list_for(actor: Person) -> list[Sample]:
    """Return the samples of what this person may bring in."""
    return [Sample(kind.file_name, kind.name) for kind in kinds_for(actor)]


def content_of(actor: Person, file_name: str, now: datetime) -> str:
    """Return the text of a sample. Raises NotFound for a file this person may not bring in."""
    for kind in kinds_for(actor):
        if kind.file_name == file_name:
            return kind.sample(now)
    raise NotFound
