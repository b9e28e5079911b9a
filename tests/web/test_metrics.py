"""Figures for whoever watches the portal, and for nobody else."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import event

from portal.config.reader import BadSetting
from portal.config.settings import load_settings
from portal.extensions import db
from portal.jobs import sweeping
from portal.meters import Family, Meter, written
from portal.models import EngineSign
from portal.services import liveness

TOKEN = "a-token-of-the-watcher"
LINE = re.compile(r'rosette_[a-z_]+(\{([a-z]+="[^"]*",?)+\})? [0-9.e+-]+')


@pytest.fixture
def settings():
    return {"METRICS_TOKEN": TOKEN}


@pytest.fixture
def figures(browser):
    """What /metrics says: line → value."""

    def ask():
        headers = {"Authorization": f"Bearer {TOKEN}"}
        answer = browser.client.get("/metrics", headers=headers)
        assert answer.status_code == 200
        lines = answer.get_data(as_text=True).splitlines()
        lines = [line for line in lines if not line.startswith("#")]
        assert all(LINE.fullmatch(line) for line in lines)
        return {line.rsplit(" ", 1)[0]: float(line.rsplit(" ", 1)[1]) for line in lines}

    return ask


def test_nobody_reads_figures_without_the_token(browser, ada):
    browser.sign_in(ada)
    for given in ("", "Bearer", "Bearer ", f"Bearer {TOKEN}x", TOKEN, "Bearer \xe5"):
        answer = browser.client.get("/metrics", headers={"Authorization": given})
        assert answer.status_code == 403, given
        assert b"rosette_" not in answer.get_data()


class TestWithoutToken:
    """Where no token is set."""

    @pytest.fixture
    def settings(self):
        return {}

    def test_there_are_no_figures(self, browser):
        for given in ("", "Bearer", "Bearer "):
            headers = {"Authorization": given}
            assert browser.client.get("/metrics", headers=headers).status_code == 404
        assert browser.get("/health", expect=503) == "red\n"


def test_figures_say_what_the_portal_is_doing(world, browser, ada, figures):
    world.completed_by(2)
    liveness.leave_sign(world.means.meter, world.now)
    browser.get("/login")
    before = figures()
    assert before['rosette_deliveries{state="waiting"}'] == 2
    assert before['rosette_deliveries{state="done"}'] == 0
    assert before['rosette_connections{state="working"}'] == 1
    assert 170 < before[f'rosette_token_days_left{{connection="{world.connection.id}"}}'] <= 180
    name = 'rosette_requests_total{endpoint="auth.sign_in.index",method="GET",status="200"}'
    assert before[name] == 1
    assert before['rosette_request_seconds_count{area="auth"}'] == 1
    assert before['rosette_request_seconds_bucket{area="auth",le="+Inf"}'] == 1
    world.work()
    assert figures()['rosette_deliveries{state="done"}'] == 2


def test_an_engine_shows_its_tries_and_is_forgotten_when_it_is_gone(world, figures, now):
    meter = Meter()
    meter.tried("done")
    meter.tried("done")
    liveness.leave_sign(meter, now)
    assert figures()[f'rosette_tries_total{{engine="{meter.name}",outcome="done"}}'] == 2
    meter.tried("unsure")
    liveness.leave_sign(meter, now + timedelta(seconds=10))
    assert db.session.query(EngineSign).one().tries == {"done": 2, "unsure": 1}
    liveness.forget_silent(now + timedelta(hours=2))
    assert db.session.query(EngineSign).count() == 0


def test_a_look_at_the_figures_is_a_fixed_number_of_statements(world, figures):
    def statements():
        seen = []
        hook = ("before_cursor_execute", lambda *given: seen.append(given[2]))
        event.listen(db.engine, *hook)
        figures()
        event.remove(db.engine, *hook)
        return [one for one in seen if one.startswith("SELECT")]

    few = len(statements())
    world.completed_by(5)
    assert len(statements()) == few <= 8


def test_with_the_token_the_light_says_what_is_red(world, browser):
    headers = {"Authorization": f"Bearer {TOKEN}"}
    answer = browser.client.get("/health", headers=headers)
    assert answer.status_code == 503
    parts = ["red", "engines red", "queue ok", "connections ok", "jobs embedded"]
    assert answer.get_data(as_text=True).splitlines() == parts


def test_a_label_may_hold_anything():
    family = Family("x", "gauge", "A thing.", (("", {"name": 'a"b\\c\nd'}, 1),))
    assert written([family]).splitlines()[-1] == 'x{name="a\\"b\\\\c\\nd"} 1'


def test_a_token_that_is_easy_to_guess_is_refused(tmp_path):
    for token in ("short", "with a space in it, it is", "x" * 201):
        with pytest.raises(BadSetting, match="METRICS_TOKEN"):
            load_settings({"METRICS_TOKEN": token}, tmp_path)


def test_the_engine_leaves_its_sign(app, now):
    sweeping._last.pop("beat", None)
    sweeping.beat(app.extensions["means"], now)
    assert liveness.is_anybody_working(now)
