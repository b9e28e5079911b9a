"""Who may do what: pure questions about a person and a thing."""

from portal.models import (
    ApiToken,
    LearningObject,
    ObjectState,
    Person,
    Policy,
    Role,
    Scope,
)

# What a token of somebody with this role can be good for; an author's only for what is theirs.
_SCOPES = {
    Role.ADMIN: frozenset(Scope),
    Role.AUTHOR: frozenset({Scope.COMPLETIONS_WRITE, Scope.OBJECTS_READ, Scope.AWARDS_READ}),
}


def is_admin(person: Person) -> bool:
    """Whether everything is theirs to do."""
    return Role.ADMIN in person.roles


def can_manage_connectors(person: Person) -> bool:
    """Connections, badges, deliveries and the import of badge.csv."""
    return bool(person.roles & {Role.ADMIN, Role.INTEGRATION_ADMIN})


def can_author(person: Person) -> bool:
    """Make learning objects."""
    return bool(person.roles & {Role.ADMIN, Role.AUTHOR})


def can_edit(person: Person, learning_object: LearningObject) -> bool:
    """Owners who are authors, and admins."""
    if is_admin(person):
        return True
    return Role.AUTHOR in person.roles and person.id in {
        owner.id for owner in learning_object.owners
    }


def can_enrol(person: Person, learning_object: LearningObject) -> bool:
    """Everybody, on what is published."""
    return person.active and learning_object.state is ObjectState.PUBLISHED


def can_decide_about(person: Person, learner: Person) -> bool:
    """Approve what somebody handed in, or record that they completed it: never for oneself.

    Administrators may; somebody must be able to, and the audit log names them.
    """
    return is_admin(person) or person.id != learner.id


def can_complete(person: Person, policy: Policy) -> bool:
    """Mark a course of this policy as complete by themselves; elsewhere an author approves, or
    staff records."""
    return person.active and policy is Policy.LEARNER


def scopes_of(person: Person) -> set[Scope]:
    """What tokens of this person may be made for, and may do."""
    return {scope for role in person.roles for scope in _SCOPES.get(role, ())}


def can_revoke(person: Person, token: ApiToken) -> bool:
    """End a token: its own person, and admins."""
    return is_admin(person) or token.person_id == person.id
