"""What people are told by the bell and by mail."""

CODES: dict[str, tuple[str, ...]] = {
    "told_badge_issued": ("badge",),
    "told_accept_reminder": ("badge",),
    "told_name_needed": (),
    "told_name_held": (),
    "told_needs_person": (),
    "told_enrolled": ("title",),
    "told_due_soon": ("title",),
    "told_evidence_waiting": ("title",),
    "told_evidence_approved": ("title",),
    "told_evidence_rejected": ("title",),
    "told_connection_held": ("connection",),
    "told_token_expires": ("connection", "days"),
    "told_token_expired": ("connection",),
}
