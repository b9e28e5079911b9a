"""The demo as a process of its own, for the matrix, the screenshots and a walk through it."""

import os
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType

import requests
from playwright.sync_api import Page

from tests.browser.portal import PATIENCE, ROOT
from tests.ports import free_port

PASSWORD = "rosette-demo"


class RunningDemo:
    """`python app.py --demo` on a folder of its own."""

    def __init__(self, folder: Path):
        self.folder, self.port = folder, free_port()
        self.url = f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> "RunningDemo":
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        instance = {"INSTANCE": str(self.folder / "instance"), "PORT": str(self.port)}
        with (self.folder / "demo.txt").open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "app.py", "--demo"],
                cwd=ROOT,
                env={**kept, **instance},
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        ends = time.monotonic() + PATIENCE
        while time.monotonic() < ends:
            try:
                if requests.get(f"{self.url}/health", timeout=60).ok:
                    return self
            except requests.RequestException:
                assert self.process.poll() is None, (self.folder / "demo.txt").read_text()
            time.sleep(0.25)
        raise AssertionError("the demo did not start")

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.process.terminate()
        self.process.wait(PATIENCE)


def sign_in(page: Page, url: str, email: str, password: str = PASSWORD) -> None:
    """Sign in through the page, whatever its language."""
    page.goto(f"{url}/login")
    page.locator("input[name=email]").fill(email)
    page.locator("input[name=password]").fill(password)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(lambda address: "/login" not in address)
