"""Who asks, and from where, for the audit: said once for each request."""

from flask import request, session

from portal.models import Channel
from portal.services import audit


def say_who_asks() -> None:
    """Let what is written down in this request name its person and network."""
    person_id = session.get("_user_id")
    audit.acts(
        audit.Doer(
            channel=Channel.PAGE,
            person_id=int(person_id) if person_id else None,
            network=audit.network_of(request.remote_addr or ""),
        )
    )


def forget_who_asked(_error: BaseException | None) -> None:
    """Let the thread's next work be its own."""
    audit.acts(audit.THE_PORTAL)
