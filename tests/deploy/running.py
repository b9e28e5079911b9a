"""Reads the commands out of docs/running.md and types them, each in a shell of its own.

Folders of a server stand in a folder of ours. What serves until Ctrl-C goes on beside the others.
"""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from tests.demo.processes import PATIENCE, ROOT, wait_until
from tests.ports import free_port

DOCUMENT = ROOT / "docs" / "running.md"
BLOCK = re.compile(r"^ *```console\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
SETTINGS = re.compile(r"^```ini\n(.*?)^```", re.MULTILINE | re.DOTALL)
SERVES = "python app.py"
# Folders on a server, and what they are called in ours.
FOLDERS = ("/var/lib", "/var/backups", "/opt")
NOT_COPIED = shutil.ignore_patterns(
    ".git", ".venv", "instance", "build", "__pycache__", ".pytest_cache", ".ruff_cache"
)
# How a command shows that it cannot be tried here, and why.
LEFT_OUT = (
    (r"# ", "wants root or systemd"),
    (r"\$ .*\bpodman\b", "wants podman"),
    (r"\$ .*\bpip install\b", "wants the network; the packages are here already"),
)


def commands(text: str) -> list[str]:
    """Return every command of the document, with its mark."""
    lines = [line.strip() for block in BLOCK.findall(text) for line in block.splitlines()]
    return [line for line in lines if line]


def why_left_out(command: str) -> str | None:
    """Say why a command is not typed here; None for one that is."""
    return next((reason for mark, reason in LEFT_OUT if re.match(mark, command)), None)


@dataclass
class Server:
    """A machine as the document means it, in a folder of ours."""

    folder: Path
    port: int = field(default_factory=free_port)
    serving: subprocess.Popen | None = None
    said: list[str] = field(default_factory=list)

    @property
    def code(self) -> Path:
        return self.folder / "opt" / "rosette"

    def prepare(self) -> None:
        """Copy the code, and make the folders that root would have made."""
        shutil.copytree(ROOT, self.code, ignore=NOT_COPIED)
        (self.code / ".venv").symlink_to(sys.prefix)
        for data in ("var/lib/rosette", "var/lib/rosette-new", "var/backups/rosette"):
            (self.folder / data).mkdir(mode=0o700, parents=True)

    def enter(self, command: str) -> None:
        """Type one command, which must end well; or begin to serve, and go on beside the rest."""
        text = command.removeprefix("$ ")
        for place in FOLDERS:
            text = text.replace(place, f"{self.folder}{place}")
        if text.endswith(SERVES):
            self._serve(text)
            return
        ended = subprocess.run(["bash", "-euc", text], **self._place(), timeout=PATIENCE)
        self.said += ended.stdout.decode().splitlines()
        assert ended.returncode == 0, f"{command}\n{ended.stderr.decode()}"

    def _serve(self, text: str) -> None:
        self.serving = subprocess.Popen(["bash", "-euc", f"exec env {text}"], **self._place())
        os.set_blocking(self.serving.stdout.fileno(), False)
        wait_until(lambda: self._hears("One-time code"))

    def _hears(self, words: str) -> bool:
        assert self.serving.poll() is None, self.serving.stderr.read().decode()
        self.said += (self.serving.stdout.read() or b"").decode().splitlines()
        return any(words in line for line in self.said)

    def _place(self) -> dict:
        env = {"PATH": os.environ["PATH"], "PORT": str(self.port), "HOME": str(self.folder)}
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        return {"cwd": self.code, "env": {**env, "PYTHONUNBUFFERED": "1"}, **pipes}

    def __enter__(self) -> "Server":
        self.prepare()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        trouble: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.serving:
            self.serving.terminate()
            self.serving.communicate(timeout=PATIENCE)
