"""Without a mouse: everything is reached, in its order, seen where it is, and nothing holds on."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from portal.practice.server import PracticeServer
from tests.browser.eyes import new_window
from tests.browser.school import School
from tests.browser.walker import Walker

MOST = 150  # presses of Tab on one page
LEARNER = ("/learner/", "/learner/catalogue", "/learner/badges", "/learner/profile", "/help")
STAFF = (
    "/admin/",
    "/admin/connectors",
    "/admin/badges",
    "/admin/people",
    "/admin/people/new",
    "/admin/deliveries",
    "/author/",
    "/author/courses/new",
)

# Where the focus is: which of the page's controls, whether it is seen, and what lies on top of it.
_HERE = """async () => {
  await new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted)));
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  const box = at.getBoundingClientRect();
  const middle = box.y + Math.min(box.height / 2, 20);
  const top = document.elementFromPoint(box.x + box.width / 2, middle);
  const style = getComputedStyle(at);
  const group = at.type === "radio" ? at.name : null;
  return {
    number: window.controls.indexOf(at),
    group,
    parts: at.type === "date", // day, month and year are a stop each
    words: at.outerHTML.slice(0, 100),
    inside: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    covered: !(top && (at === top || at.contains(top) || top.contains(at) ||
      (at.labels && [...at.labels].some((label) => label.contains(top))))),
    outlined: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
  };
}"""

# Writes down all that is read out, for what is said last takes the place of what was said before.
_LISTEN = """() => {
  const heard = document.createElement("pre");
  heard.id = "heard";
  document.body.append(heard);
  const spoken = [...document.querySelectorAll("body > [role='status']")].at(-1);
  const write = () => heard.append(`${spoken.textContent}\\n`);
  new MutationObserver(write).observe(spoken, { childList: true });
}"""

# Every control that can be reached, in the order of the document; of radio buttons one of a group.
_CONTROLS = """() => {
  const wanted = "a[href], button, input, select, textarea, summary, [tabindex='0']";
  const groups = new Set();
  window.controls = [...document.querySelectorAll(wanted)].filter((one) => {
    if (one.disabled || one.type === "hidden") return false;
    return one.checkVisibility({visibilityProperty: true}) && one.tabIndex >= 0;
  });
  return window.controls.filter((one) => {
    if (one.type !== "radio") return true;
    const known = groups.has(one.name);
    groups.add(one.name);
    return !known;
  }).length;
}"""


@pytest.fixture(scope="module")
def school(
    tmp_path_factory: pytest.TempPathFactory, practice_server: PracticeServer
) -> Iterator[School]:
    made = School(tmp_path_factory.mktemp("keyboard-school"), practice_server)
    with made.portal:
        yield made
    made.credly.http.close()


@pytest.fixture
def walker(page: Page, school: School) -> Walker:
    return Walker(page, school.portal)


def walk_through(page: Page) -> None:
    """Press Tab from the first control to the last and out; assert what each owes its user."""
    page.emulate_media(reduced_motion="reduce")  # or the page still glides when it is measured
    count = page.evaluate(_CONTROLS)
    before = first = -1
    seen: list[object] = []
    for _press in range(MOST):
        page.keyboard.press("Tab")
        here = page.evaluate(_HERE)
        if here is None or (seen and here["number"] == first):  # some browsers begin anew
            break
        first = here["number"] if not seen else first
        where = f"{page.url}: {here['words']}"
        onward = here["number"] > before or (here["parts"] and here["number"] == before)
        assert onward, f"{where} comes out of order, or holds the focus"
        assert here["inside"], f"{where} is out of sight"
        part = here["number"] == before  # within a date, which the browser marks itself
        assert here["outlined"] or part, f"{where} does not show its focus"
        assert not here["covered"], f"{where} is covered"
        before = here["number"]
        seen.append(here["group"] or here["number"])
    assert len(set(seen)) == count, f"{page.url}: {len(set(seen))} of {count} were reached"


@pytest.mark.parametrize(
    ("email", "places"), [("nils@example.org", LEARNER), ("ada@example.org", STAFF)]
)
def test_tab_reaches_everything_in_order_and_in_sight(walker, email, places):
    walker.sign_in(email)
    for place in places:
        walker.open(place)
        walk_through(walker.page)


def test_the_form_of_somebody_who_signs_in(walker):
    walker.open("/login")
    walk_through(walker.page)
    page = walker.page
    page.get_by_label("Email", exact=True).focus()
    page.keyboard.type("nobody@example.org")
    page.keyboard.press("Tab")
    page.keyboard.type("not the password")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()


def test_the_skip_link_leads_past_the_header(walker):
    walker.sign_in("nils@example.org")
    page = walker.page
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_the_menu_of_a_phone_opens_and_closes_and_gives_the_focus_back(
    chromium: Browser, school: School
):
    walker = Walker(new_window(chromium, viewport={"width": 320, "height": 700}), school.portal)
    walker.sign_in("ada@example.org")
    page = walker.page
    button, entry = page.locator(".site-menu-button"), page.locator(".site-entries a").first
    button.focus()
    page.keyboard.press("Enter")
    expect(entry).to_be_visible()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.site-menu') !== null")
    page.keyboard.press("Escape")
    expect(entry).to_be_hidden()
    expect(button).to_be_focused()
    walker.open("/admin/")
    walk_through(page)
    page.context.close()


def test_the_folded_entries_open_and_shut_by_key(walker):
    walker.sign_in("ada@example.org")
    page = walker.page
    more, entry = page.locator(".site-more > summary"), page.locator(".site-more-entries a").first
    expect(entry).to_be_hidden()
    more.focus()
    page.keyboard.press("Enter")
    expect(entry).to_be_visible()
    page.keyboard.press("Tab")
    expect(entry).to_be_focused()
    page.keyboard.press("Escape")
    expect(entry).to_be_hidden()
    expect(more).to_be_focused()


def test_a_refused_form_leads_to_its_first_field(walker):
    walker.sign_in("ada@example.org")
    walker.open("/admin/people/new")
    page = walker.page
    page.get_by_label("First name", exact=True).focus()
    page.keyboard.press("Enter")
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_label("First name", exact=True)).to_be_focused()


def test_a_state_that_changes_by_itself_is_read_out_and_keeps_the_focus(walker, school):
    """The badge is issued while she looks at it, and not before."""
    walker.sign_in("frida@example.org")
    walker.open(f"/learner/courses/{school.ids['signals']}")
    page = walker.page
    school.pause()
    walker.press("Enrol")
    walker.press("Mark as complete")
    walker.press("See your badge", role="link")
    walker.heading("Signals")
    profile = page.get_by_role("link", name="Open my Credly profile", exact=True)
    profile.focus()
    school.resume()
    spoken = page.get_by_role("status").filter(has_text="waiting for you to accept")
    expect(spoken).to_have_text("Issued – waiting for you to accept")
    expect(profile).to_be_focused()


def test_each_of_several_states_that_change_is_read_out_with_its_badge(walker, school):
    """Two badges are issued while she looks at all of hers."""
    walker.sign_in("lena@example.org")
    page = walker.page
    school.pause()
    for course in ("signals", "welcome"):
        walker.open(f"/learner/courses/{school.ids[course]}")
        walker.press("Enrol")
        walker.press("Mark as complete")
    now = datetime.now(UTC)
    school.leave_at(now + timedelta(days=1))
    school.resume()
    walker.open("/learner/badges")
    page.evaluate(_LISTEN)
    school.leave_at(now)
    heard = page.locator("#heard")
    for badge in ("Signals", "Welcome"):
        expect(heard).to_contain_text(f"{badge}: Issued – waiting for you to accept")
