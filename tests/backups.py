"""Backing a portal up and restoring it elsewhere, as its commands do."""

from pathlib import Path

from click.testing import Result
from flask import Flask

from portal.cli.backup import backup, restore
from portal.extensions import db, set_reading

PASSPHRASE = "a lighthouse in the fog"


def run(app: Flask, command, *words: str, typed: str | None = None) -> Result:
    db.session.rollback()
    with app.app_context():
        set_reading(False)
        return app.test_cli_runner().invoke(command, list(words), input=typed)


def backed_up(app: Flask, tmp_path: Path, name: str = "backup.zip") -> str:
    file = tmp_path / name
    done = run(app, backup, str(file), "--with-keys", typed=f"{PASSPHRASE}\n")
    assert done.exit_code == 0, done.output
    return str(file)


def restored(app: Flask, file: str) -> Result:
    done = run(app, restore, file, "--with-keys", typed=f"{PASSPHRASE}\n")
    assert done.exit_code == 0, done.output
    db.session.remove()
    return done
