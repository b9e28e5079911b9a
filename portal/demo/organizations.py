"""The organisations of the demo at practice Credly, and how the portal is connected to them."""

import uuid
from dataclasses import dataclass

from portal.demo.templates import EVENING, INSTITUTE, SANDBOX, TemplateData


@dataclass(frozen=True)
class Organization:
    """An organisation at practice Credly; ids and tokens stay the same, so that one may retry."""

    name: str
    connection: str
    bio: str
    templates: tuple[TemplateData, ...]
    linked_in_id: str | None = None

    @property
    def id(self) -> str:
        """Its id at practice Credly."""
        return str(uuid.uuid5(uuid.NAMESPACE_DNS, f"{self.connection}.demo.example"))

    @property
    def token(self) -> str:
        """What opens practice Credly on this machine, and nothing else."""
        return f"practice-{uuid.uuid5(uuid.NAMESPACE_URL, self.id).hex}"

    def template_id(self, template: TemplateData) -> str:
        """Return the id of a template of this organisation."""
        return str(uuid.uuid5(uuid.UUID(self.id), template.name))

    def body(self) -> dict[str, str | None]:
        """What practice Credly is told to make it."""
        return {
            "id": self.id,
            "name": self.name,
            "token": self.token,
            "bio": self.bio,
            "website_url": "https://harbour.demo.example/",
            "linked_in_org_id": self.linked_in_id,
            "linked_in_name": self.name if self.linked_in_id else None,
        }

    def form(self, host: str) -> list[tuple[str, str]]:
        """Return what a person types to connect it, by the labels of the form."""
        return [
            ("Connection Name", self.connection),
            ("Organization ID", self.id),
            ("Authorization Token", self.token),
            ("Hostname", host),
        ]


HARBOUR = Organization(
    name="Harbour Institute",
    connection="Harbour Institute",
    bio="A school for everybody who works or sails on the coast.",
    templates=INSTITUTE,
    linked_in_id="10204062",
)
TRIAL = Organization(
    name="Harbour Institute (trial)",
    connection="Harbour Institute sandbox",
    bio="Where the institute tries out new badges.",
    templates=SANDBOX,
)
SCHOOL = Organization(
    name="Harbour Evening School",
    connection="Evening School",
    bio="Boatbuilding and handicraft after work.",
    templates=EVENING,
)
CONNECTED = (HARBOUR, TRIAL, SCHOOL)

# Not connected: it is there so that a person can try it. More templates than one page holds.
LIBRARY = Organization(
    name="Harbour Library", connection="Harbour Library", bio="Books by the quay.", templates=()
)
LIBRARY_TEMPLATES = 60
