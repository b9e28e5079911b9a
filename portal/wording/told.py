"""The words of what people are told by the bell and by mail."""

from flask_babel import lazy_gettext as _l

WORDS = {
    "told_badge_issued": _l(
        "Credly has issued your badge %(badge)s. Open it to see what to do next."
    ),
    "told_accept_reminder": _l(
        "Your badge %(badge)s waits at Credly for you to accept it. Only then can you share it."
    ),
    "told_name_needed": _l(
        "A badge waits for you because your name cannot stand on it as it is. Write your first and"
        " last name, and it goes on."
    ),
    "told_name_held": _l(
        "Somebody's badge waits because their name cannot stand on it. They were told; you can"
        " correct the name under People."
    ),
    "told_needs_person": _l(
        "A delivery to Credly does not go on by itself. Look at its reason, then retry or cancel."
    ),
    "told_enrolled": _l("You were enrolled on %(title)s."),
    "told_due_soon": _l("%(title)s is due within three days."),
    "told_evidence_waiting": _l("Evidence for %(title)s waits for you to look at it."),
    "told_evidence_approved": _l("Your evidence for %(title)s was approved."),
    "told_evidence_rejected": _l(
        "Your evidence for %(title)s was not enough. Read why, and hand in again."
    ),
    "told_connection_held": _l(
        "Credly refuses the connection %(connection)s, so no badge is sent over it. Open it to see"
        " why and what to do; what waits goes on when Credly answers again."
    ),
    "told_token_expires": _l(
        "The authorization token of the connection %(connection)s expires in %(days)s days. When it"
        " has expired no badge is issued. Make a new token at Credly, then press Replace token."
    ),
    "told_token_expired": _l(
        "The authorization token of the connection %(connection)s is older than 180 days, so Credly"
        " refuses it. Make a new token at Credly, then press Replace token; what waits goes on."
    ),
}
