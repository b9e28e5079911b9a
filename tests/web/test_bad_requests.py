"""Nothing that is typed into a form or an address breaks a page (assurance 7, groups D and E).

Here every page and form there is gets the same bad values, in one filled portal. What a single
field has to say stands in the tests of its page: docs/security/bad-inputs.md says which row is
where.
"""

import re

import pytest

from portal.extensions import db
from portal.models import Person
from portal.web.trust import DOCUMENTS, PICTURES, UPLOADS
from tests.page import Browser
from tests.web.sweeping import address_of
from tests.web.test_doors import DOORS

MARKUP = "'\"><script>alert(1)</script>{{7*7777}}${7*7777}%s%n{0.__class__}' OR 1=1--"
TYPED = ("", "\0", "x" * 10_000, MARKUP, "-1", "0x10", "1e309", "१२", str(2**63), "é\u202e\ud7ff🦆")
ASKED = (
    "page=0&per_page=100000&sort=__class__&q=%25&state=x&kind=x&role=x&connection=x&view=x",
    "page=-5&q=_&sort=name;drop&state=%00&period=x&group=-1&from=0000-00-00&to=x",
    f"page=999999999&q={'x' * 10_000}&connection={2**63}&group={2**63}&from=9999-99-99",
    "page=1e309&q=(.*[a-&__proto__[x]=1&state[]=1&role=admin%0d%0aX:y&period=-1&cursor=%ff",
    "page=last&after=999999999&before=1",
    "after=999999999",
    "before=000000000",
    "page=1&page=2&q=%ED%A0%80&q=b&state=held&state=done&after=%00&before=x&sort=",
)
NO_IDS = ("0", "-1", str(2**63), "%252e%252e")
FIELD = re.compile(r'<(?:input|textarea|select)\b[^>]*\bname="([^"]+)"')


@pytest.fixture
def inside(app, world, browser, ada):
    """Ada at home in a portal where something has happened, and the token of her forms."""
    world.complete()
    world.work()
    browser.sign_in(ada)
    return browser.client, browser.token_of("/learner/profile")


def test_nothing_typed_into_a_form_breaks_it(app, inside):
    client, token = inside
    tried = 0
    for rule in app.url_map.iter_rules():
        if "POST" not in rule.methods or rule.endpoint not in DOORS:
            continue
        address = address_of(rule)
        with client.get(address) as page:
            names = set(FIELD.findall(page.get_data().decode(errors="replace"))) - {"csrf_token"}
        for text in TYPED if names else ("",):
            values = {name: [text, text] for name in names}  # each twice, as no browser sends it
            with client.post(address, data={**values, "csrf_token": token}) as answer:
                said = answer.get_data().decode(errors="replace")
                where = f"{rule.endpoint} with {text[:20]!r} in {names}"
                assert answer.status_code < 500, where
                assert answer.mimetype == "text/csv" or "<script>alert" not in said, where
                assert str(7 * 7777) not in said, where
                tried += 1
    assert tried > 300


def test_every_page_with_a_field_for_files_may_take_a_large_one(app, inside):
    """And no other: what is larger than a form is refused there before it is read."""
    client, _token = inside
    with_field = set()
    for rule in app.url_map.iter_rules():
        if {"GET", "POST"} <= rule.methods:
            with client.get(address_of(rule)) as page:
                if b'type="file"' in page.get_data():
                    with_field.add(rule.endpoint)
    assert len(with_field) >= 5
    assert with_field <= UPLOADS | PICTURES | DOCUMENTS


def test_nothing_in_an_address_breaks_a_page(app, inside):
    client, _token = inside
    for rule in app.url_map.iter_rules():
        if "GET" not in rule.methods or rule.endpoint not in DOORS:
            continue
        for words in ASKED:
            with client.get(f"{address_of(rule)}?{words}") as answer:
                assert answer.status_code < 500, f"{rule.endpoint}?{words[:60]}"


def test_no_name_in_an_address_decides_where_our_links_lead(app, inside):
    """Some names mean something to what makes our links: they must not come from an address."""
    client, _token = inside
    for number in range(60):
        db.session.add(Person(email=f"x{number}@example.org", first_name="X", last_name="Y"))
    db.session.commit()
    trick = "endpoint=x&_scheme=javascript&_external=1&_method=BREW&_anchor=x&name=x&from=x&to=y"
    for address in (
        "/admin/people?page=2&role=",
        "/admin/reports/badges?x=1",
        "/admin/reports/awards?x=1",
        "/admin/figures/acceptance.csv?x=1",
        "/admin/audit?x=1",
        "/admin/awards?x=1",
        "/admin/deliveries?x=1",
    ):
        with client.get(f"{address}&{trick}") as answer:
            assert answer.status_code in {200, 302}, address
            led = answer.headers.get("Location", "/")
            assert led.startswith("/"), address
            assert "javascript:" not in answer.get_data(as_text=True), address


def test_an_id_that_nothing_can_have_is_not_found(app, inside):
    client, _token = inside
    for rule in app.url_map.iter_rules():
        if "GET" not in rule.methods or "<int:" not in rule.rule:
            continue
        for text in NO_IDS:
            address = re.sub(r"<[^>]*>", text, rule.rule)
            with client.get(address) as answer:
                assert answer.status_code in {404, 405}, address


def test_what_a_browser_says_of_itself_may_be_nonsense(browser, ada):
    browser.client.set_cookie("time_zone", "Mars/\x7f", domain="localhost")
    for said in ("xx", "x" * 10_000, "sv;q=nan", "*;q=-1", "en\u00e9", ""):
        answer = browser.client.get(
            "/login", headers={"Accept-Language": said, "User-Agent": said, "Accept": said}
        )
        assert answer.status_code == 200
        assert 'lang="' in answer.get_data(as_text=True)


def test_a_token_that_is_not_this_sessions_own_is_refused(app, browser, ada, lena):
    """A form's token counts in its own session alone, once sent as well as twice."""
    foreign = Browser(app).sign_in(lena).token_of("/learner/profile")
    browser.sign_in(ada)
    own, values = browser.token_of("/learner/profile"), {"language": "", "theme": "dark"}
    odd = ("", "x", foreign, own[:-1], own[:-1] + "\0", own.swapcase(), [foreign, own], own * 100)
    for token in odd:
        sent = {**values, "csrf_token": token}
        assert browser.client.post("/learner/profile", data=sent).status_code == 400, token
    sent = {**values, "csrf_token": [own, foreign]}
    assert browser.client.post("/learner/profile", data=sent).status_code == 302
