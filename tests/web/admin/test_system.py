"""The page that says what runs, what is set, and what to do next."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from portal.extensions import db
from portal.models import ConnectionState, DeliveryState
from portal.services import liveness
from portal.services.running import backups, system
from portal.services.running.installation import SettingLine
from portal.web.admin.units import in_words
from portal.wording import words

SECRETS = {
    "METRICS_TOKEN": "canary-metrics-0123456789",
    "SMTP_PASSWORD": "canary-of-smtp",
    "SECRET_KEY": "canary-key-0123456789-abcdefghijklmnop",
}
WELL = {"SMTP_HOST": "smtp.example.org", "SMTP_FROM": "badges@example.org"}


@pytest.fixture
def settings():
    return {**SECRETS, **WELL}


@pytest.fixture
def codes(app, now):
    """What is to be done, as codes, some time from now."""

    def ask(**after):
        found = system.look(app.extensions["means"], now + timedelta(**after))
        return [todo.message.code for todo in found.todos]

    return ask


@pytest.fixture
def well(world, codes, now):
    """A portal in which nothing is to be done."""
    liveness.leave_sign(world.means.meter, now)
    backups.note(size=1000, with_keys=False, now=now)
    return world


def test_where_all_is_well_nothing_is_to_be_done(well, codes, browser, ada):
    assert codes() == []
    page = browser.sign_in(ada).get("/admin/system")
    assert "Nothing is to be done." in page
    assert well.means.meter.name in page


def test_secrets_are_set_or_not_and_never_shown(browser, ada):
    page = browser.sign_in(ada).get("/admin/system")
    for name, value in SECRETS.items():
        assert f"<code>{name}</code>" in page
        assert value not in page
    assert "canary" not in page
    assert "smtp.example.org" in page


def test_nothing_that_is_called_a_secret_shows_its_value(app):
    for line in app.extensions["means"].installation.settings:
        telling = re.search(r"KEY|TOKEN|SECRET|PASSWORD|DATABASE", line.name)
        assert line.value is None or not telling, line.name


def test_a_setting_says_who_set_it(app):
    sources = {line.name: line.source for line in app.extensions["means"].installation.settings}
    assert sources["SMTP_HOST"] == "environment"
    assert sources["SMTP_PORT"] == "default"
    assert sources["SEALING_KEYS"] == "made"


def test_a_number_is_said_with_its_unit(browser, ada):
    page = browser.sign_in(ada).get("/admin/system")
    for said in (
        '604800 <span class="text-secondary">(7 days)',
        '30 <span class="text-secondary">(30 days)',
        '90 <span class="text-secondary">(90 seconds)',
        '120 <span class="text-secondary">(2 minutes)',
        "(1 minute, 5 minutes, 30 minutes, 2 hours, 5 hours, 10 hours, 12 hours)",
        "(no limit)",
    ):
        assert said in page
    assert in_words(line("DELIVERY_QUIET", "0.5")) == "0.5 seconds"
    assert in_words(line("DELIVERY_LEASE", "1")) == "1 second"
    assert in_words(line("CREDLY_RATE", "5")) == "5 calls a second over each connection"
    assert in_words(line("PORT", "5000")) is None


def line(name: str, value: str) -> SettingLine:
    return SettingLine(name, "environment", value, is_set=True)


def test_a_backup_of_a_week_ago_and_a_silent_engine_are_named(well, codes):
    assert codes(seconds=59) == []
    assert codes(seconds=61) == ["todo_no_engine"]
    assert codes(days=7) == ["todo_no_engine", "todo_backup_old"]


def test_where_celery_is_silent_redis_and_beat_are_named(app, well, now, browser, ada, monkeypatch):
    means = app.extensions["means"]
    means = replace(means, installation=replace(means.installation, jobs="celery"))
    (todo,) = system.look(means, now + timedelta(seconds=61)).todos
    said = str(words(todo.message))
    assert all(name in said for name in ("Redis", "REDIS_URL", "app beat", "app worker"))
    monkeypatch.setitem(app.extensions, "means", means)
    assert "in workers that Celery tells when to look" in browser.sign_in(ada).get("/admin/system")


def test_what_waits_for_a_person_leads_to_where_it_is_done(well, codes, browser, ada):
    well.complete()
    well.delivery_of(well.lena).state = DeliveryState.NEEDS_PERSON
    well.connection.state = ConnectionState.HELD
    well.connection.token_saved_at = well.now - timedelta(days=170)
    db.session.commit()
    assert codes() == ["todo_connection_held", "todo_token", "todo_needs_person"]
    page = browser.sign_in(ada).get("/admin/system")
    assert "/admin/deliveries?state=needs_person" in page
    assert page.count(f'href="/admin/connectors/credly/{well.connection.id}">Open') == 2
    assert codes(days=11) == [
        "todo_no_engine",
        "todo_connection_held",
        "todo_token_expired",
        "todo_needs_person",
        "todo_backup_old",
    ]


def test_a_queue_that_ages_is_named_while_engines_are_alive(well, codes):
    well.complete()
    well.delivery_of(well.lena).due = well.now - timedelta(minutes=20)
    db.session.commit()
    assert codes() == ["todo_queue_old"]


def test_a_key_that_others_can_read_is_named(well, codes):
    (well.means.installation.folder / "sealing.key").chmod(0o640)
    assert codes() == ["todo_key_open"]


class TestMistyped:
    """With a name in settings.env that is no setting."""

    @pytest.fixture
    def settings(self, tmp_path):
        (tmp_path / "settings.env").write_text("PUBLIC_ULR=https://learn.example.org\n")
        return WELL

    def test_the_name_is_said(self, well, codes, browser, ada):
        assert codes() == ["todo_setting_unknown"]
        assert "settings.env says PUBLIC_ULR," in browser.sign_in(ada).get("/admin/system")


class TestBare:
    """As it is without any setting, and reached by plain http."""

    @pytest.fixture
    def settings(self):
        return {"PUBLIC_URL": "http://localhost", "ALLOW_PLAIN_HTTP": "1", "HOST": "0.0.0.0"}

    def test_a_new_portal_says_all_that_is_missing(self, codes):
        missing = ["todo_no_engine", "todo_no_backup", "todo_plain_http", "todo_no_mail"]
        assert codes() == missing
