"""What can be said about those who learn: groups, enrolling, evidence, recording."""

CODES: dict[str, tuple[str, ...]] = {
    "nobody_chosen": (),
    "too_many_people": ("most",),
    "group_name_taken": (),
    "changed_meanwhile": (),
}
