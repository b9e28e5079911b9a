"""What can be said about awarding earlier completions."""

CODES: dict[str, tuple[str, ...]] = {
    "earlier_reason_missing": (),
    "earlier_no_badge": (),
    "earlier_under_way": (),
    "earlier_nobody": (),
    "earlier_not_running": (),
    "earlier_not_paused": (),
    "earlier_over": (),
    # of a person: gets it, has it, or does not get it
    "earlier_will": (),
    "earlier_will_history": (),
    "earlier_will_again": (),
    "earlier_has": (),
    "earlier_has_other": (),
    "earlier_retired": (),
    "earlier_without_success": (),
    "earlier_off": (),
    "earlier_expired": (),
    "earlier_revoked": (),
    "earlier_gone": (),
}
