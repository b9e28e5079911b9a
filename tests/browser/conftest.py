"""Chromium against a portal that really serves. Without Chromium they skip, but not in CI."""

import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from portal.practice.server import PracticeServer
from tests.browser.eyes import SLOW, new_window
from tests.browser.portal import RunningPortal

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Say once per test what is missing where there is no browser; CI must have one."""
    if CHROMIUM or os.environ.get("CI"):
        return
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.skip(reason="needs Chromium: apt-get install chromium"))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, headless."""
    with sync_playwright() as playwright:
        expect.set_options(timeout=SLOW)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS, timeout=SLOW)
        yield browser
        browser.close()


@pytest.fixture
def portal(tmp_path: Path, practice_server: PracticeServer) -> Iterator[RunningPortal]:
    """An empty portal that serves on a free port, its jobs running inside it."""
    with RunningPortal(tmp_path, practice_server) as running:
        yield running


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A fresh window of 1280 px; what its console says about the policy fails the test."""
    window = new_window(chromium, viewport={"width": 1280, "height": 900})
    complaints: list[str] = []
    window.on("console", lambda message: _note(message.text, complaints))
    window.on("pageerror", lambda error: complaints.append(str(error)))
    yield window
    window.context.close()
    assert not complaints, complaints


def _note(text: str, complaints: list[str]) -> None:
    if "Content Security Policy" in text or "Refused to" in text:
        complaints.append(text)


@pytest.fixture(autouse=True)
def no_leftover_threads() -> Iterator[None]:
    """Engines and servers must end with their test.

    Practice Credly gives each connection a thread, which lives as long as the portal keeps it open.
    """
    before = set(threading.enumerate())
    yield
    new = [one for one in threading.enumerate() if one not in before]
    left = [one.name for one in new if "process_request" not in one.name]
    assert not left
