"""A real SMTP server on a loopback port that keeps what it receives."""

import logging
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import Message as Received

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message


def settings_for(port: int) -> dict[str, str]:
    """Return the environment words of a portal that sends its mail there."""
    return {
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": str(port),
        "SMTP_FROM": "portal@example.org",
        "SMTP_TLS": "none",
    }


def text_of(mail: Received) -> str:
    """Return the words of a mail."""
    return mail.get_payload(decode=True).decode()


class Box(Message):
    """The mails that arrived."""

    def __init__(self, port: int) -> None:
        super().__init__()
        self.port = port
        self.mails: list[Received] = []

    def handle_message(self, message: Received) -> None:
        self.mails.append(message)

    def wait_for(self, email: str, words: str, *, seconds: float = 60) -> str:
        """Return the text of the mail to this address that has these words; wait for it."""
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            for mail in list(self.mails):
                if mail["To"] == email and words in " ".join(text_of(mail).split()):
                    return text_of(mail)
            time.sleep(0.05)
        raise AssertionError(f"no mail to {email} with {words!r} of {len(self.mails)}")


def link_in(text: str, path: str) -> str:
    """Return the address in a mail whose path begins so."""
    found = re.search(rf"http://\S+{re.escape(path)}\S*", text)
    assert found, text
    return found.group()


@contextmanager
def running_box(port: int) -> Iterator[Box]:
    """The server for as long as the block lasts."""
    logging.getLogger("mail.log").setLevel(logging.ERROR)  # or it writes down every mail
    box = Box(port)
    controller = Controller(box, hostname="127.0.0.1", port=port, ready_timeout=60)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()
