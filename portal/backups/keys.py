"""The portal's keys in a backup: only on request, sealed with a passphrase."""

import base64
import json
import os
import secrets
import zipfile
from pathlib import Path

from argon2.low_level import Type, hash_secret_raw
from cryptography.fernet import Fernet, InvalidToken

from portal.backups.archive import KEY_FILES, KEYS, BackupTrouble


def sealed_keys(instance: Path, passphrase: str) -> bytes:
    found = {
        name: (instance / name).read_text() for name in KEY_FILES if (instance / name).is_file()
    }
    if not found:
        raise BackupTrouble("The keys are not in the instance folder: back up their own place.")
    salt = secrets.token_bytes(16)
    return salt + _lock(passphrase, salt).encrypt(json.dumps(found).encode())


def opened_keys(folder: zipfile.ZipFile, passphrase: str) -> dict[str, str]:
    if KEYS not in folder.namelist():
        raise BackupTrouble("This backup holds no keys; put the key files back yourself.")
    sealed = folder.read(KEYS)
    try:
        found = json.loads(_lock(passphrase, sealed[:16]).decrypt(sealed[16:]))
    except InvalidToken as exc:
        raise BackupTrouble("The passphrase does not open the keys of this backup.") from exc
    return {name: text for name, text in found.items() if name in KEY_FILES}


def _lock(passphrase: str, salt: bytes) -> Fernet:
    """A key made of the passphrase, slow to guess (Argon2id, 64 MiB, three passes)."""
    raw = hash_secret_raw(passphrase.encode(), salt, 3, 65536, 1, 32, Type.ID)
    return Fernet(base64.urlsafe_b64encode(raw))


def write_key(path: Path, text: str) -> None:
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(text)
