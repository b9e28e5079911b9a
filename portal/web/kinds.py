"""Learning objects in addresses: the word for each kind, and where an object's pages are."""

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.errors import NotFound
from portal.models import Kind, LearningObject

# As product.md writes them: /author/<kind>/<id> and /learner/<kind>/<id>.
ADDRESSES = {
    Kind.COURSE: "courses",
    Kind.LEARNING_PATH: "learning-paths",
    Kind.CERTIFICATION: "certifications",
}
_WORDS = {
    Kind.COURSE: _l("Course"),
    Kind.LEARNING_PATH: _l("Learning path"),
    Kind.CERTIFICATION: _l("Certification"),
}
_ICONS = {
    Kind.COURSE: "book",
    Kind.LEARNING_PATH: "route",
    Kind.CERTIFICATION: "certificate",
}


def kind_at(address: str) -> Kind:
    """Return the kind whose pages have this word in their address; raise NotFound."""
    found = next((kind for kind, word in ADDRESSES.items() if word == address), None)
    if found is None:
        raise NotFound
    return found


def kind_word(learning_object: LearningObject) -> str:
    """The word for what an object is."""
    return str(_WORDS[learning_object.kind])


def kind_name(kind: Kind) -> str:
    """The word for a kind."""
    return str(_WORDS[kind])


def kind_address(learning_object: LearningObject) -> str:
    """The word for an object's kind in addresses."""
    return ADDRESSES[learning_object.kind]


def learner_url(learning_object: LearningObject) -> str:
    """Where learners see the object."""
    return f"{url_for('learner.home.index')}{kind_address(learning_object)}/{learning_object.id}"


def author_url(learning_object: LearningObject) -> str:
    """Where its authors see the object."""
    return f"{url_for('author.home.index')}{kind_address(learning_object)}/{learning_object.id}"


def kind_icon(learning_object: LearningObject) -> str:
    """The drawing of an object's kind."""
    return _ICONS[learning_object.kind]


def kind_choices() -> list[tuple[str, str]]:
    """The kinds to filter a list by."""
    return [("", _("Every kind")), *((kind.value, str(word)) for kind, word in _WORDS.items())]


FILTERS = (kind_word, kind_address, kind_icon, learner_url, author_url)
