"""Going from page to page by their links, and sending their forms empty."""

import re
from collections import Counter

from playwright.sync_api import Error, Page

MOST_OF_A_KIND = 2  # pages of one shape (such as /admin/badges/<id>) that are looked at
NO_PAGES = re.compile(r"csv|/record$|/picture$|/certificate$|/card(\.png)?$|/everything$|\.zip")


def send_empty(page: Page) -> bool:
    """Empty the fields of the page's form and send it; say whether it came back with errors."""
    form = page.locator("main form.post-form").first
    fields = form.locator("input[type=text]:visible, input[type=email]:visible, textarea:visible")
    if not form.count() or not fields.count():
        return False
    for field in fields.all():
        if field.is_editable():
            field.fill("")
    form.locator("button[type=submit]").first.click()
    page.wait_for_load_state()
    return page.locator(".form-errors").count() > 0


def crawl(page: Page, url: str, starts: tuple[str, ...]) -> list[str]:
    """Return every page this person can reach by links, a few of each shape."""
    todo, seen, shapes = [url + start for start in starts], [], Counter()
    while todo:
        address = todo.pop(0)
        shape = re.sub(r"\d+", "N", address.split("?")[0])
        if address in seen or shapes[shape] >= MOST_OF_A_KIND or NO_PAGES.search(shape):
            continue
        try:
            answer = page.goto(address)
        except Error:  # a download
            continue
        kind = answer.headers.get("content-type", "") if answer else ""
        if answer is None or answer.status >= 400 or "text/html" not in kind:
            continue
        seen.append(address)
        shapes[shape] += 1
        links = page.eval_on_selector_all(
            "a[href]", "all => all.filter(a => !a.download).map(a => a.href)"
        )
        todo += [one.split("#")[0] for one in links if one.startswith(url)]
    return seen
