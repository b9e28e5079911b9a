"""What people hand in: how large it may be, and the malware scanner that looks at it."""

import os
import shlex
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from portal.config.reader import BadSetting, Reader

# All that the scanner learns of the environment; keys and passwords stay here.
_PASSED_ON = ("PATH", "HOME", "TMPDIR", "LANG", "LC_ALL", "TZ")


@dataclass(frozen=True)
class Scan:
    """The command with its whole path, the seconds it may take, and its environment."""

    command: tuple[str, ...]
    seconds: float
    environment: Mapping[str, str]


def uploads(read: Reader) -> dict[str, Any]:
    """Return `upload_limit` in bytes, and `scan`, the scanner if one is set. Raises BadSetting."""
    return {"upload_limit": 128 * 1024 * 1024, "scan": _scan(read)}


def _scan(read: Reader) -> Scan | None:
    text = read.text("SCAN_COMMAND")
    seconds = read.number("SCAN_SECONDS", "30", 0.1, 300)
    if not text:
        return None
    passed_on = {name: read.given[name] for name in _PASSED_ON if name in read.given}
    path = passed_on.get("PATH") or os.defpath
    return Scan(_command(text, path), seconds, {**passed_on, "PATH": path})


def _command(text: str, path: str) -> tuple[str, ...]:
    try:
        first, *others = shlex.split(text)
    except ValueError as exc:
        raise BadSetting(f"SCAN_COMMAND is {text!r}, where a quotation mark has no end.") from exc
    found = shutil.which(first, path=path)
    if found is None:
        raise BadSetting(
            f"SCAN_COMMAND begins with {first!r}, which is no program that can be run here:"
            " install it, or write where it is."
        )
    return (str(Path(found).absolute()), *others)
