"""Headers on every answer, errors included; strange requests end in plain answers."""

import pytest

from portal.web.headers import ALWAYS
from tests.web.test_doors import address_of


def test_every_answer_has_its_headers(app, browser, ada):
    browser.sign_in(ada)
    for rule in app.url_map.iter_rules():
        if "GET" in rule.methods:
            answer = browser.client.get(address_of(rule))
            for name in ALWAYS:
                assert name in answer.headers, f"{rule.endpoint} lacks {name}"
            answer.close()  # a file that is sent in pieces holds its request open


@pytest.mark.parametrize(
    "path", ["/nowhere", "/admin/nowhere", "/.git/config", "/instance/portal.db"]
)
def test_what_is_not_there_is_a_plain_404_with_its_headers(browser, ada, path):
    answer = browser.sign_in(ada).client.get(path)
    assert answer.status_code == 404
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("method", ["TRACE", "PUT", "DELETE", "PATCH"])
def test_other_methods_have_no_effect(browser, ada, method):
    answer = browser.sign_in(ada).client.open("/learner/profile", method=method)
    assert answer.status_code in {400, 405}


def test_a_foreign_host_name_is_refused(browser):
    assert browser.client.get("/login", headers={"Host": "evil.example"}).status_code == 400


def test_forwarded_headers_of_a_stranger_are_ignored(browser, ada):
    answer = browser.client.get("/", headers={"X-Forwarded-Host": "evil.example"})
    assert "evil" not in answer.headers["Location"]


def test_private_pages_are_kept_in_no_cache(browser, ada):
    assert browser.sign_in(ada).get("/learner/").headers["Cache-Control"] == "no-store"


def test_static_files_may_be_kept_for_long(browser):
    with browser.client.get("/static/css/tokens.css") as answer:
        assert "max-age=31536000" in answer.headers["Cache-Control"]


def test_a_huge_form_is_refused(browser, ada):
    token = browser.token_of("/login")
    answer = browser.client.post("/login", data={"csrf_token": token, "email": "x" * 2_000_000})
    assert answer.status_code == 413
