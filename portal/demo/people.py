"""The people of the demo: five who sign in, and learners who have been at it for weeks."""

from dataclasses import dataclass

from portal.models import Role

PASSWORD = "rosette-demo"  # noqa: S105 — printed at every start; the demo is bound to loopback
DOMAIN = "demo.example"


@dataclass(frozen=True)
class PersonData:
    """Who somebody is. `is_for` says what one signs in as them for, where it is worth saying."""

    word: str
    first_name: str
    last_name: str
    roles: frozenset[Role] = frozenset()
    is_for: str = ""

    @property
    def email(self) -> str:
        """The address they sign in with, and Credly's mail would go to."""
        return f"{self.word}@{DOMAIN}"


ASTRID = PersonData("admin", "Astrid", "Lindqvist", frozenset({Role.ADMIN}), "the administrator")
IVAR = PersonData(
    "integration", "Ivar", "Holm", frozenset({Role.INTEGRATION_ADMIN}), "connects Credly"
)
OTTO = PersonData("author", "Otto", "Bergman", frozenset({Role.AUTHOR}), "writes the courses")
LENA = PersonData("learner", "Lena", "Nilsson", is_for="a learner")
NOOR = PersonData("learner2", "Noor", "Haddad", is_for="another learner")

SIGN_INS = (ASTRID, IVAR, OTTO, LENA, NOOR)
LEARNERS = (
    PersonData("amara.okafor", "Amara", "Okafor"),
    PersonData("bjorn.dahl", "Björn", "Dahl"),
    PersonData("chiara.rossi", "Chiara", "Rossi"),
    PersonData("david.levi", "David", "Levi"),
    PersonData("elin.sandberg", "Elin", "Sandberg"),
    PersonData("farid.rahimi", "Farid", "Rahimi"),
    PersonData("greta.wolff", "Greta", "Wolff"),
    PersonData("henrik.aune", "Henrik", "Aune"),
    PersonData("ines.carvalho", "Inês", "Carvalho"),
    PersonData("jonas.ek", "Jonas", "Ek"),
    PersonData("kaisa.virtanen", "Kaisa", "Virtanen"),
    PersonData("liam.murphy", "Liam", "Murphy"),
    PersonData("mei.tanaka", "Mei", "Tanaka"),
    PersonData("nils.forsberg", "Nils", "Forsberg"),
    PersonData("olga.novak", "Olga", "Nováková"),
    PersonData("pedro.alonso", "Pedro", "Alonso"),
)
EVERYBODY = (*SIGN_INS, *LEARNERS)
