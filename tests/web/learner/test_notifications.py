"""The bell, the choice of mails, and the link that stops a kind of mail."""

import pytest

from portal.clock import utc_now
from portal.extensions import db
from portal.jobs.mailing import set_aside
from portal.messages import say
from portal.models import Mail, Notification, NotificationKind, UnwantedMail
from portal.services.people import notifications
from portal.services.people.notifications import notify, stop_token
from tests.factories import make_person
from tests.page import Browser

HERE = "/learner/notifications"
KIND = NotificationKind.BADGE_ISSUED


def tell(person, badge: str = "Knots", kind: NotificationKind = KIND) -> Notification:
    message = say("told_badge_issued", badge=badge)
    notify(person=person, kind=kind, message=message, path="/learner/badges", now=utc_now())
    db.session.commit()
    return db.session.query(Notification).order_by(Notification.id.desc()).first()


@pytest.fixture
def at_home(browser, ada, lena):
    return browser.sign_in(lena)


@pytest.fixture
def sealer(app):
    return app.extensions["means"].sealer


def test_the_bell_counts_and_opening_reads(at_home, lena):
    assert "Nothing new" in at_home.get(HERE)
    first = tell(lena, "<b>Ropes</b> %s {{7*7}}")
    tell(lena)
    page = at_home.get("/learner/catalogue")
    assert 'class="site-count">2<' in page
    assert "<b>Ropes</b> %s {{7*7}}" in at_home.get(HERE)  # the browser helper unescapes
    answer = at_home.post(f"{HERE}/{first.id}/open", page=HERE)
    assert answer.location == "/learner/badges"
    assert 'class="site-count">1<' in at_home.get(HERE)
    at_home.post(f"{HERE}/read", page=HERE)
    assert "site-count" not in at_home.get(HERE)


def test_somebody_elses_notification_does_not_exist(at_home, ada):
    other = tell(ada)
    at_home.post(f"{HERE}/{other.id}/open", expect=404, page=HERE)
    assert db.session.get(Notification, other.id).read_at is None


def test_a_long_list_has_pages(at_home, lena):
    for number in range(26):
        tell(lena, f"Knot {number}")
    page = at_home.get(HERE)
    assert "Next page" in page
    assert "Last page" in page
    assert "your badge Knot 0." in at_home.get(f"{HERE}?page=last")
    at_home.get(f"{HERE}?page=abc")


def test_lena_chooses_which_mails_she_wants(at_home, lena, ada):
    page = at_home.get(f"{HERE}/mails")
    assert "A badge waits for me" in page
    assert "A Credly token expires" not in page
    kept = [kind.value for kind in notifications.kinds_for(lena) if kind is not KIND]
    at_home.submit(f"{HERE}/mails", kinds=kept)
    assert notifications.unwanted(lena.id) == {KIND}
    at_home.submit(f"{HERE}/mails", kinds=[KIND.value])
    assert KIND not in notifications.unwanted(lena.id)
    at_home.submit(f"{HERE}/mails", expect=200, kinds=["token_expires"])
    at_home.submit(f"{HERE}/mails", expect=200, kinds=["odd"])


def test_one_click_in_a_mail_program_stops_a_kind(app, ada, lena, sealer):
    address = f"/stop-mails/{stop_token(lena.id, KIND, sealer)}"
    for _time in range(2):
        Browser(app).send(address, expect=200, **{"List-Unsubscribe": "One-Click"})
    assert notifications.unwanted(lena.id) == {KIND}
    assert not notifications.unwanted(ada.id)


def test_looking_at_the_link_asks_and_changes_nothing(app, ada, lena, sealer):
    address, visitor = f"/stop-mails/{stop_token(lena.id, KIND, sealer)}", Browser(app)
    assert "Stop the mails of this kind" in visitor.get(address)
    assert not db.session.query(UnwantedMail).count()
    visitor.send(address, expect=400)
    assert "no more mails" in visitor.submit(address, expect=200)
    assert notifications.unwanted(lena.id) == {KIND}


def test_a_forged_link_stops_nothing(app, ada, lena, sealer):
    good = stop_token(lena.id, KIND, sealer)
    forged = [
        *("x", "%00", "é" * 300, good[:-5], good[:40] + "A" + good[41:]),
        sealer.seal(f"{lena.id}:{KIND.value}", "mail:1"),
        sealer.seal("999:badge_issued", "stop-mails"),
        sealer.seal(f"{lena.id}:invitation", "stop-mails"),
    ]
    for token in forged:
        Browser(app).send(f"/stop-mails/{token}", expect=404, **{"List-Unsubscribe": "One-Click"})
    assert not db.session.query(UnwantedMail).count()


def test_without_mail_the_outbox_says_where_mail_would_have_gone(app, browser, ada, lena, now):
    tell(lena)
    set_aside(app.extensions["means"], now)
    page = browser.sign_in(ada).get("/admin/mails")
    assert "No mail server is set up" in page
    assert lena.email in page
    assert "Not sent: no mail server" in page
    assert "No mails here" in browser.get("/admin/mails?state=done")
    browser.get("/admin/mails?state=odd&page=99")


def test_the_outbox_of_many_mails_asks_the_database_no_more_often(app, browser, ada):
    for number in range(12):
        tell(make_person(f"Person Number{'x' * number}"))
    browser.sign_in(ada)
    few = queries(app, lambda: browser.get("/admin/mails?state=failed"))
    assert queries(app, lambda: browser.get("/admin/mails")) <= few + 2
    assert db.session.query(Mail).count() == 12


def queries(app, work) -> int:
    """Count the statements that some work sends."""
    seen: list[str] = []

    def note(_connection, _cursor, statement, *_rest) -> None:
        seen.append(statement)

    # What the garbage collector has not met yet is not asked for again: begin with nothing.
    db.session.expunge_all()
    db.event.listen(db.engine, "before_cursor_execute", note)
    try:
        work()
    finally:
        db.event.remove(db.engine, "before_cursor_execute", note)
    return len(seen)
