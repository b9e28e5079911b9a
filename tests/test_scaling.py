"""docs/scaling.md for real: two web hosts and three workers on one PostgreSQL; gunicorn's hooks."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.databases import NEEDS_POSTGRESQL, SERVER
from tests.demo.processes import Process, run, wait_until
from tests.faults.databases import Blank
from tests.faults.stage import Practice, Stage
from tests.faults.visitor import Visitor
from tests.ports import free_port

GUNICORN = ("-m", "gunicorn", "--config", "deploy/gunicorn.py")
LEARNERS = 50


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """A portal on PostgreSQL, with practice Credly beside it."""
    if not SERVER:
        pytest.skip(NEEDS_POSTGRESQL)
    (tmp_path / "practice").mkdir()
    (tmp_path / "blank").mkdir()
    practice, blank = Practice(tmp_path / "practice"), Blank(tmp_path / "blank")
    # With as many processes on a small machine nothing here is to be about who is slow.
    patient = {"DELIVERY_LEASE": "60", "DELIVERY_QUIET": "60", "CREDLY_DEADLINE": "20"}
    with Stage(tmp_path, practice, blank, **patient) as made:
        yield made
    blank.drop()
    practice.stop()


def new_host(stage: Stage, name: str) -> Path:
    """An instance folder of another host: the keys are the same, pictures and uploads shared."""
    folder = stage.instance.parent / name
    folder.mkdir(mode=0o700)
    for key in ("secret.key", "sealing.key"):
        shutil.copy(stage.instance / key, folder)
    for shared in ("images", "uploads", "files"):
        (folder / shared).symlink_to(stage.instance / shared)
    return folder


def gunicorn(instance: Path, **words: str) -> Process:
    """Start gunicorn and wait until it serves."""
    process = Process(instance, *GUNICORN, **words)
    wait_until(lambda: answers(f"http://127.0.0.1:{words['PORT']}/login"), process)
    return process


def answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=60, allow_redirects=False).status_code in {200, 302}
    except requests.ConnectionError:
        return False


def test_two_hosts_and_three_workers_issue_every_badge_once(stage):
    place = stage.place()
    ports = [str(free_port()), str(free_port())]
    words = {**stage.settings, "PUBLIC_URL": stage.url}
    with (
        gunicorn(new_host(stage, "web-1"), **{**words, "PORT": ports[0], "WEB_CONCURRENCY": "2"}),
        gunicorn(new_host(stage, "web-2"), **{**words, "PORT": ports[1], "WEB_CONCURRENCY": "2"}),
    ):
        stage.workers(3)
        for number in range(LEARNERS):
            visitor = Visitor(place)
            visitor.http.headers["Host"] = f"127.0.0.1:{stage.port}"
            # The page from one host, the answer to the other: what people see behind a balancer.
            visitor.url = visitor.url.replace(str(stage.port), ports[number % 2])
            visitor.look()
            visitor.url = visitor.url.replace(ports[number % 2], ports[(number + 1) % 2])
            assert visitor.complete() == 302
        balance = place.drained()
    assert (balance.is_clean, balance.posts) == (True, LEARNERS), balance
    assert place.own_books() == {}


def test_several_processes_with_embedded_work_are_refused(tmp_path):
    words = {"WEB_CONCURRENCY": "2", "PORT": str(free_port())}
    ended = run(tmp_path / "instance", *GUNICORN, **words)
    assert ended.returncode == 2
    assert "JOBS=worker" in ended.stderr.splitlines()[-1]


def test_a_missing_driver_of_postgresql_is_named(tmp_path):
    without = "import sys; sys.modules['psycopg'] = None; import app; sys.exit(app.main([]))"
    ended = run(tmp_path / "instance", "-c", without, DATABASE_URL="postgresql://db/rosette")
    assert (ended.returncode, "requirements-scale.txt" in ended.stderr) == (2, True)


def test_one_process_of_gunicorn_does_the_embedded_work_and_ends_cleanly(tmp_path):
    port = str(free_port())
    with gunicorn(tmp_path / "instance", PORT=port) as process:
        process.wait_for("One-time code:")
        url = f"http://127.0.0.1:{port}/health"
        wait_until(lambda: requests.get(url, timeout=60).text == "ok\n", process)
        assert process.end() == 0


def test_hosts_that_start_at_once_on_an_empty_database_all_serve(stage, tmp_path):
    with stage.blank.nothing_yet(tmp_path / "nothing") as database:
        hosts = [new_host(stage, f"host-{number}") for number in range(4)]
        words = [{**stage.settings, **database, "PORT": str(free_port())} for _host in hosts]
        started = [
            Process(host, "app.py", **{**one, "PUBLIC_URL": f"http://127.0.0.1:{one['PORT']}"})
            for host, one in zip(hosts, words, strict=True)
        ]
        for process, one in zip(started, words, strict=True):
            with process:
                wait_until(
                    lambda one=one: answers(f"http://127.0.0.1:{one['PORT']}/setup"), process
                )
                assert process.end() == 0
