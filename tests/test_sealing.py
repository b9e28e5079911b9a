"""Secrets at rest: what was touched does not open, and a key can be changed for good."""

import base64
import sqlite3

import pytest

from portal.extensions import db
from portal.factory import create_app
from portal.sealing import CannotOpen, Sealer, new_key
from portal.services.people import second_factor
from portal.services.resealing import COLUMNS
from portal.serving import prepare
from tests.demo.processes import flask
from tests.factories import make_connection, make_person, with_password

TOKEN = "a-token-of-thirty-six-signs-12345678"


def test_a_secret_opens_for_its_owner_alone():
    sealer = Sealer([new_key()])
    sealed = sealer.seal(TOKEN, "connection:1")
    assert sealer.open(sealed, "connection:1") == TOKEN
    for other in ("connection:2", "connection:11", "second_factor:1", ""):
        with pytest.raises(CannotOpen):
            sealer.open(sealed, other)


def test_whatever_byte_is_changed_it_does_not_open():
    sealer = Sealer([new_key()])
    raw = bytearray(base64.urlsafe_b64decode(sealer.seal(TOKEN, "connection:1")))
    for place in range(len(raw)):
        raw[place] ^= 1
        with pytest.raises(CannotOpen):
            sealer.open(base64.urlsafe_b64encode(raw).decode(), "connection:1")
        raw[place] ^= 1
    for odd in ("", "x", "none", sealer.seal(TOKEN, "connection:1")[:-4]):
        with pytest.raises(CannotOpen):
            sealer.open(odd, "connection:1")


def test_the_same_secret_is_never_sealed_to_the_same_text():
    sealer = Sealer([new_key()])
    assert sealer.seal(TOKEN, "x") != sealer.seal(TOKEN, "x")


def test_a_key_is_changed_and_the_old_one_goes(tmp_path, now):
    old, new = new_key(), new_key()
    app = create_app({"SEALING_KEYS": old}, tmp_path)
    with app.app_context():
        prepare(app)
        means = app.extensions["means"]
        connection = make_connection(means)
        lena = with_password(make_person("Lena Learner"))
        second_factor.begin(
            person=lena, password="a quiet harbour at dawn", remote="", means=means, now=now
        )
        connection_id, lena_id = connection.id, lena.id
        means.door.close()
        db.session.remove()
        db.engine.dispose()
    resealed = flask(tmp_path, "reseal", SEALING_KEYS=f"{new} {old}")
    assert resealed.returncode == 0, resealed.stderr
    assert "3 secrets" in resealed.stdout
    only_new = Sealer([new])
    with sqlite3.connect(tmp_path / "portal.db") as database:
        ((token,),) = database.execute("SELECT sealed_token FROM connection").fetchall()
        ((secret,),) = database.execute("SELECT sealed_secret FROM second_factor").fetchall()
    database.close()
    assert only_new.open(token, f"connection:{connection_id}") == TOKEN
    assert only_new.open(secret, f"second_factor:{lena_id}")
    assert flask(tmp_path, "reseal", SEALING_KEYS=new).returncode == 0, "the old key is not needed"
    assert flask(tmp_path, "reseal", SEALING_KEYS=new_key()).returncode == 2


def test_every_sealed_column_is_sealed_anew(app):
    """A new column with something sealed must be in the list, or its old key can never go."""
    from_db = app.extensions["sqlalchemy"].metadata.tables.values()
    sealed = {column for table in from_db for column in table.c if column.name.startswith("sealed")}
    assert sealed <= {table.c[name] for table, name in COLUMNS}
