"""Mail leaves through the outbox: a real SMTP server on loopback receives it."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest

from portal.clock import utc_now
from portal.config.reader import BadSetting
from portal.config.settings import load_settings
from portal.extensions import db
from portal.jobs.mailing import send_next
from portal.messages import say
from portal.models import LinkPurpose, Mail, MailState, NotificationKind
from portal.services.issuing.token_age import warn
from portal.services.people import addresses, invitations
from portal.services.people.notifications import notify, stop
from portal.services.running.known import packed
from tests.ports import free_port
from tests.post_box import Box, running_box, settings_for, text_of


@pytest.fixture(scope="module")
def port() -> int:
    return free_port()


@pytest.fixture
def settings(port: int) -> dict[str, str]:
    return settings_for(port)


@pytest.fixture
def box(port: int) -> Iterator[Box]:
    with running_box(port) as box:
        yield box


def post(app, later: float = 0) -> bool:
    """Let the worker look into the outbox."""
    moment = utc_now() + timedelta(seconds=later)
    return send_next(app.extensions["mail_route"], app.extensions["means"], moment)


def test_an_invitation_arrives_and_its_link_is_kept_nowhere(app, box, lena):
    means = app.extensions["means"]
    assert invitations.send(person=lena, means=means, now=utc_now()) is None
    assert post(app)
    (mail,) = box.mails
    assert mail["To"] == lena.email
    assert "/invitation/" in text_of(mail)
    assert db.session.scalars(db.select(Mail)).one().sealed_link is None
    assert not post(app)


def test_an_invitation_speaks_as_whoever_invites_until_its_reader_has_chosen(app, box, lena):
    values = {"person": lena, "means": app.extensions["means"]}
    for chosen, words in ((None, "Välj ditt lösenord"), ("en", "Choose your password")):
        lena.locale = chosen
        invitations.send(**values, now=utc_now(), locale="sv")
        assert post(app)
        assert words in " ".join(text_of(box.mails[-1]).split())


def test_a_mail_bears_the_name_that_the_portal_has_by_now(app, box, lena):
    app.extensions["means"].known.take(packed({"name": "Harbour Academy"}))
    invitations.send(person=lena, means=app.extensions["means"], now=utc_now())
    assert post(app)
    assert "Harbour Academy" in text_of(box.mails[0])


def test_while_the_server_is_away_the_mail_waits(app, lena, port):
    invitations.send(person=lena, means=app.extensions["means"], now=utc_now())
    assert post(app)
    row = db.session.scalars(db.select(Mail)).one()
    assert row.state is MailState.WAITING
    with running_box(port) as box:
        assert post(app, later=300)
    assert len(box.mails) == 1


def test_a_newline_in_a_name_makes_no_second_header(app, box, lena):
    lena.first_name = "Lena\r\nBcc: eve@example.org"
    db.session.commit()
    invitations.send(person=lena, means=app.extensions["means"], now=utc_now())
    assert post(app)
    (mail,) = box.mails
    assert mail["Bcc"] is None
    assert mail["X-RcptTo"] == lena.email


def test_staff_hear_once_that_a_token_expires_soon(app, box, world, ada, lena):
    world.connection.token_saved_at = world.now - timedelta(days=168)
    db.session.commit()
    for _night in range(3):
        warn(world.now)
        db.session.commit()
    assert post(app)
    assert not post(app)
    (mail,) = box.mails
    assert mail["To"] == ada.email
    assert "expires in 12 days" in " ".join(text_of(mail).split())


def test_a_notification_carries_its_page_and_a_way_to_stop_such_mails(app, box, lena):
    message = say("told_badge_issued", badge="Knots")
    values = {"message": message, "path": "/learner/badges/7", "now": utc_now()}
    notify(person=lena, kind=NotificationKind.BADGE_ISSUED, **values)
    db.session.commit()
    assert post(app)
    (mail,) = box.mails
    assert "your badge Knots" in text_of(mail)
    assert "http://127.0.0.1:5000/learner/badges/7" in text_of(mail)
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = mail["List-Unsubscribe"].strip("<>")
    assert address in text_of(mail)
    stop(address.rpartition("/")[2], app.extensions["means"].sealer)
    notify(person=lena, kind=NotificationKind.BADGE_ISSUED, **values)
    db.session.commit()
    assert post(app)
    assert len(box.mails) == 1
    newest = db.session.scalars(db.select(Mail).order_by(Mail.id.desc())).first()
    assert newest.state is MailState.UNWANTED


def test_a_code_goes_to_the_address_it_proves(app, box, lena):
    means = app.extensions["means"]
    values = {"password": "", "remote": "", "means": means}  # Lena has no password here
    addresses.ask_badge(person=lena, email="badges@example.org", **values, now=utc_now())
    assert post(app)
    (mail,) = box.mails
    assert mail["To"] == "badges@example.org"
    code = re.search(r"^(\d{4} \d{4})\r?$", text_of(mail), re.MULTILINE).group(1)
    kind = LinkPurpose.BADGE_EMAIL
    addresses.confirm(person=lena, kind=kind, code=code, now=utc_now())
    assert lena.badge_email == "badges@example.org"


def test_mail_never_leaves_this_machine_in_clear(tmp_path):
    words = {"SMTP_HOST": "smtp.example.org", "SMTP_FROM": "a@example.org"}
    assert load_settings(words, tmp_path).smtp_tls == "starttls"
    with pytest.raises(BadSetting, match="SMTP_TLS"):
        load_settings({**words, "SMTP_TLS": "none"}, tmp_path)
