"""For how long what is needed no more is kept; the settings say it, `docs/privacy.md` lists it."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class Retention:
    """How long each kind of thing stays: since it came, or since nothing is left to do with it."""

    uploads: timedelta  # imported files and their rows, since the upload
    events: timedelta  # what Credly told by webhook, since it came, once it is worked off
    mails: timedelta  # since it left, or it was clear that it will not
    notifications: timedelta  # since the reader read it
    networks: timedelta  # in the audit, from where something was done, since it was done
    api_answers: timedelta  # answers to other systems, since they were given
    links: timedelta  # invitations, links for passwords, codes for addresses, since their end
