"""A start loads what a first page needs, and no library that only few requests need."""

import json
from pathlib import Path

from tests.demo.processes import run

# Each takes long to load or much memory; portal/later.py says how they are named instead.
NOT_AT_FIRST = {
    *("PIL", "alembic", "authlib", "email_validator", "flask_migrate", "fpdf", "joserfc"),
    *("markdown_it", "nh3", "pyotp", "requests", "segno", "smtplib", "urllib3", "zxcvbn"),
    *("celery", "kombu", "redis", "portal.jobs.celery"),
    *("portal.cli", "portal.backups", "portal.moving"),
    *("portal.demo", "portal.migrating", "portal.practice"),
    *("portal.services.importing.file_kind", "sqlalchemy.dialects.postgresql"),
}
FIRST_PAGE = """
import json, os, sys
import app
from babel.dates import LOCALTZ
from portal.models import Person
from portal.serving import prepare
built = app.create_app(os.environ, app.instance_folder())
prepare(built)
assert built.test_client().get("/login", follow_redirects=True).status_code == 200
print(json.dumps([sorted(sys.modules), Person.__mapper__.configured, str(LOCALTZ)]))
"""


def first_page(instance: Path) -> tuple[set[str], bool, str]:
    """What is loaded after a first page, and whether SQLAlchemy knows how all tables hang together.

    Of modules also the packages they are in. And the zone that Babel found for this machine.
    """
    ended = run(instance, "-c", FIRST_PAGE)
    assert ended.returncode == 0, ended.stderr
    names, mapped, zone = json.loads(ended.stdout)
    return {*names, *(name.partition(".")[0] for name in names)}, mapped, zone


def test_a_start_with_a_database_does_nothing_that_its_first_page_does_without(tmp_path):
    first_page(tmp_path)  # Alembic makes the schema
    loaded, mapped, zone = first_page(tmp_path)
    assert NOT_AT_FIRST & loaded == set()
    assert not mapped, "something at the top of a module asks for mapped classes: joinedload, …"
    assert zone == "UTC", "Babel looked for the zone of this machine, among 600 files"


def test_a_template_is_compiled_once_and_for_all(tmp_path):
    def kept() -> dict[str, int]:
        return {path.name: path.stat().st_mtime_ns for path in (tmp_path / "compiled").iterdir()}

    first_page(tmp_path)
    first = kept()
    first_page(tmp_path)
    assert first
    assert kept() == first


def test_a_page_opens_where_the_disk_takes_no_compiled_template(tmp_path):
    first_page(tmp_path)
    for path in (tmp_path / "compiled").iterdir():
        path.unlink()
    nothing_fits = "import resource, signal\nsignal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
    page = FIRST_PAGE.replace(
        'assert built.test_client().get("/login"',
        "resource.setrlimit(resource.RLIMIT_FSIZE, (0, -1))\n"
        'assert built.test_client().get("/login"',
    ).replace("print(", "resource.setrlimit(resource.RLIMIT_FSIZE, (-1, -1))\nprint(")
    ended = run(tmp_path, "-c", nothing_fits + page)
    assert ended.returncode == 0, ended.stderr
    assert not list((tmp_path / "compiled").iterdir())
