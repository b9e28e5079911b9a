"""Backing the portal up while it runs, and restoring it."""

import sys
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from portal.backups.archive import ERASURES, BackupTrouble
from portal.backups.making import make
from portal.backups.restoring import erasures_of, finish
from portal.backups.restoring import restore as bring_back
from portal.cli.saying import by_command, fail, ready_database
from portal.clock import utc_now
from portal.extensions import db
from portal.schema import KEY_CHECK, SchemaTrouble, check_sealing_key
from portal.sealing import CannotOpen, Sealer
from portal.services import audit
from portal.services.issuing.restoring import settle
from portal.services.people.api_tokens import revoke_everybodys
from portal.services.people.sessions import end_everybodys
from portal.services.privacy.erasure import erase_again
from portal.services.running import backups

SHORTEST = 12


def _passphrase(wanted: bool, *, twice: bool) -> str | None:
    if not wanted:
        return None
    if not sys.stdin.isatty():
        typed = sys.stdin.readline().rstrip("\n")
    else:
        typed = click.prompt("Passphrase", hide_input=True, confirmation_prompt=twice)
    if len(typed) < SHORTEST:
        fail(f"The passphrase needs at least {SHORTEST} characters.")
    return typed


@click.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--with-keys", is_flag=True, help="Keys too, sealed with a passphrase you type.")
@with_appcontext
def backup(file: Path, with_keys: bool) -> None:
    """Write the whole portal to one FILE, while it runs."""
    ready_database()
    passphrase = _passphrase(with_keys, twice=True)
    instance = Path(current_app.instance_path)
    try:
        made = make(file.absolute(), instance, passphrase=passphrase, now=utc_now())
    except BackupTrouble as trouble:
        fail(str(trouble))
    backups.note(size=made.size, with_keys=made.keys, now=utc_now())
    audit.note("export.backup", keys=made.keys)
    db.session.commit()
    click.echo(f"{file}: {made.files} files, {made.size / 2**20:.1f} MiB.")
    if not made.keys:
        click.echo("The keys are not in it: keep sealing.key and secret.key elsewhere, guarded.")


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--with-keys", is_flag=True, help="Take the keys out, with the passphrase.")
@click.option(
    "--erasures",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=f"The newest {ERASURES}, if it is not in the instance folder.",
)
@with_appcontext
def restore(file: Path, with_keys: bool, erasures: Path | None) -> None:
    """Restore a backup FILE into an empty instance. Nothing is sent until you resume."""
    passphrase = _passphrase(with_keys, twice=False)
    instance = Path(current_app.instance_path)
    try:
        brought = bring_back(file, instance, passphrase=passphrase, opens=_opens)
        check_sealing_key(Sealer(_ring(instance)) if brought.keys else _means().sealer)
    except (BackupTrouble, SchemaTrouble) as trouble:
        fail(str(trouble))
    by_command()
    connections, deliveries = settle(utc_now())
    audit.note("portal.restore", connections=connections, deliveries=deliveries)
    end_everybodys()
    revoke_everybodys(utc_now())
    again = erase_again(_record(file, instance, erasures), _means(), utc_now())
    finish()
    click.echo(f"Restored what was backed up at {brought.made_at}.")
    click.echo(f"Connections that are paused: {connections}; open deliveries held: {deliveries}.")
    if again:
        click.echo(f"Erased again, since they were erased after the backup: {again}.")
    click.echo("Start the portal, look around, then resume the connections and balance the books.")


def _means():
    return current_app.extensions["means"]


def _opens(sealed: str, ring: str) -> bool:
    """Say whether the keys of a backup, or ours where it has none, open what proves its key."""
    try:
        (Sealer(_keys(ring)) if ring else _means().sealer).open(sealed, KEY_CHECK)
    except CannotOpen:
        return False
    return True


def _keys(ring: str) -> list[str]:
    return ring.replace(",", " ").split()


def _ring(instance: Path) -> list[str]:
    return _keys((instance / "sealing.key").read_text(encoding="ascii"))


def _record(file: Path, instance: Path, given: Path | None) -> str:
    """Every erasure that is known: of the backup, of this folder, of the file that was named."""
    known = [path.read_text() for path in (instance / ERASURES, given) if path and path.is_file()]
    lines = dict.fromkeys("\n".join([erasures_of(file), *known]).splitlines())
    text = "".join(f"{line}\n" for line in lines if line.strip())
    if text:
        (instance / ERASURES).write_text(text)
        (instance / ERASURES).chmod(0o600)
    return text
