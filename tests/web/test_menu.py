"""The menu of an area: one row, with what is opened now and then folded away."""

import re

from portal.web.menu import ENTRIES, MOST_IN_A_ROW

FOLDED = re.compile(r'<details class="site-more">(.*?)</details>', re.DOTALL)


def folded(page) -> str:
    found = FOLDED.search(page)
    return found[1] if found else ""


def test_an_administrator_finds_every_entry_and_few_of_them_folded(browser, ada):
    page = browser.sign_in(ada).get("/admin/")
    entries = page.partition('class="site-entries"')[2].partition("</nav>")[0]
    assert entries.count("<a ") == len(ENTRIES["admin"])
    more = folded(page)
    assert entries.count("<a ") - more.count("<a ") <= MOST_IN_A_ROW
    for label in ("Audit", "Settings", "System"):
        assert f"{label}</a>" in more
    assert "data-here" not in more


def test_a_folded_page_says_where_one_is(browser, ada):
    more = folded(browser.sign_in(ada).get("/admin/settings"))
    assert "<summary data-here>" in more
    assert "– Settings" in more
    assert re.search(r'href="/admin/settings" aria-current="page"', more)


def test_what_fits_is_not_folded(browser, ivar, otto):
    assert not folded(browser.sign_in(ivar).get("/admin/"))
    assert not folded(browser.sign_in(otto).get("/author/"))
