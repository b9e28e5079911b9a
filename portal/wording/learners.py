"""The words of what is said about those who learn: groups, enrolling, evidence, recording."""

from flask_babel import lazy_gettext as _l

WORDS = {
    "nobody_chosen": _l("Choose somebody: tick people, or paste addresses."),
    "too_many_people": _l("These are too many at once. Take at most %(most)s people at a time."),
    "group_name_taken": _l("Another group has this name. Choose a different one."),
    "changed_meanwhile": _l("Somebody changed this in the same moment. Look at it and try again."),
    "due_is_over": _l("This day is over. Choose today or a later day, or leave it empty."),
    "day_to_come": _l("This day is still to come. Choose today or an earlier day."),
    "not_recordable": _l(
        "This is completed by what belongs to it, so nobody can record it. Record its courses."
    ),
    "evidence_empty": _l("Write something, give an address or choose a file."),
    "evidence_not_wanted": _l("Nothing is to be handed in here."),
    "evidence_waits": _l("What you handed in is being looked at. Wait for the answer first."),
    "evidence_decided": _l("Somebody has decided about this meanwhile, or it was withdrawn."),
    "say_why": _l("Say why; the learner reads it and can do better."),
    "own_evidence": _l("This is your own. Another owner or an administrator decides about it."),
    "own_completion": _l(
        "You cannot record your own completion. Another owner or an administrator can."
    ),
    "learner_inactive": _l("This account is deactivated, so nothing is recorded or begun for it."),
    "import_day": _l("This is not a day. Write it like 2026-05-31."),
    "import_person_unknown": _l(
        "Nobody here has this address. Check it, or ask an administrator to add the person first."
    ),
    "import_completed_already": _l("They had completed it already; nothing changes."),
}
