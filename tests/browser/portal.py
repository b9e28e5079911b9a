"""A portal that really serves: a process of its own, on a free port."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType

import requests

from portal.practice.server import PracticeServer
from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 240.0  # seconds; only a machine that is very busy comes near it


class RunningPortal:
    """`python app.py` on a folder of its own; `url` is where it is, `code` opens /setup."""

    def __init__(self, folder: Path, practice: PracticeServer, **settings: str):
        self.folder, self.practice, self.port = folder, practice, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.settings = {
            "INSTANCE": str(folder / "instance"),
            "PORT": str(self.port),
            "CREDLY_EXTRA_HOSTS": practice.host,
            **settings,
        }
        self.code = ""

    def __enter__(self) -> "RunningPortal":
        self.start()
        return self

    def start(self) -> None:
        """Start the process and wait until it answers."""
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        output = self.folder / "output.txt"
        with output.open("w") as file:
            self.process = subprocess.Popen(
                [sys.executable, "app.py"],
                cwd=ROOT,
                env={**kept, **self.settings},
                stdout=file,
                stderr=subprocess.STDOUT,
            )
        self._wait(output)
        found = re.search(r"One-time code: (\S+)", output.read_text())
        self.code = found.group(1) if found else self.code

    def _wait(self, output: Path) -> None:
        ends = time.monotonic() + PATIENCE
        while time.monotonic() < ends:
            try:
                if requests.get(f"{self.url}/health", timeout=60).ok:
                    return
            except requests.RequestException:
                assert self.process.poll() is None, output.read_text()
            time.sleep(0.1)
        raise AssertionError(f"the portal did not start: {output.read_text()}")

    def stop(self, number: int = signal.SIGTERM) -> None:
        """End the process."""
        self.process.send_signal(number)
        self.process.wait(PATIENCE)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.process.poll() is None:
            self.stop()
