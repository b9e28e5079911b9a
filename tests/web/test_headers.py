"""Headers on every answer, errors included; strange requests end in plain answers.

test_doors.py looks at the headers of every page as every role; here stand the answers that no page
gives by itself.
"""

import pytest
from sqlalchemy.exc import OperationalError

from portal.errors import Gone
from tests.web.sweeping import HTTPS, check_manners

NOT_THERE = ["/nowhere", "/admin/nowhere", "/.git/config", "/.env", "/instance/portal.db"]
NOT_THERE += ["/static/", "/static/../portal/factory.py", "/static/%2e%2e/app.py", "/metrics.json"]


def lay_traps(app) -> None:
    """Give the app pages that break, as no page of ours should."""

    def broken():
        raise KeyError("a-secret-of-the-code in /srv/rosette")

    def gone():
        raise Gone

    def busy():
        raise OperationalError("SELECT secret_column", {}, Exception("locked"))

    for trap in (broken, gone, busy):
        app.add_url_rule(f"/trap/{trap.__name__}", f"trap.{trap.__name__}", trap)


@pytest.mark.parametrize("settings", [HTTPS, {}], ids=["https", "http"])
def test_every_kind_of_error_has_its_headers_and_says_nothing_of_the_code(
    app, browser, ada, lena, settings
):
    lay_traps(app)
    browser.sign_in(lena)
    token = {"csrf_token": browser.token_of("/learner/profile")}
    huge = {**token, "theme": "x" * 2_000_000}
    ask = browser.client.open
    for wanted, answer in (
        (400, ask("/learner/profile", method="POST")),
        (400, ask("/login", headers={"Host": "evil.example"})),
        (403, ask("/admin/people")),
        (403, ask("/logout", method="POST", headers={"Sec-Fetch-Site": "cross-site"})),
        (404, ask("/nowhere")),
        (404, ask("/static/css/nowhere.css")),
        (404, ask("/pictures/nowhere.png")),
        (405, ask("/logout")),
        (405, ask("/learner/profile", method="TRACE")),
        (410, ask("/trap/gone")),
        (413, ask("/learner/profile", method="POST", data=huge)),
        (500, ask("/trap/broken")),
        (503, ask("/trap/busy")),
    ):
        assert answer.status_code == wanted
        check_manners(answer, f"{wanted} at {answer.request.path}", https=bool(settings))
        text = answer.get_data(as_text=True)
        for word in ("Traceback", "secret", "portal/", "site-packages", "SELECT"):
            assert word not in text, f"{wanted} tells {word}"
        answer.close()


def test_what_is_not_there_is_a_plain_404(browser, ada):
    browser.sign_in(ada)
    for path in NOT_THERE:
        assert browser.client.get(path).status_code == 404, path


def test_other_methods_have_no_effect(browser, ada):
    browser.sign_in(ada)
    for method in ("TRACE", "TRACK", "PUT", "DELETE", "PATCH", "PROPFIND"):
        answer = browser.client.open("/learner/profile", method=method)
        assert answer.status_code in {400, 405}, method
    renamed = {"X-HTTP-Method-Override": "POST", "X-Method-Override": "DELETE"}
    assert browser.client.get("/logout", headers=renamed).status_code == 405


def test_a_foreign_host_name_is_refused(browser):
    assert browser.client.get("/login", headers={"Host": "evil.example"}).status_code == 400


def test_whoever_watches_a_process_asks_it_by_its_number(browser):
    answer = browser.client.get("/health", headers={"Host": "10.0.0.11:5000"})
    assert answer.text in {"ok\n", "red\n"}  # not the page that refuses another host


def test_forwarded_headers_of_a_stranger_are_ignored(browser, ada):
    answer = browser.client.get("/", headers={"X-Forwarded-Host": "evil.example"})
    assert "evil" not in answer.headers["Location"]


def test_private_pages_are_kept_in_no_cache(browser, ada):
    assert browser.sign_in(ada).get("/learner/").headers["Cache-Control"] == "no-store"


def test_static_files_may_be_kept_for_long(browser):
    with browser.client.get("/static/css/tokens.css?v=0123456789ab") as answer:
        assert "max-age=31536000" in answer.headers["Cache-Control"]


def test_a_huge_form_is_refused(browser, ada):
    token = browser.token_of("/login")
    answer = browser.client.post("/login", data={"csrf_token": token, "email": "x" * 2_000_000})
    assert answer.status_code == 413


def test_a_refused_form_and_a_foreign_site_are_logged(browser, lena, ada, caplog):
    """What looks like an attack leaves a line with the page and how it was answered."""
    caplog.set_level("INFO", logger="portal.access")
    browser.sign_in(lena)
    browser.client.post("/logout")
    browser.client.post("/logout", headers={"Sec-Fetch-Site": "cross-site"})
    browser.client.get("/admin/people")
    browser.client.post("/hooks/credly/a-guess", data=b"{}")
    facts = [record.facts for record in caplog.records if record.name == "portal.access"]
    assert [(one["endpoint"], one["status"]) for one in facts] == [
        ("auth.sign_out.index", 400),
        ("auth.sign_out.index", 403),
        ("admin.people.index", 403),
        ("hooks.credly", 404),
    ]
