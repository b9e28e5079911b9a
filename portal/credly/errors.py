"""The six ways in which a call to Credly fails. They carry facts; callers choose the words.

Cause codes, fixed because they are stored and translated elsewhere:

* NotNow: `refused_connection` `dns` `connect_timeout` `unreachable` `too_many_requests`
  `unavailable`
* Unsure: `timeout` `reset` `server_error` `not_json` `wrong_shape` `too_large` `deadline` `tls`
* ConnectionTrouble: `token` (401) `rights` (403) `organization` `certificate` `redirect`
* TemplateTrouble: `template_missing` `template_not_active`
* Refused: `refused`, and `already_replaced` for its subclass
* Duplicate: `duplicate`
"""

MOST_WORDS = 500


class CredlyTrouble(Exception):
    """A call that did not work. `credly_words` is cut, cleaned and free of our token."""

    def __init__(
        self, cause: str, *, status: int | None = None, credly_words: str | None = None
    ) -> None:
        # Only the code goes into the text: what is logged with it names no person and no secret.
        super().__init__(cause if status is None else f"{cause} ({status})")
        self.cause = cause
        self.status = status
        self.credly_words = credly_words[:MOST_WORDS] if credly_words else None


class NotNow(CredlyTrouble):
    """It certainly did not happen; come back later. `wait` is what Credly asked for, in seconds."""

    def __init__(
        self,
        cause: str,
        *,
        status: int | None = None,
        credly_words: str | None = None,
        wait: float | None = None,
    ) -> None:
        super().__init__(cause, status=status, credly_words=credly_words)
        self.wait = wait


class Unsure(CredlyTrouble):
    """It may have worked. Look up before anything is sent again."""


class Refused(CredlyTrouble):
    """Credly said no for good, in its own words; a person has to look."""


class AlreadyReplaced(Refused):
    """The badge was replaced before. `current_badge_id` is the newest, if Credly said."""

    def __init__(
        self,
        *,
        status: int | None = None,
        credly_words: str | None = None,
        current_badge_id: str | None = None,
    ) -> None:
        super().__init__("already_replaced", status=status, credly_words=credly_words)
        self.current_badge_id = current_badge_id


class Duplicate(CredlyTrouble):
    """The recipient already has this badge: look it up and adopt it."""


class TemplateTrouble(CredlyTrouble):
    """The template is not there or not active, while the organisation answers."""


class ConnectionTrouble(CredlyTrouble):
    """Nothing will work over this connection until a person has mended it."""
