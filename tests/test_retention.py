"""What is needed no more goes after the days that the settings say, and nothing before."""

import re
import secrets
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select

from portal.config.reader import BadSetting
from portal.config.settings import load_settings
from portal.extensions import db
from portal.jobs import sweeping
from portal.models import (
    ApiAnswer,
    AuditEntry,
    ImportRow,
    ImportRun,
    InboundEvent,
    InboundState,
    LinkPurpose,
    Mail,
    MailState,
    Notification,
    NotificationKind,
    OneTimeLink,
    SignInSession,
)
from portal.services import audit
from portal.services.importing import uploads
from tests.factories import make_connection

DAYS = {
    "API_ANSWERS": 2,
    "UPLOADS": 3,
    "EVENTS": 5,
    "MAILS": 7,
    "NOTIFICATIONS": 9,
    "LINKS": 11,
    "NETWORKS": 13,
}
ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def settings():
    return {f"KEEP_{name}_DAYS": str(days) for name, days in DAYS.items()}


def test_days_that_cannot_be_used_are_named(tmp_path):
    for name in DAYS:
        for bad in ("0", "-1", "3651", "1.5", "soon", "9" * 30):
            with pytest.raises(BadSetting, match=f"KEEP_{name}_DAYS"):
                load_settings({f"KEEP_{name}_DAYS": bad}, tmp_path)


def test_the_privacy_page_names_each_setting_with_its_days(tmp_path):
    text = (ROOT / "docs" / "privacy.md").read_text(encoding="utf-8")
    kept = load_settings({}, tmp_path).kept_days
    told = {
        name.lower(): int(days)
        for days, name in re.findall(r"\| (\d+) days .*`KEEP_(\w+)_DAYS`", text)
    }
    assert told == dict(kept)


def things_of(lena, at, now, means) -> None:
    """One of everything, over since `at`."""
    connection = make_connection(means)
    number = secrets.token_hex(4)
    answered = {"request_hash": "r", "status": 201, "body": {}}
    answered |= {"person_id": lena.id, "learner_id": lena.id}
    db.session.add_all(
        [
            InboundEvent(
                connection_id=connection.id,
                event_id=number,
                event_type="badge",
                state=InboundState.DONE,
                received_at=at,
            ),
            ApiAnswer(key_hash=number, created_at=at, **answered),
            Mail(person_id=lena.id, kind="x", state=MailState.DONE, ended_at=at),
            Notification(
                person_id=lena.id, kind=NotificationKind.ENROLLED, message={}, path="/", read_at=at
            ),
            OneTimeLink(
                code_hash=number,
                purpose=LinkPurpose.BADGE_EMAIL,
                person_id=lena.id,
                expires_at=at,
            ),
            ImportRun(
                kind="badge",
                file_name="a.csv",
                person_id=lena.id,
                upload=number,
                created_at=at,
            ),
        ]
    )
    db.session.commit()


def test_each_kind_goes_after_its_own_days(app, lena, now):
    means = app.extensions["means"]
    tables = {
        "API_ANSWERS": ApiAnswer,
        "EVENTS": InboundEvent,
        "MAILS": Mail,
        "NOTIFICATIONS": Notification,
        "LINKS": OneTimeLink,
    }
    for name, table in tables.items():
        db.session.execute(delete(table))
        things_of(lena, now - timedelta(days=DAYS[name], seconds=1), now, means)
        things_of(lena, now - timedelta(days=DAYS[name], seconds=-60), now, means)
        sweep(means, now)
        assert db.session.scalar(select(func.count()).select_from(table)) == 1, name


def test_the_rows_of_an_import_go_and_its_counts_stay(app, lena, now):
    means = app.extensions["means"]
    things_of(lena, now - timedelta(days=DAYS["UPLOADS"], seconds=-60), now, means)
    assert not uploads.forget_one(means, now)
    run = db.session.scalars(select(ImportRun)).one()
    db.session.add(ImportRow(import_run_id=run.id, line=2, outcome="new", digest="d"))
    db.session.commit()
    assert uploads.forget_one(means, now + timedelta(minutes=2))
    assert db.session.scalars(select(ImportRun)).one().upload is None
    assert not db.session.scalars(select(ImportRow)).all()


def test_the_network_of_an_audit_entry_goes_and_the_entry_stays(app, lena, now):
    means = app.extensions["means"]
    for seconds in (1, -60):
        at = now - timedelta(days=DAYS["NETWORKS"], seconds=seconds)
        db.session.add(AuditEntry(at=at, action="person.deactivate", network="203.0.113.0/24"))
    db.session.commit()
    sweep(means, now)
    networks = db.session.scalars(select(AuditEntry.network).order_by(AuditEntry.at)).all()
    assert networks == [None, "203.0.113.0/24"]


def test_what_is_open_unread_or_the_audit_stays(app, lena, now):
    means, long_ago = app.extensions["means"], now - timedelta(days=4000)
    audit.note("person.deactivate", actor=lena, now=long_ago, person=lena)
    db.session.add_all(
        [
            Mail(person_id=lena.id, kind="x", created_at=long_ago),
            Notification(
                person_id=lena.id,
                kind=NotificationKind.ENROLLED,
                message={},
                path="/",
                created_at=long_ago,
            ),
            SignInSession(id_hash="old", person_id=lena.id, csrf_token="t", created_at=long_ago),
        ]
    )
    db.session.commit()
    sweep(means, now)
    kept = [
        db.session.scalar(select(func.count()).select_from(one))
        for one in (AuditEntry, Mail, Notification)
    ]
    assert kept == [1, 1, 1]
    assert not db.session.scalars(select(SignInSession)).all()


def sweep(means, now) -> None:
    sweeping._last.pop("swept", None)
    sweeping.sweep(means, now)
