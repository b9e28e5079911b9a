"""The trail of *Why?* in sentences."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.services.learning.why_trail import Deed, Event
from portal.web.earlier_views import source_title

# What is said when somebody else did it, and when nobody is named.
_BY = {
    Deed.ENROLLED: _l("%(who)s enrolled them on %(title)s."),
    Deed.HANDED_IN: _l("Evidence was handed in for %(title)s."),
    Deed.APPROVED: _l("%(who)s approved the evidence for %(title)s."),
    Deed.REJECTED: _l("%(who)s rejected the evidence for %(title)s."),
    Deed.COMPLETED: _l("%(who)s recorded that %(title)s is completed."),
    Deed.FAILED: _l("%(who)s recorded that %(title)s was completed without success."),
    Deed.REACHED: _l("%(title)s was reached."),
    Deed.EARNED: _l("The badge was earned through %(title)s."),
    Deed.UNDONE: _l("%(who)s took the completion of %(title)s back."),
    Deed.AWARDED_EARLIER: _l("%(who)s awarded earlier completions of %(title)s."),
    Deed.TAKEN_BACK: _l("%(who)s took the earlier completions of %(title)s back."),
    Deed.AT_CREDLY: _l("Credly says: %(state)s."),
}
_PLAIN = {
    **_BY,
    Deed.ENROLLED: _l("Enrolled on %(title)s."),
    Deed.APPROVED: _l("The evidence for %(title)s was approved."),
    Deed.REJECTED: _l("The evidence for %(title)s was rejected."),
    Deed.COMPLETED: _l("%(title)s was completed."),
    Deed.FAILED: _l("%(title)s was completed without success."),
    Deed.UNDONE: _l("The completion of %(title)s was taken back."),
    Deed.AWARDED_EARLIER: _l("Earlier completions of %(title)s were awarded."),
    Deed.TAKEN_BACK: _l("The earlier completions of %(title)s were taken back."),
}
_STATES = {
    "pending": _l("issued, not accepted yet"),
    "accepted": _l("accepted"),
    "rejected": _l("rejected"),
    "revoked": _l("revoked"),
}


def event_words(event: Event, names: bool) -> str:
    """Say what happened; `names` says whether the reader may know who of the staff did it."""
    title = source_title(event.source) if event.source else _("something else")
    state = str(_STATES.get(event.state or "", event.state or ""))
    words = _BY if names and event.who is not None else _PLAIN
    values = {"title": title, "state": state, "who": event.who.name if event.who else ""}
    return str(words[event.deed]) % values
