"""The words about awarding earlier completions."""

from flask_babel import lazy_gettext as _l

WORDS = {
    "earlier_reason_missing": _l("Say why; the reason is kept with your name."),
    "earlier_no_badge": _l("Attach a badge first. Then its earlier completions can be awarded."),
    "earlier_under_way": _l("Earlier completions are being awarded already. Let that end first."),
    "earlier_nobody": _l("There is nobody to award the badge to."),
    "earlier_not_running": _l("Nothing is running that could be paused."),
    "earlier_not_paused": _l("Nothing is paused that could go on."),
    "earlier_over": _l("This was taken back already."),
    "earlier_will": _l("Completed it before it had this badge."),
    "earlier_will_history": _l("Has it as imported history; now it is sent."),
    "earlier_will_again": _l("Had it once; that award was cancelled before it was sent."),
    "earlier_has": _l("Has the badge through this."),
    "earlier_has_other": _l("Has the badge through something else; it is not issued twice."),
    "earlier_retired": _l("The badge is retired."),
    "earlier_without_success": _l("Completed it without success, and so earned nothing."),
    "earlier_off": _l("Their account is switched off."),
    "earlier_expired": _l("What they completed has expired since."),
    "earlier_revoked": _l("The badge was revoked."),
    "earlier_gone": _l("Their completion was undone meanwhile."),
}
