"""What axe does not measure: the size of targets, words cut off, and room for wider text."""

from playwright.sync_api import Page

from tests.browser.eyes import overflow

LEAST_TARGET = 24  # CSS pixels, WCAG 2.5.8

# A link in a sentence may be smaller, so may what has a larger label to be pressed.
_SMALL = """least => {
  const inline = (one) => one.tagName === "A" && getComputedStyle(one).display === "inline";
  const label = (one) => (one.labels && one.labels[0]) || null;
  const found = [];
  const controls = "a[href], button, input, select, textarea, summary";
  for (const one of document.querySelectorAll(controls)) {
    if (!one.checkVisibility({visibilityProperty: true}) || inline(one)) continue;
    if (one.closest(".visually-hidden, .skip-link") || one.type === "hidden") continue;
    const boxes = [one, label(one)].filter(Boolean).map((box) => box.getBoundingClientRect());
    if (boxes.some((box) => box.width >= least && box.height >= least)) continue;
    const box = boxes[0];
    found.push(`${Math.round(box.width)}x${Math.round(box.height)} ${one.outerHTML.slice(0, 120)}`);
  }
  return found;
}"""

# Words that stand in a box which hides what goes beyond it.
_CUT = """() => {
  const found = [];
  for (const one of document.querySelectorAll("body *")) {
    if (!one.checkVisibility({visibilityProperty: true})) continue;
    const head = one.closest("thead"); // on a phone its words stand before each cell instead
    if (one.closest(".visually-hidden, svg") || (head && head.offsetWidth <= 1)) continue;
    if (![...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim())) continue;
    const style = getComputedStyle(one);
    const hides = ["hidden", "clip"].includes(style.overflowX) || style.textOverflow === "ellipsis";
    if (hides && one.scrollWidth > one.clientWidth + 1) found.push(one.outerHTML.slice(0, 140));
    const box = one.getBoundingClientRect();
    const beyond = box.width && box.right > innerWidth + 1;
    if (beyond && !one.closest(".table-responsive, .prose table, pre, [tabindex='0']"))
      found.push(`beyond the edge: ${one.outerHTML.slice(0, 140)}`);
  }
  return found;
}"""

# WCAG 1.4.12. A constructed sheet is the one way past our own content policy.
_SPACED = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
    word-spacing: 0.16em !important; } p { margin-bottom: 2em !important; }`);
  document.adoptedStyleSheets = [sheet];
}"""


def small_targets(page: Page) -> list[str]:
    """Return what can be pressed but is smaller than 24 by 24 px."""
    return page.evaluate(_SMALL, LEAST_TARGET)


def cut_off(page: Page) -> list[str]:
    """Return the elements whose words do not fit their box or the window."""
    return page.evaluate(_CUT)


def measured(page: Page) -> list[str]:
    """Return every complaint about the page as it stands, a line each."""
    problems = [f"small target: {one}" for one in small_targets(page)]
    problems += [f"cut off: {one}" for one in cut_off(page)]
    if overflow(page):
        problems.append("scrolls sideways")
    return [f"{page.url}: {one}" for one in problems]


def spaced(page: Page) -> list[str]:
    """Return what breaks when text is set as wide as WCAG 1.4.12 lets its reader set it."""
    page.evaluate(_SPACED)
    problems = [f"{page.url}: with wide text: {one}" for one in cut_off(page)]
    if overflow(page):
        problems.append(f"{page.url}: with wide text: scrolls sideways")
    page.evaluate("document.adoptedStyleSheets = []")
    return problems
