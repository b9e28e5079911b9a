"""The portal speaks the reader's language: chosen by the browser, then by the profile."""

import pytest

from portal.extensions import db
from portal.mail import Writer, compose
from portal.models import Mail
from tests.factories import make_person


def opened(browser, wishes: str) -> str:
    answer = browser.client.get("/login", headers={"Accept-Language": wishes})
    return answer.get_data(as_text=True)


@pytest.mark.parametrize("wishes", ["sv", "sv-SE,sv;q=0.9,en;q=0.8", "fi, sv;q=0.5, en;q=0.1"])
def test_a_swedish_browser_reads_swedish(browser, ada, wishes):
    page = opened(browser, wishes)
    assert '<html lang="sv"' in page
    assert "Logga in" in page


@pytest.mark.parametrize("wishes", ["", "xx", "en-GB,en;q=0.9,sv;q=0.2", "x" * 10_000])
def test_every_other_browser_reads_english(browser, ada, wishes):
    page = opened(browser, wishes)
    assert '<html lang="en"' in page
    assert "Sign in" in page


def test_what_somebody_chose_wins_over_their_browser(browser, lena):
    browser.sign_in(lena)
    page = browser.get("/learner/profile")
    assert "Svenska" in page
    browser.submit("/learner/profile", language="sv", theme="system", credly_profile="")
    page = browser.get("/learner/profile")
    assert '<html lang="sv"' in page
    assert "Språk" in page


def test_a_language_that_nobody_speaks_is_refused(browser, lena):
    page = browser.sign_in(lena).submit(
        "/learner/profile", expect=200, language="tlh", theme="system", credly_profile=""
    )
    assert "language-error" in page


def test_a_rule_that_says_no_says_it_in_swedish(browser, ada):
    ada.locale = "sv"
    db.session.commit()
    make_person(email="lena@example.org")
    page = browser.sign_in(ada).submit(
        "/admin/people/new",
        expect=200,
        email="lena@example.org",
        first_name="Lena",
        last_name="Lärling",
    )
    assert "Någon med den här e-postadressen finns redan här." in page


def test_a_mail_is_written_in_the_language_of_its_reader(app, lena):
    lena.locale = "sv"
    mail = Mail(kind="invitation", person=lena, values={})
    writer = Writer("Hamnen", "https://portal.example", "a@b.example", lambda *_words: "")
    message = compose(mail, "https://portal.example/x", writer)
    assert message["Subject"] == "Ditt konto hos Hamnen"
    assert "Välj ditt lösenord" in message.get_content()


def test_days_are_written_as_swedes_do(browser, world):
    world.lena.locale = "sv"
    db.session.commit()
    world.complete()
    page = browser.sign_in(world.lena).get("/learner/badges/1")
    months = "januari februari mars april maj juni juli augusti september oktober november december"
    assert any(f" {month} 2" in page for month in months.split())
