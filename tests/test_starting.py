"""Starting and stopping, as real processes: from nothing, again, and when it cannot be."""

import signal
import socket
import sqlite3
import stat
from pathlib import Path

import pytest
import requests

from portal.factory import create_app
from portal.sealing import new_key
from portal.serving import prepare
from tests.demo.processes import Process, flask, run, serve
from tests.ports import free_port

ADD_ADA = ("people", "add", "ada@example.org", "--first", "Ada", "--last", "Admin", "--role")


def refusal(instance: Path, **words: str) -> str:
    """Start the portal, which must say one plain sentence and end with 2; return the sentence."""
    ended = run(instance, "app.py", **{"PORT": str(free_port()), **words})
    assert ended.returncode == 2, ended.stderr
    assert len(ended.stderr.strip().splitlines()) == 1, ended.stderr
    assert not ended.stdout
    return ended.stderr


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def open_to_others(folder: Path) -> list[str]:
    """What lies in the folder and somebody else on this machine could read, were it not for it."""
    assert (folder / "portal.db").exists()
    return [str(one.relative_to(folder)) for one in folder.rglob("*") if mode_of(one) & 0o077]


@pytest.fixture
def instance(tmp_path: Path) -> Path:
    """A folder that is not there yet."""
    return tmp_path / "instance"


@pytest.fixture
def used(instance: Path) -> Path:
    """A folder in which a portal has run."""
    app = create_app({}, instance)
    with app.app_context():
        prepare(app)
    app.extensions["means"].door.close()
    return instance


def test_an_empty_folder_becomes_a_portal_and_starts_again(instance):
    for _time in range(2):
        port = str(free_port())
        with serve(instance, PORT=port) as portal:
            code = portal.wait_for("One-time code:")
            page = requests.get(f"http://127.0.0.1:{port}/setup", timeout=120)
            assert page.status_code == 200
            assert portal.end() == 0
    assert len(code) > 30
    assert mode_of(instance) == 0o700
    assert open_to_others(instance) == []


def test_ctrl_c_ends_the_portal_without_a_word(instance):
    with serve(instance) as portal:
        assert portal.end(signal.SIGINT) == 0
        assert portal.err == []


def test_the_first_admin_may_be_added_before_the_first_start(instance):
    added = flask(instance, *ADD_ADA, "admin")
    assert added.returncode == 0, added.stderr
    assert "http://127.0.0.1:5000/invitation/" in added.stdout
    with serve(instance) as portal:
        assert portal.end() == 0
        assert not any("code" in line for line in portal.out)


def test_what_is_made_in_a_folder_that_others_may_open_is_not_theirs_to_read(instance):
    instance.mkdir()
    instance.chmod(0o755)
    assert flask(instance, *ADD_ADA, "admin").returncode == 0
    assert mode_of(instance) == 0o755
    assert open_to_others(instance) == []


def test_a_name_that_is_no_setting_is_said_at_the_start(instance):
    instance.mkdir()
    (instance / "settings.env").write_text("PUBLIC_ULR=https://learn.example.org\n")
    with serve(instance) as portal:
        assert portal.end() == 0
        said = ["settings.env says PUBLIC_ULR: no setting there has such a name."]
        assert portal.err == said


def test_people_may_be_added_while_the_portal_serves(instance):
    with serve(instance):
        assert flask(instance, *ADD_ADA, "admin").returncode == 0


def test_the_routes_can_be_listed_before_the_first_start(instance):
    listed = flask(instance, "routes")
    assert listed.returncode == 0
    assert "admin.dashboard.index" in listed.stdout


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_worker_ends_when_it_is_told_to(instance, number):
    with Process(instance, "-m", "flask", "--app", "app", "worker") as worker:
        worker.wait_for("running")
        assert worker.end(number) == 0
        assert worker.err == []


def test_a_taken_port_is_named(instance):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        ended = run(instance, "app.py", PORT=port)
    assert (ended.returncode, ended.stdout) == (2, "")
    waits, refused = ended.stderr.strip().splitlines()
    assert waits == f"PORT {port} on HOST 127.0.0.1 is in use; waiting for it a few seconds."
    assert refused.startswith(f"PORT {port} on HOST 127.0.0.1 cannot be used")


def test_an_instance_folder_that_cannot_be_is_named(tmp_path):
    file = tmp_path / "file"
    file.write_text("I am a file.")
    for instance in (file, file / "below"):
        assert f"instance folder {instance}" in refusal(instance)


def test_a_database_newer_than_the_code_is_refused(used):
    database = sqlite3.connect(used / "portal.db")
    with database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    database.close()
    assert "9999, which is newer than this code" in refusal(used)
    added = flask(used, *ADD_ADA, "admin")
    assert added.returncode == 2
    assert "9999, which is newer" in added.stderr


def test_a_database_older_than_the_code_is_refused_by_commands(used):
    database = sqlite3.connect(used / "portal.db")
    with database:
        database.execute("UPDATE alembic_version SET version_num = '0001'")
    database.close()
    added = flask(used, *ADD_ADA, "admin")
    assert added.returncode == 2
    assert "at schema 0001, older than this code" in added.stderr


@pytest.mark.parametrize("key", ["secret.key", "sealing.key"])
def test_a_lost_key_is_named_and_not_made_anew(used, key):
    (used / key).unlink()
    assert f"its file {key} is gone" in refusal(used)
    assert not (used / key).exists()


def test_a_key_of_another_portal_is_refused(used):
    (used / "sealing.key").write_text(new_key())
    assert "SEALING_KEYS is not the key this database was made with" in refusal(used)


def test_a_file_that_is_no_database_is_refused(used):
    for name in ("portal.db-wal", "portal.db-shm"):
        (used / name).unlink(missing_ok=True)
    (used / "portal.db").write_text("I am a poem, not a database. " * 200)
    assert "The database cannot be opened" in refusal(used)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "abc"),
        ("JOBS", "x"),
        ("TIME_ZONE", "Mars"),
        ("BRAND_COLOUR", "blue"),
        ("PORTAL_LOGO", "/nowhere/logo.png"),
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", "changeme-changeme-changeme-changeme"),
        ("PUBLIC_URL", "http://example.org"),
        ("DATABASE_URL", "oracle://example"),
    ],
)
def test_a_bad_setting_is_named(instance, name, value):
    assert refusal(instance, **{name: value}).startswith(name)


def test_a_bad_setting_is_named_by_commands_too(instance):
    listed = flask(instance, "routes", JOBS="x")
    assert (listed.returncode, listed.stderr.split()[0]) == (2, "JOBS")
