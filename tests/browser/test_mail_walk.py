"""From the mail a real server received to a shared badge: both languages, both widths."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from portal.practice.server import PracticeServer
from tests.browser.eyes import WIDTHS, look, new_window
from tests.browser.portal import RunningPortal
from tests.browser.school import School
from tests.browser.swedish import SWEDISH
from tests.browser.walker import PASSWORD, Walker
from tests.ports import free_port
from tests.post_box import Box, link_in, running_box, settings_for

COURSE, BADGE = "Signal flags", "Signals"


class Reader(Walker):
    """Somebody who reads in a language; what is asked for in English is looked for in theirs."""

    def __init__(self, page: Page, portal: RunningPortal, language: str):
        super().__init__(page, portal)
        self.language = language

    def words(self, english: str) -> str:
        return SWEDISH[english] if self.language == "sv" else english

    def write(self, label: str, value: str) -> None:
        self.page.get_by_label(self.words(label), exact=True).fill(value)

    def press(self, name: str, *, role: str = "button") -> None:
        super().press(self.words(name), role=role)

    def arrive(self, heading: str) -> None:
        """Wait for the page of this heading, then look at it."""
        self.heading(self.words(heading))
        self.look()

    def go(self, entry: str, *, role: str = "link") -> None:
        """Press an entry of the header, which on a phone is folded into the menu."""
        menu = self.page.get_by_role("button", name=re.compile(f"^{self.words('Menu')}"))
        if menu.is_visible():
            menu.click()
        self.press(entry, role=role)

    def sign_in(self, email: str) -> None:
        self.open("/login")
        self.write("Email", email)
        self.write("Password", PASSWORD)
        self.press("Sign in")

    def look(self) -> None:
        look(self.page)


@pytest.fixture(scope="module")
def box() -> Iterator[Box]:
    with running_box(free_port()) as box:
        yield box


@pytest.fixture(scope="module")
def school(
    tmp_path_factory: pytest.TempPathFactory, practice_server: PracticeServer, box: Box
) -> Iterator[School]:
    folder = tmp_path_factory.mktemp("mailing-school")
    made = School(folder, practice_server, **settings_for(box.port))
    with made.portal:
        yield made
    made.credly.http.close()


@pytest.fixture(params=WIDTHS)
def width(request: pytest.FixtureRequest) -> int:
    return request.param


@pytest.fixture(params=["en", "sv"])
def reader(
    request: pytest.FixtureRequest, chromium: Browser, school: School, width: int
) -> Iterator[Reader]:
    language = request.param
    window = {"viewport": {"width": width, "height": 900}, "reduced_motion": "reduce"}
    page = new_window(chromium, locale={"en": "en-GB", "sv": "sv-SE"}[language], **window)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=school.portal.url)
    yield Reader(page, school.portal, language)
    page.context.close()


def test_the_mail_leads_to_a_shared_badge(reader, school, box, width):
    email = f"asa.{reader.language}.{width}@example.org"
    invite(reader, email)
    choose_password(reader, box, email)
    learn(reader)
    open_the_badge(reader, box, email)
    accept(reader)
    turn_on_the_public_page(reader)
    share(reader)


def invite(reader: Reader, email: str) -> None:
    reader.sign_in("ada@example.org")
    reader.arrive("Dashboard")
    reader.go("People")
    reader.arrive("People")
    reader.press("Add person", role="link")
    reader.arrive("Add person")
    for label, value in (("First name", "Åsa"), ("Last name", "Öberg"), ("Email", email)):
        reader.write(label, value)
    reader.press("Add person")
    reader.heading("Åsa Öberg")
    reader.look()
    reader.press("Make a new invitation link")
    reader.see(reader.words("The invitation is on its way to"))
    reader.look()
    reader.go("Sign out", role="button")
    reader.arrive("Sign in")


def choose_password(reader: Reader, box: Box, email: str) -> None:
    mail = box.wait_for(email, reader.words("Choose your password"))
    reader.page.goto(link_in(mail, "/invitation/"))
    reader.arrive("Choose your password")
    reader.write("Password", PASSWORD)
    reader.press("Save the password")
    reader.arrive("Home")


def learn(reader: Reader) -> None:
    reader.go("Catalogue")
    reader.arrive("Catalogue")
    reader.page.get_by_role("link", name=COURSE, exact=True).first.click()
    reader.heading(COURSE)
    reader.look()
    reader.press("Enrol")
    mark = reader.page.get_by_role("button", name=reader.words("Mark as complete"), exact=True)
    expect(mark).to_be_visible()
    reader.look()
    reader.press("Mark as complete")
    reader.see(reader.words("You have completed this course"))
    reader.look()


def open_the_badge(reader: Reader, box: Box, email: str) -> None:
    mail = box.wait_for(email, f"{reader.words('Credly has issued your badge')} {BADGE}")
    reader.page.goto(link_in(mail, "/learner/badges/"))
    reader.heading(BADGE)
    reader.see(reader.words("Issued – waiting for you to accept"))
    reader.look()


def accept(reader: Reader) -> None:
    with reader.page.expect_popup() as opened:
        reader.press("Accept on Credly", role="link")
    there = opened.value
    there.get_by_role("button", name="Accept", exact=True).click()  # Credly's own word
    expect(there.get_by_role("status")).to_contain_text("accepted")
    there.close()
    reader.press("Check now")
    # The page changes by itself: nobody reloads it here.
    link = reader.page.get_by_role("link", name=reader.words("View on Credly"), exact=True)
    expect(link).to_be_visible()
    reader.see(reader.words("Accepted"))
    reader.look()


def turn_on_the_public_page(reader: Reader) -> None:
    badge = reader.page.url
    reader.press("Turn on the public page", role="link")
    reader.arrive("Public page")
    reader.press("Turn on the public page")
    reader.see(reader.words("The page is on."))
    reader.look()
    public = reader.page.get_by_role("link", name=re.compile("^http")).get_attribute("href")
    reader.page.goto(public)
    reader.heading(BADGE)
    reader.see("Åsa Öberg")
    reader.look()
    reader.page.goto(badge)
    reader.heading(BADGE)


def share(reader: Reader) -> None:
    links = {
        name: reader.page.get_by_role("link", name=reader.words(name), exact=True).first
        for name in (
            "View on Credly",
            "Add to LinkedIn profile",
            "Post on LinkedIn",
            "X",
            "Facebook",
            "E-mail",
        )
    }
    where = {name: link.get_attribute("href") for name, link in links.items()}
    at_credly = where["View on Credly"]
    assert "/badges/" in at_credly
    filled = dict(parse_qs(urlsplit(where["Add to LinkedIn profile"]).query))
    assert filled["startTask"] == ["CERTIFICATION_NAME"]
    assert filled["name"] == [BADGE]
    assert filled["organizationName"] == ["STEM Learning"]
    assert filled["certUrl"] == [at_credly]
    assert set(filled) >= {"issueYear", "issueMonth", "certId"}
    for name in ("Post on LinkedIn", "X", "Facebook", "E-mail"):
        assert at_credly in str(parse_qs(urlsplit(where[name]).query)), name
    reader.press("Copy link")
    reader.see(reader.words("Copied"))
    assert reader.page.evaluate("navigator.clipboard.readText()") == at_credly
    reader.look()
