"""What services raise when they say no. Pages, jobs and commands turn it into words."""

from portal.messages import Message


class PortalError(Exception):
    """Something that is said to a person in plain words."""


class NotFound(PortalError):
    """The thing does not exist, or not for this person."""


class Gone(PortalError):
    """The thing was here and has been taken away for good."""


class NotAllowed(PortalError):
    """This person may not do that, whatever thing it is about."""


class RuleBroken(PortalError):
    """A business rule said no. `field` names the form field, or is None for the whole form."""

    def __init__(self, message: Message, field: str | None = None):
        super().__init__(message.code)
        self.message, self.field = message, field
