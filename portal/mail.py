"""The mails: rendered in the reader's language, sent by SMTP."""

import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import TYPE_CHECKING

from portal.later import later
from portal.messages import from_stored
from portal.models import Mail, NotificationKind
from portal.wording import mail_words, words_for

if TYPE_CHECKING:
    import smtplib
    from email import policy
else:
    smtplib, policy = later("smtplib"), later("email.policy")  # many portals send no mail

# A long address in a header must stay whole: folded it would be encoded, which RFC 8058 forbids.
LONGEST_LINE = 990


@dataclass(frozen=True)
class MailRoute:
    """How mail leaves: `tls` is starttls, tls or none (none only to this machine)."""

    host: str
    port: int
    sender: str
    tls: str
    user: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True)
class Writer:
    """Who writes: the name and address of the portal, and how a link to stop mails is made."""

    portal_name: str
    public_url: str
    sender: str
    stop_token: Callable[[int, str], str]


def compose(mail: Mail, link: str, writer: Writer) -> EmailMessage:
    """Write the mail that a row of the outbox stands for."""
    locale = mail.person.locale or mail.values.get("locale")
    words = mail_words(mail.kind, locale)
    values = {**mail.values, "name": mail.person.name, "portal": writer.portal_name, "link": link}
    recipient = mail.address or mail.person.email
    message = EmailMessage(policy.default.clone(max_line_length=LONGEST_LINE))
    if mail.kind in set(NotificationKind):
        token = writer.stop_token(mail.person_id, mail.kind)
        values |= _told(mail, writer.public_url, f"{writer.public_url}/stop-mails/{token}")
        # RFC 8058: the reader's mail program offers one button that does it.
        message["List-Unsubscribe"] = f"<{values['stop']}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message["From"] = writer.sender
    message["To"] = recipient
    message["Subject"] = " ".join((words.subject % values).split())[:200]
    message.set_content(words.body % values)
    return message


def _told(mail: Mail, public_url: str, stop: str) -> dict[str, str]:
    """Return what a mail says that the bell says, too."""
    message = words_for(from_stored(mail.values["message"]), mail.person.locale)
    return {"message": message, "link": public_url + mail.values["path"], "stop": stop}


def send(message: EmailMessage, route: MailRoute) -> None:
    """Hand the mail to the server; raise OSError, as SMTPException is, when it takes none."""
    context = ssl.create_default_context()
    if route.tls == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(route.host, route.port, timeout=30, context=context)
    else:
        server = smtplib.SMTP(route.host, route.port, timeout=30)
    with server:
        if route.tls == "starttls":
            server.starttls(context=context)
        if route.user:
            server.login(route.user, route.password)
        server.send_message(message)
