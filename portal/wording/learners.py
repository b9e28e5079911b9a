"""The words of what is said about those who learn: groups, enrolling, evidence, recording."""

from flask_babel import lazy_gettext as _l

WORDS = {
    "nobody_chosen": _l("Choose somebody: tick people, or paste addresses."),
    "too_many_people": _l("These are too many at once. Take at most %(most)s people at a time."),
    "group_name_taken": _l("Another group has this name. Choose a different one."),
    "changed_meanwhile": _l("Somebody changed this in the same moment. Look at it and try again."),
}
