"""What can be said about those who learn: groups, enrolling, evidence, recording."""

CODES: dict[str, tuple[str, ...]] = {
    "nobody_chosen": (),
    "too_many_people": ("most",),
    "group_name_taken": (),
    "changed_meanwhile": (),
    "due_is_over": (),
    "day_to_come": (),
    "not_recordable": (),
    "evidence_empty": (),
    "evidence_not_wanted": (),
    "evidence_waits": (),
    "evidence_decided": (),
    "say_why": (),
    "own_evidence": (),
    "own_completion": (),
    "learner_inactive": (),
    "import_day": (),
    "import_person_unknown": (),
    "import_completed_already": (),
}
