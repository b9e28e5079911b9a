"""The mails: rendered in the reader's language, sent by SMTP."""

import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage

from portal.models import Mail
from portal.wording import mail_words


@dataclass(frozen=True)
class MailRoute:
    """How mail leaves: `tls` is starttls, tls or none (none only to this machine)."""

    host: str
    port: int
    sender: str
    tls: str
    user: str = ""
    password: str = field(default="", repr=False)


def compose(mail: Mail, link: str, *, portal_name: str, sender: str) -> EmailMessage:
    """Write the mail that a row of the outbox stands for."""
    words = mail_words(mail.kind, mail.person.locale)
    values = {**mail.values, "name": mail.person.name, "portal": portal_name, "link": link}
    recipient = mail.address or mail.person.email
    message = EmailMessage()
    message["From"] = sender
    message["To"] = recipient
    message["Subject"] = " ".join((words.subject % values).split())[:200]
    message.set_content(words.body % values)
    return message


def send(message: EmailMessage, route: MailRoute) -> None:
    """Hand the mail to the server; raise OSError or SMTPException when it does not take it."""
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
