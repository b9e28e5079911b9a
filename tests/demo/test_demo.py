"""The demo as a process: its data, who signs in, and what becomes of it when it is killed."""

import re
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from portal.demo.learning import ROWS
from portal.demo.people import EVERYBODY, PASSWORD
from portal.demo.stories import STORIES
from portal.models import Decision, EnrolmentState, Kind
from tests.demo.processes import Process, ask, run, wait_until
from tests.ports import free_port

# What would lead the demo elsewhere, were it obeyed.
ASTRAY = {
    "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing",
    "SECRET_KEY_FILE": "/nowhere",
    "HOST": "0.0.0.0",
    "PUBLIC_URL": "https://portal.example.org",
    "SMTP_HOST": "mail.example.org",
    "JOBS": "worker",
}


class Demo:
    """A demo in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.database = folder / "demo" / "portal.db"

    def start(self) -> Process:
        return Process(self.folder, "app.py", "--demo", PORT=str(self.port), **ASTRAY)

    def ask(self, query: str) -> list[tuple]:
        return ask(self.database, query)

    def states(self, query: str) -> set:
        return {row[0] for row in self.ask(query)}

    def sign_in(self, email: str) -> requests.Response:
        """Sign in as a browser does; return the page one comes to."""
        with requests.Session() as browser:
            browser.trust_env = False
            page = browser.get(f"{self.url}/login", timeout=60).text
            field = next(tag for tag in re.findall("<input[^>]*>", page) if "csrf_token" in tag)
            token = re.search('value="([^"]+)"', field)[1]
            form = {"csrf_token": token, "email": email, "password": PASSWORD}
            return browser.post(f"{self.url}/login", data=form, timeout=60)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A demo that was killed while it made its data, and has been started again."""
    made = Demo(tmp_path_factory.mktemp("demo"))
    with made.start() as killed:
        killed.wait_for("Making the demo data")
        wait_until(lambda: made.ask("SELECT id FROM delivery LIMIT 1 OFFSET 9"), killed)
        killed.end(signal.SIGKILL)
    with made.start() as process:
        process.wait_for("Stop with Ctrl-C")
        made.process = process
        yield made


def test_the_data_is_complete_although_making_it_was_interrupted(demo):
    assert demo.ask("SELECT count(*) FROM person") == [(len(EVERYBODY),)]
    twice = "SELECT count(*) FROM enrolment WHERE attempt > 1"
    assert demo.ask(twice) == [(sum(row.endswith((" renew", " again")) for row in ROWS),)]
    assert demo.ask("SELECT count(*) > ? FROM enrolment".replace("?", str(len(STORIES)))) == [(1,)]
    handed_in = sum(row.endswith(" hand_in") for row in ROWS)
    assert demo.ask("SELECT count(*) FROM evidence") == [(handed_in,)]
    assert demo.ask("SELECT 1 FROM setting WHERE name = 'demo_seeded'") == [(1,)]


def test_no_badge_was_issued_twice(demo):
    issued = demo.ask("SELECT count(*) FROM issued_badge WHERE credly_id IS NOT NULL")
    assert ask(demo.folder / "demo" / "practice.db", "SELECT count(*) FROM badges") == issued


def test_every_state_can_be_seen(demo):
    badges = demo.states("SELECT state FROM issued_badge")
    assert badges == {None, "pending", "accepted", "rejected", "revoked"}
    assert {"waiting", "held", "needs_person", "done"} <= demo.states("SELECT state FROM delivery")
    held = demo.states("SELECT held_because FROM delivery WHERE state = 'held'")
    assert held == {"connection_paused", "no_connection", "template_not_active"}
    assert demo.states("SELECT state FROM learning_object") == {"draft", "published", "retired"}
    assert demo.states("SELECT state FROM enrolment") == set(EnrolmentState)
    assert demo.states("SELECT decision FROM evidence") == set(Decision)
    assert demo.states("SELECT success FROM enrolment") == {None, 0, 1}
    assert demo.states("SELECT kind FROM learning_object") == set(Kind)
    assert demo.ask("SELECT 1 FROM enrolment WHERE undone_at IS NOT NULL")
    assert "replace" in demo.states("SELECT kind FROM delivery")
    assert demo.ask("SELECT 1 FROM enrolment WHERE requirements IS NOT NULL")
    assert demo.states("SELECT state FROM earlier_run") == {"done"}
    assert demo.states("SELECT outcome FROM earlier_row") == {"awarded", "blocked"}


def test_every_template_has_its_picture(demo):
    wait_until(lambda: demo.states("SELECT state FROM image") == {"stored"})
    assert not demo.ask("SELECT id FROM template WHERE image_id IS NULL")


def test_the_learner_has_something_at_every_stage(demo):
    lena = "(SELECT id FROM person WHERE email = 'learner@demo.example')"
    badges = demo.states(f"SELECT state FROM issued_badge WHERE learner_id = {lena}")
    assert badges == {"accepted", "pending"}
    begun = f"SELECT id FROM enrolment WHERE learner_id = {lena} AND completed_at IS NULL"
    assert len(demo.ask(begun)) == 3


def test_every_sign_in_that_is_printed_works(demo):
    printed = re.findall(r"\S+@demo\.example", "\n".join(demo.process.out))
    words = ("admin", "integration", "author", "learner", "learner2")
    assert printed == [f"{word}@demo.example" for word in words]
    for email in printed:
        page = demo.sign_in(email)
        assert page.ok
        assert page.url != f"{demo.url}/login"


def test_words_that_lead_elsewhere_are_not_obeyed(demo):
    assert demo.url in "\n".join(demo.process.out)
    with socket.socket() as outside:
        outside.settimeout(60)
        assert outside.connect_ex(("127.0.0.2", demo.port))


def test_a_second_demo_in_the_same_folder_is_refused(demo):
    refused = run(demo.folder, "app.py", "--demo", PORT=str(free_port()))
    assert refused.returncode == 2
    assert refused.stderr.startswith("Another demo is running in")


def test_a_bad_setting_is_named_before_anything_is_made(tmp_path):
    refused = run(tmp_path, "app.py", "--demo", PORT="abc")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr.startswith("PORT is 'abc'")


def test_a_killed_demo_starts_again_beside_another_program(demo):
    """Practice Credly ends with its parent, and moves when its port is taken meanwhile."""
    before = demo.ask("SELECT accept_url FROM issued_badge WHERE state = 'pending' ORDER BY id")
    old, people = f"127.0.0.1:{demo.port + 1}", demo.ask("SELECT id, earner_id FROM person")
    demo.process.end(signal.SIGKILL)
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        wait_until(lambda: other.connect_ex(("127.0.0.1", demo.port + 1)))
    with socket.socket() as other, demo.start() as again:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", demo.port + 1))
        other.listen()
        new = again.wait_for("Practice Credly is at").rpartition("http://")[2]
        after = demo.ask("SELECT accept_url FROM issued_badge WHERE state = 'pending' ORDER BY id")
        assert demo.ask("SELECT id, earner_id FROM person") == people
        assert [url.replace(old, new) for (url,) in before] == [url for (url,) in after]
        assert demo.ask("SELECT DISTINCT hostname FROM connection") == [(new,)]
        assert not demo.ask(f"SELECT id FROM image WHERE source LIKE '%{old}/%'")
        assert requests.get(after[0][0], timeout=60).ok
        assert again.end() == 0
        assert new != old
        assert again.err == []
