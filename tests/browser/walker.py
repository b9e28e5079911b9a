"""One person in front of one window, who goes by labels and roles as people do."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.eyes import look
from tests.browser.portal import RunningPortal

PASSWORD = "a quiet harbour at dawn"

# Whether a press brings another page into this window: a button that sends its form, or a link.
_LEADS_ON = """(one) => {
  if (one.matches("[download], [target=_blank], [href^='#']")) return false;
  return one.matches("a[href]") || (one.type === "submit" && Boolean(one.form));
}"""


class Walker:
    """One person in front of one window."""

    def __init__(self, page: Page, portal: RunningPortal):
        self.page, self.portal = page, portal

    def open(self, path: str) -> None:
        self.page.goto(self.portal.url + path)

    def fill(self, **values: str) -> None:
        for label, value in values.items():
            self.page.get_by_label(label.replace("_", " "), exact=True).fill(value)

    def press(self, name: str, *, role: str = "button") -> None:
        """Press a button or link; where it leads to another page, go on when that one is there.

        Otherwise the next press could meet the page of before, and break the way of this one off.
        """
        control = self.page.get_by_role(role, name=name, exact=True).first
        if control.evaluate(_LEADS_ON):
            with self.page.expect_navigation(wait_until="domcontentloaded"):
                control.click()
        else:
            control.click()

    def download(self, name: str, place: Path, *, role: str = "link") -> Path:
        """Press what brings a file, and keep the file there."""
        with self.page.expect_download() as downloaded:
            self.page.get_by_role(role, name=name, exact=True).first.click()
        downloaded.value.save_as(place)
        return place

    def see(self, words: str) -> None:
        expect(self.page.get_by_text(words).first).to_be_visible()

    def heading(self, words: str) -> None:
        expect(self.page.get_by_role("heading", level=1, name=words, exact=True)).to_be_visible()

    def look(self) -> None:
        look(self.page)

    def sign_in(self, email: str) -> None:
        self.open("/login")
        self.fill(Email=email, Password=PASSWORD)
        self.press("Sign in")
        self.page.wait_for_url(re.compile(r"/(admin|author|learner)/$"))

    def sign_out(self) -> None:
        self.press("Sign out")
        self.heading("Sign in")
