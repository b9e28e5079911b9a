"""What the pages on security promise in words, held against the code and a portal that runs."""

import ast
import re
from datetime import timedelta
from pathlib import Path

import pyotp

from portal.extensions import db
from portal.services.people import brake, sign_in
from portal.services.people.addresses import CODE_DIGITS
from portal.services.people.passwords import hash_password
from tests.factories import PASSWORD, with_password
from tests.test_safe_code import OURS

ROOT = Path(__file__).resolve().parents[1]
SECURITY = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
INVENTORY = (ROOT / "docs" / "security" / "rules.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
KEPT = README[README.index("| in `instance/` |") :].split("\n\n")[0]
BIG_ENOUGH = {"sha256", "file_digest"}  # the second is told which, and is told sha256


def test_the_brake_is_as_the_document_says():
    assert (
        "After five (by address or account alone: twenty) each further failure doubles" in SECURITY
    )
    assert brake.FREE == {"pair": 5, "address": 20, "account": 20}
    assert "up to 15 minutes" in SECURITY
    assert brake.LONGEST == 15 * 60
    assert "after a day without one it is forgotten" in SECURITY
    assert timedelta(days=1) == brake.FORGET_AFTER


def test_nothing_asks_for_a_hint_or_a_secret_question():
    names = {
        f"{table}.{column.name}" for table, row in db.metadata.tables.items() for column in row.c
    }
    assert len(names) > 200
    assert not [name for name in names if re.search("hint|question|maiden|pet_name", name)]


def test_a_password_does_not_grow_too_old(app, lena, now):
    with_password(lena)
    later = now + timedelta(days=3650)
    who = sign_in.sign_in(email=lena.email, password=PASSWORD, address="192.0.2.7", now=later)
    assert who.id == lena.id


def test_codes_that_are_typed_are_hard_to_guess():
    """Recovery codes are longer; those of an app last for half a minute and are braked."""
    assert f"{'eight' if CODE_DIGITS == 8 else CODE_DIGITS} digits" in SECURITY
    assert 10**CODE_DIGITS >= 2**20


def test_the_inventory_tells_the_figures_of_the_code():
    assert "| passwords | Argon2id, 19 MiB, two passes |" in INVENTORY
    assert hash_password(PASSWORD).startswith(f"$argon2id$v=19$m={19 * 1024},t=2,p=1$")
    assert "TOTP, 160 random bits" in INVENTORY
    assert len(pyotp.random_base32()) * 5 == 160


def test_every_digest_of_ours_has_256_bits():
    for path in OURS:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and getattr(node.value, "id", "") == "hashlib":
                assert node.attr in BIG_ENOUGH, path
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "file_digest":
                assert node.args[1].value == "sha256", path


def test_log_lines_go_to_one_place_and_no_file_of_ours(browser, ada, app):
    """What a portal leaves in its folder is what the README lists, and no log is among it."""
    with_password(ada)
    browser.get("/login")
    browser.submit("/login", expect=200, email=ada.email, password="not the one at all")
    browser.sign_in(ada).get("/admin/system")
    left = {one.name for one in Path(app.instance_path).iterdir()}
    left = {re.sub(r"^portal\.db-(wal|shm)$", "portal.db", name) for name in left}
    listed = set(re.findall(r"`([\w.-]+)/?`", KEPT))
    assert left <= listed
    for path in [*OURS, ROOT / "app.py", ROOT / "deploy" / "gunicorn.py"]:
        assert "FileHandler" not in path.read_text(encoding="utf-8"), path
