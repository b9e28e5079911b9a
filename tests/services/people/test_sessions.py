"""Sessions without pages."""

from datetime import timedelta

from portal.extensions import db
from portal.models import SignInSession
from portal.services.people import sessions


def test_an_id_is_random_and_finds_its_person(app, lena, now):
    first, second = (sessions.start(lena, "a browser", now) for _one in range(2))
    assert first != second
    assert len(first) >= 43
    assert sessions.find(first, now).person is lena


def test_who_is_switched_off_has_no_session(app, lena, now):
    session_id = sessions.start(lena, "a browser", now)
    lena.active = False
    db.session.commit()
    assert sessions.find(session_id, now) is None


def test_only_live_sessions_are_listed(app, ada, now):
    for age in (timedelta(minutes=1), timedelta(minutes=31), timedelta(hours=13)):
        sessions.start(ada, "a browser", now - age)
    assert len(sessions.list_for(ada, now)) == 1


def test_an_endless_name_of_a_browser_is_cut(app, lena, now):
    sessions.start(lena, "x" * 5000, now)
    assert len(db.session.query(SignInSession).one().browser) == 200


def test_what_is_over_for_everybody_is_swept_away(app, lena, now):
    sessions.start(lena, "a browser", now - timedelta(days=15))
    sessions.start(lena, "a browser", now)
    sessions.sweep(now)
    assert db.session.query(SignInSession).count() == 1
