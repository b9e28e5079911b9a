"""Reading goes on while somebody else holds SQLite's only write lock."""

import sqlite3
from datetime import timedelta

import pytest

from portal.extensions import BUSY_TIMEOUT, db
from portal.models import SignInSession


def test_a_page_is_shown_while_the_database_is_locked(app, browser, lena):
    if db.engine.dialect.name != "sqlite":
        pytest.skip("only SQLite has one writer")
    browser.sign_in(lena)
    earlier = db.session.scalar(db.select(SignInSession.last_seen_at)) - timedelta(minutes=5)
    db.session.execute(db.update(SignInSession).values(last_seen_at=earlier))
    db.session.commit()
    holder = sqlite3.connect(db.engine.url.database, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    try:
        assert browser.client.get("/learner/").status_code == 200
    finally:
        holder.execute("ROLLBACK")
        holder.close()
    assert browser.client.get("/learner/").status_code == 200
    seen = db.session.scalar(db.select(SignInSession.last_seen_at))
    assert seen > earlier, "the next page notes it"
    waits = db.session.scalar(db.text("PRAGMA busy_timeout"))
    assert waits == BUSY_TIMEOUT * 1000, "whoever gets the connection next waits as ever"
