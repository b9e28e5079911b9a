"""How much a learner's first page weighs over the wire, and for whom an answer is compressed."""

import gzip
import re
import threading

import pytest
import requests
from werkzeug.serving import make_server

from tests.page import CSRF
from tests.world import World

COLD, WARM = 150_000, 20_000  # bytes
LINKS = re.compile(r'(?:href|src)="(/(?:static|brand|pictures)[^"]*)"')
HERE = {"Sec-Fetch-Site": "same-origin", "Accept-Encoding": "gzip"}


@pytest.fixture
def address(app):
    """Where the portal is served, by real HTTP."""
    # Not waitress: its loop falls over when its sockets are closed from another thread.
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def size_of(answer: requests.Response) -> int:
    """Headers and body as they travelled."""
    head = sum(len(name) + len(value) + 4 for name, value in answer.headers.items())
    return head + len(answer.raw.read())


def weigh(address: str, path: str, cookies: dict, cache: set[str]) -> int:
    """What a browser fetches to show a page, without what it keeps already."""
    more = {"headers": HERE, "cookies": cookies, "stream": True, "timeout": 120}
    answer = requests.get(address + path, **more)
    body = answer.raw.read()
    assert answer.status_code == 200
    page = gzip.decompress(body).decode()
    total = len(body) + sum(len(name) + len(value) + 4 for name, value in answer.headers.items())
    for link in {one.replace("&amp;", "&") for one in LINKS.findall(page)} - cache:
        file = requests.get(address + link, **more)
        assert file.status_code == 200, link
        if "max-age" in file.headers["Cache-Control"]:
            cache.add(link)
        total += size_of(file)
    return total


def test_the_first_page_of_a_learner_is_light(app, address, browser, world: World):
    world.completed_by(1)
    world.work()
    cookies = {"session": browser.sign_in(world.lena).client.get_cookie("session").value}
    cache: set[str] = set()
    cold = weigh(address, "/learner/", cookies, cache)
    warm = weigh(address, "/learner/", cookies, cache)
    assert 10_000 < cold <= COLD
    assert 1_000 < warm <= WARM


def test_files_are_kept_for_ever_by_the_hash_of_their_content(browser, ada):
    page = browser.get("/login")
    sheet = re.search(r'href="(/static/[^"]*frame[^"]*)"', page)[1]
    answer = browser.client.get(sheet, headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in answer.headers["Vary"]
    plain = browser.client.get(sheet, headers={"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in plain.headers
    assert gzip.decompress(answer.get_data()) == plain.get_data()
    for one in (answer, plain):
        again = browser.client.get(sheet, headers={"If-None-Match": one.headers["ETag"]})
        assert again.status_code == 304
        again.close()
    unhashed = browser.client.get(sheet.partition("?")[0])
    assert "immutable" not in unhashed.headers["Cache-Control"]
    plain.close()
    unhashed.close()


@pytest.mark.parametrize("site", ["cross-site", "same-site", None])
def test_what_another_site_makes_a_browser_ask_for_is_not_compressed(browser, ada, site):
    """Its length would tell how well the words of that site agree with the page."""
    browser.sign_in(ada)
    headers = {"Accept-Encoding": "gzip"} | ({"Sec-Fetch-Site": site} if site else {})
    answer = browser.client.get("/admin/people?q=csrf", headers=headers)
    assert "Content-Encoding" not in answer.headers
    assert "Sec-Fetch-Site" in answer.headers["Vary"]
    inside = browser.client.get("/admin/people?q=csrf", headers=HERE)
    assert inside.headers["Content-Encoding"] == "gzip"


def test_the_answer_to_a_form_is_not_compressed(browser, ada):
    token = CSRF.search(browser.get("/login"))[1]
    values = {"csrf_token": token, "email": "a@example.org", "password": "x"}
    answer = browser.client.post("/login", data=values, headers=HERE)
    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    assert "Content-Encoding" not in answer.headers
