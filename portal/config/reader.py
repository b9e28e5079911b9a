"""Takes single settings out of the environment or a file; every refusal names the setting."""

import fcntl
import os
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path


class BadSetting(Exception):
    """A setting cannot be used. The text is one sentence that names it."""


@dataclass(frozen=True)
class Told:
    """What may be told of a setting; `value` is None for a secret."""

    name: str
    source: str
    value: str | None
    is_set: bool


class Reader:
    """Takes single settings out of the environment; every refusal names the setting."""

    def __init__(self, env: Mapping[str, str], instance: Path):
        self.given = env
        self._in_file = read_file_of_settings(instance / "settings.env")
        self.env = {**self._in_file, **env}
        self.instance = instance
        self._told: dict[str, Told] = {}

    def told(self) -> tuple[Told, ...]:
        """Return what may be told of every setting that was read, by name."""
        return tuple(self._told[name] for name in sorted(self._told))

    def unknown(self, besides: tuple[str, ...]) -> tuple[str, ...]:
        """Return what the file names and nobody read; `besides` are read at times only."""
        known = {*self._told, *besides}
        return tuple(
            name
            for name in sorted(self._in_file)
            if name not in known and name.removesuffix("_FILE") not in known
        )

    def secret(self, name: str) -> str:
        """Return the value of `name` like `text`; of it is only told whether it is set."""
        value = self.text(name)
        self._told[name] = Told(name, self._told[name].source, None, bool(value))
        return value

    def text(self, name: str, default: str = "") -> str:
        """Return the value of `name`, or what the file named by `name`_FILE holds."""
        value = self._value(name, default)
        self._told[name] = Told(name, self._source(name), value, bool(value))
        return value

    def _source(self, name: str) -> str:
        if name in self.env:
            return "environment" if name in self.given else "file"
        return "secret_file" if self.env.get(f"{name}_FILE") else "default"

    def _value(self, name: str, default: str) -> str:
        file = self.env.get(f"{name}_FILE")
        if file and name not in self.env:
            try:
                return Path(file).read_text(encoding="utf-8").strip()
            except (OSError, UnicodeDecodeError) as exc:
                raise BadSetting(f"{name}_FILE is {file!r}, which cannot be read.") from exc
        return self.env.get(name, default).strip()

    def number(self, name: str, default: str, least: float, most: float) -> float:
        """Return a number between `least` and `most`."""
        text = self.text(name, default)
        if not re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,6})?", text):
            raise BadSetting(f"{name} is {text!r}; it must be a number.")
        if not least <= float(text) <= most:
            raise BadSetting(f"{name} is {text}; it must be from {least:g} to {most:g}.")
        return float(text)

    def whole(self, name: str, default: str, least: int, most: int) -> int:
        """Return a whole number between `least` and `most`."""
        number = self.number(name, default, least, most)
        if number != int(number):
            raise BadSetting(f"{name} is {number:g}; it must be a whole number.")
        return int(number)

    def choice(self, name: str, default: str, allowed: tuple[str, ...]) -> str:
        """Return one of the allowed words."""
        text = self.text(name, default)
        if text not in allowed:
            words = ", ".join(repr(word) for word in allowed)
            raise BadSetting(f"{name} is {text!r}; use one of {words}.")
        return text

    def key_file(self, name: str, file: str, make: Callable[[], str]) -> str:
        """Return the secret `name`, else what `file` holds; it is made at the first start."""
        given = self.secret(name)
        if given:
            return given
        self._told[name] = Told(name, "made", None, True)
        path = self.instance / file
        if not path.is_file():
            self._make_key(name, path, make)
        return _words_of(path, encoding="ascii").strip()

    def _make_key(self, name: str, path: Path, make: Callable[[], str]) -> None:
        """Write a new key, unless another process that starts at this moment made one."""
        with (self.instance / "keys.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if path.is_file():
                return
            if (self.instance / "portal.db").exists():
                raise BadSetting(
                    f"{name} is not set and its file {path.name} is gone from {self.instance}, but"
                    " there is a database that was made with it. Put the file back from your"
                    " backup."
                )
            write_secret(path, make())


def make_folder(instance: Path) -> None:
    """Make the instance folder if need be and see that it can be written. Raises BadSetting."""
    try:
        instance.mkdir(mode=0o700, parents=True, exist_ok=True)
        probe = instance / f".probe-{secrets.token_hex(4)}"
        probe.touch()
        probe.unlink()
    except OSError as exc:
        raise BadSetting(
            f"The instance folder {instance} cannot be written: {exc.strerror}."
        ) from exc


def read_file_of_settings(path: Path) -> dict[str, str]:
    """Return the `NAME=value` lines of a settings file; none when there is no file."""
    if not path.is_file():
        return {}
    found = {}
    for number, line in enumerate(_words_of(path, encoding="utf-8-sig").splitlines(), start=1):
        words = line.strip()
        if not words or words.startswith("#"):
            continue
        name, sign, value = words.partition("=")
        if not sign or not re.fullmatch(r"[A-Z][A-Z0-9_]*", name.strip()):
            raise BadSetting(f"Line {number} of {path.name} is not of the form NAME=value.")
        found[name.strip()] = value.strip().strip("\"'")
    return found


def _words_of(path: Path, *, encoding: str) -> str:
    """Return what the file holds; an editor's mark in front is none of it. Raises BadSetting."""
    try:
        return path.read_text(encoding=encoding)
    except OSError as exc:
        raise BadSetting(f"{path} cannot be read: {exc.strerror}.") from exc
    except UnicodeDecodeError as exc:
        raise BadSetting(f"{path} is not a plain text file: save it as UTF-8.") from exc


def write_secret(path: Path, secret: str) -> None:
    """Write `secret` to a file only its owner can read. Nobody ever sees a part of it there."""
    part = path.with_name(path.name + ".part")
    part.unlink(missing_ok=True)
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(secret + "\n")
        file.flush()
        os.fsync(file.fileno())
    part.rename(path)
