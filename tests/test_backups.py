"""A backup is whole; after a restore nothing is sent twice, and nobody is back."""

import json
import os
import sqlite3
import zipfile
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from portal.backups.archive import short
from portal.cli.backup import backup, restore
from portal.extensions import db, set_reading
from portal.factory import create_app
from portal.models import (
    Connection,
    ConnectionState,
    Course,
    Delivery,
    DeliveryState,
    Person,
    SignInSession,
)
from portal.schema import check_sealing_key
from portal.services.issuing import books, connections
from portal.services.issuing.deliver import deliver
from portal.services.issuing.dispatch import claim_due
from portal.services.learning import completions
from portal.services.people import sessions
from portal.services.privacy import erasure
from tests.backups import PASSPHRASE, backed_up, restored, run
from tests.databases import SERVER, fresh_database
from tests.factories import make_person


def resume_and_work(app: Flask, now) -> None:
    """What a person and the engine do after a restore."""
    means = app.extensions["means"]
    for connection in db.session.scalars(db.select(Connection)).all():
        connections.resume(connection=connection, means=means, now=now)
    while claims := claim_due(limit=10, rules=means.rules, now=now):
        for claim in claims:
            deliver(claim.delivery_id, claim.owner, means=means, clock=lambda: now)
    db.session.expire_all()


def drill(app: Flask, world, tmp_path: Path, elsewhere, **words: str) -> None:
    """Yesterday's backup is restored after further issuing; the books end clean."""
    first, second = make_person("Early Bird"), make_person("Late Comer")
    world.complete(first)
    world.work()
    world.complete(second)  # decided, and not sent when the backup is made
    file = backed_up(app, tmp_path)
    world.work()
    assert len(world.posts()) == 2
    world.complete(world.lena)  # after the backup, so the portal will not know
    world.work()
    lena_id, course_id = world.lena.id, world.course.id
    db.session.rollback()
    new = elsewhere("restored", **words)
    restored(new, file)
    states = set(db.session.scalars(db.select(Connection.state)))
    assert states == {ConnectionState.PAUSED}
    late = db.session.scalars(db.select(Delivery).order_by(Delivery.id.desc())).first()
    assert late.state is DeliveryState.HELD
    assert late.sent_at is not None
    db.session.remove()
    # From the key file in the backup, as a fresh start reads it.
    words |= {"CREDLY_EXTRA_HOSTS": world.credly.practice.host, "CREDLY_RATE": "0"}
    again = create_app(words, tmp_path / "restored")
    with again.app_context():
        set_reading(False)
        go_on(again, world, lena_id, course_id)
        db.session.remove()
        db.engine.dispose()
    again.extensions["means"].door.close()


def go_on(app: Flask, world, lena_id: int, course_id: int) -> None:
    """Resume what was restored, and let Lena complete what the portal forgot."""
    means, later = app.extensions["means"], world.now + timedelta(minutes=5)
    resume_and_work(app, later)
    assert len(world.posts()) == 3, "nothing was sent again"
    found = books.balance(means)
    assert {row.finding.value for row in found.rows} == {"unknown"}, "Lena's, issued since"
    lena, course = db.session.get(Person, lena_id), db.session.get(Course, course_id)
    completions.enrol(learner=lena, learning_object=course, now=world.now)
    completions.complete(learner=lena, course_id=course.id, now=world.now)
    resume_and_work(app, later)
    assert books.balance(means).rows == []
    assert len(world.live()) == 3


def test_the_drill(app, world, tmp_path, elsewhere):
    drill(app, world, tmp_path, elsewhere)


@pytest.mark.skipif(not SERVER, reason="needs PostgreSQL: TEST_DATABASE_URL")
def test_the_drill_into_postgresql(app, world, tmp_path, elsewhere):
    with fresh_database() as address:
        drill(app, world, tmp_path, elsewhere, DATABASE_URL=address)


def test_whoever_was_erased_since_is_erased_again(app, lena, ada, tmp_path, elsewhere, now):
    file, means = backed_up(app, tmp_path), app.extensions["means"]
    erasure.ask_for(actor=ada, person=lena, reason="asked", now=now)
    wish = {"typed": lena.email, "revoke": False, "means": means, "now": now}
    erasure.erase(actor=ada, person=lena, **wish)
    record = str(means.uploads.parent / erasure.RECORD)
    new = elsewhere("restored")
    words = [file, "--with-keys", "--erasures", record]
    done = run(new, restore, *words, typed=f"{PASSPHRASE}\n")
    assert "Erased again, since they were erased after the backup: 1." in done.output
    db.session.remove()
    assert db.session.get(Person, lena.id).email == f"erased-{lena.id}@invalid"


def test_nobody_is_signed_in_after_a_restore(app, lena, tmp_path, elsewhere, now):
    sessions.start(lena, "a browser", now)
    restored(elsewhere("restored"), backed_up(app, tmp_path))
    assert db.session.scalars(db.select(SignInSession)).all() == []


def test_pictures_and_documents_come_along(app, tmp_path, elsewhere):
    means = app.extensions["means"]
    key = means.pictures.save(b"\x89PNG not really")
    (means.files / "ab12").write_bytes(b"%PDF-")
    new = elsewhere("restored")
    restored(new, backed_up(app, tmp_path))
    means = new.extensions["means"]
    assert means.pictures.path(key).read_bytes() == b"\x89PNG not really"
    assert (means.files / "ab12").read_bytes() == b"%PDF-"


def test_without_the_passphrase_no_key_is_in_it(app, tmp_path):
    file = tmp_path / "plain.zip"
    assert run(app, backup, str(file)).exit_code == 0
    secret = (tmp_path / "sealing.key").read_bytes().strip()
    for name in (file, Path(backed_up(app, tmp_path, "sealed.zip"))):
        with zipfile.ZipFile(name) as folder:
            assert all(secret not in folder.read(one) for one in folder.namelist())
        assert os.stat(name).st_mode & 0o077 == 0


def test_a_wrong_passphrase_changes_nothing(app, tmp_path, elsewhere):
    file = backed_up(app, tmp_path)
    new = elsewhere("restored")
    done = run(new, restore, file, "--with-keys", typed="another lighthouse\n")
    assert done.exit_code == 2
    assert "does not open" in done.output
    assert not (tmp_path / "restored" / "portal.db").exists()


def test_other_keys_are_noticed_before_anything_is_in_place(app, tmp_path, elsewhere):
    file = tmp_path / "plain.zip"
    check_sealing_key(app.extensions["means"].sealer)  # as every start does
    run(app, backup, str(file))
    done = run(elsewhere("restored"), restore, str(file))
    assert done.exit_code == 2
    assert "sealing.key" in done.output
    key = (Path(app.instance_path) / "sealing.key").read_bytes()
    (tmp_path / "restored" / "sealing.key").write_bytes(key)
    assert run(elsewhere("restored"), restore, str(file)).exit_code == 0


def test_a_portal_with_people_is_never_overwritten(app, ada, tmp_path):
    file = backed_up(app, tmp_path)
    done = run(app, restore, file, "--with-keys", typed=f"{PASSPHRASE}\n")
    assert done.exit_code == 2
    assert "people here already" in done.output
    assert db.session.get(Person, ada.id) is not None


def test_a_file_that_is_there_is_never_overwritten(app, tmp_path):
    file = tmp_path / "precious.zip"
    file.write_text("precious")
    done = run(app, backup, str(file))
    assert done.exit_code == 2
    assert file.read_text() == "precious"
    for nowhere in (tmp_path / "nowhere", file):
        done = run(app, backup, str(nowhere / "backup.zip"))
        assert (done.exit_code, done.output[:31]) == (2, "The backup could not be written")
    assert not [one for one in tmp_path.iterdir() if one.name.startswith(".backup-")]


def test_a_full_disk_is_called_one(tmp_path):
    with closing(sqlite3.connect(tmp_path / "small.db")) as small:
        small.execute("PRAGMA max_page_count = 1")
        with pytest.raises(sqlite3.Error) as full:
            small.execute("CREATE TABLE more (word TEXT)")
    assert short(full.value) == "database or disk is full"


@pytest.mark.parametrize("damage", ["text", "cut", "database", "manifest"])
def test_a_damaged_backup_is_refused(app, tmp_path, elsewhere, damage):
    file = Path(backed_up(app, tmp_path))
    if damage == "text":
        file.write_text("no zip at all")
    elif damage == "cut":
        file.write_bytes(file.read_bytes()[:-200])
    else:
        with zipfile.ZipFile(file) as folder:
            held = {name: folder.read(name) for name in folder.namelist()}
        held["manifest.json"] = json.dumps({"format": 99}).encode()
        if damage == "database":
            held["manifest.json"] = json.dumps(
                {"format": 1, "made_at": "now", "databasesha256": "0" * 64}
            ).encode()
        with zipfile.ZipFile(file, "w") as folder:
            for name, content in held.items():
                folder.writestr(name, content)
    done = run(elsewhere("restored"), restore, str(file))
    assert done.exit_code == 2
    assert not (tmp_path / "restored" / "portal.db").exists()
