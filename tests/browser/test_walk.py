"""The main job, end to end, in a real browser: by labels and roles, as a person does it."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.portal import RunningPortal
from tests.browser.walker import PASSWORD, Walker
from tests.practice.desk import Desk


@pytest.fixture
def walker(page: Page, portal: RunningPortal) -> Walker:
    return Walker(page, portal)


def test_one_badge_travels_from_credly_to_linkedin(walker, credly: Desk):
    credly.template(name="Knots and bends", description="Ties what must hold.")
    set_up(walker)
    connect(walker, credly)
    bring_badges_in(walker)
    people = add_people(walker, ("otto@example.org", "Author"), ("lena@example.org", None))
    for email, link in people.items():
        choose_password(walker, link, email)
    publish_a_course(walker)
    complete_the_course(walker)
    see_it_issued(walker)
    accept_at_credly(walker)
    share(walker)
    see_the_delivery(walker)
    the_request_was_exactly_this(credly)


def set_up(walker: Walker) -> None:
    walker.open("/")
    walker.heading("Set up the portal")
    walker.look()
    fill_set_up(walker)
    walker.press("Set up the portal")
    walker.heading("Dashboard")
    walker.look()


def fill_set_up(walker: Walker) -> None:
    walker.page.get_by_label("One-time code", exact=True).fill(walker.portal.code)
    walker.fill(Email="ada@example.org", First_name="Ada", Last_name="Admin", Password=PASSWORD)


def connect(walker: Walker, credly: Desk) -> None:
    walker.press("Connectors", role="link")
    walker.heading("Connectors")
    walker.look()
    walker.press("Connect", role="link")
    walker.heading("Connect to Credly")
    walker.fill(
        Connection_Name="Harbour, production",
        Organization_ID=credly.id,
        Authorization_Token="wrong-token-0000000000",
        Hostname=credly.practice.host,
    )
    walker.press("Connect")
    walker.see("Credly refused the authorization token.")
    walker.look()
    walker.fill(Authorization_Token=credly.token)
    walker.press("Connect")
    walker.see("Connected to STEM Learning.")
    walker.look()


def bring_badges_in(walker: Walker) -> None:
    walker.press("Sync badges")
    walker.heading("Sync badges")
    walker.page.get_by_label("Knots and bends").check()
    walker.look()
    walker.press("Add the chosen badges")
    walker.see("1 badge added.")
    walker.heading("Badges")
    walker.look()


def add_people(walker: Walker, *wanted: tuple[str, str | None]) -> dict[str, str]:
    links = {}
    for email, role in wanted:
        walker.open("/admin/people")
        walker.look()
        walker.press("Add person", role="link")
        first, _at, _host = email.partition("@")
        walker.fill(Email=email, First_name=first.title(), Last_name="Larsson")
        if role:
            walker.page.get_by_label(role, exact=True).check()
        walker.look()
        walker.press("Add person")
        walker.press("Make a new invitation link")
        walker.look()
        links[email] = walker.page.get_by_label("Invitation link").input_value()
    walker.sign_out()
    return links


def choose_password(walker: Walker, link: str, email: str) -> None:
    walker.page.goto(link)
    walker.look()
    walker.page.get_by_label(re.compile("password", re.IGNORECASE)).first.fill(PASSWORD)
    walker.page.get_by_role("main").get_by_role("button").last.click()
    walker.press("Sign out")


def publish_a_course(walker: Walker) -> None:
    walker.sign_in("otto@example.org")
    walker.heading("My learning objects")
    walker.look()
    walker.press("New course", role="link")
    walker.fill(Title="Knots for beginners", Description="Six knots that hold.")
    walker.look()
    walker.press("Save as draft")
    walker.heading("Knots for beginners")
    walker.page.get_by_label("Knots and bends").first.check()
    walker.look()
    walker.press("Save badge")
    walker.press("Publish")
    walker.see("Published")
    walker.look()
    walker.sign_out()


def complete_the_course(walker: Walker) -> None:
    walker.sign_in("lena@example.org")
    walker.heading("Home")
    walker.look()
    walker.press("Catalogue", role="link")
    walker.look()
    walker.press("Knots for beginners", role="link")
    walker.see("Credly")
    walker.look()
    walker.press("Enrol")
    walker.see("Mark as complete")
    walker.look()
    walker.press("Mark as complete")
    walker.see("Completed")
    walker.look()


def see_it_issued(walker: Walker) -> None:
    walker.press("My badges", role="link")
    walker.heading("My badges")
    walker.look()
    walker.press("Knots and bends", role="link")
    walker.heading("Knots and bends")
    # The page changes by itself: nobody reloads it here.
    walker.see("Issued – waiting for you to accept")
    walker.look()


def accept_at_credly(walker: Walker) -> None:
    with walker.page.expect_popup() as opened:
        walker.page.get_by_role("link", name=re.compile("Accept on Credly")).first.click()
    there = opened.value
    there.get_by_role("button", name="Accept", exact=True).click()
    # A window that is closed while its next page is on the way may never be gone, for Chromium.
    expect(there.get_by_role("status")).to_contain_text("accepted")
    there.close()
    walker.press("Check now")
    walker.see("Accepted")
    walker.look()


def share(walker: Walker) -> None:
    add = walker.page.get_by_role("link", name=re.compile("Add to LinkedIn profile")).first
    address = add.get_attribute("href")
    assert address.startswith("https://www.linkedin.com/profile/add?startTask=CERTIFICATION_NAME")
    assert "name=Knots%20and%20bends" in address
    for name in ("Post on LinkedIn", "X", "Facebook", "E-mail"):
        expect(
            walker.page.get_by_role("link", name=re.compile(rf"^{name}\b")).first
        ).to_be_visible()
    expect(walker.page.get_by_role("button", name=re.compile("Copy link")).first).to_be_visible()
    view = walker.page.get_by_role("link", name=re.compile("View on Credly")).first
    assert "/badges/" in view.get_attribute("href")
    walker.press("My badges", role="link")
    profile = walker.page.get_by_role("link", name=re.compile("Open my Credly profile")).first
    assert "/users/" in profile.get_attribute("href")
    walker.look()
    walker.sign_out()


def see_the_delivery(walker: Walker) -> None:
    walker.sign_in("ada@example.org")
    walker.press("Deliveries", role="link")
    walker.look()
    walker.press("Lena Larsson", role="link")
    walker.heading("Delivery")
    walker.see("answered 201")
    walker.look()


def the_request_was_exactly_this(credly: Desk) -> None:
    posts = [e for e in credly.log() if e["method"] == "POST" and credly.id in e["path"]]
    (post,) = [entry for entry in posts if entry["path"].endswith("/badges")]
    assert sorted(post["body"]) == [
        "badge_template_id",
        "issued_at",
        "issued_to_first_name",
        "issued_to_last_name",
        "issuer_earner_id",
        "locale",
        "recipient_email",
    ]
    assert post["body"]["recipient_email"] == "lena@example.org"
