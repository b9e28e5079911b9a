"""A PostgreSQL server that was restarted costs nobody an error page."""

import psycopg
import pytest
from sqlalchemy import event
from sqlalchemy.engine import make_url

from portal.extensions import LONGEST_REST, db


@pytest.fixture
def restarted(app):
    """End every connection that rests in the pool, as a server that restarts does."""
    if db.engine.dialect.name == "sqlite":
        pytest.skip("needs PostgreSQL: a file does not go away")
    own = make_url(str(db.engine.url.render_as_string(hide_password=False)))
    address = own.set(drivername="postgresql").render_as_string(hide_password=False)

    def restart():
        with psycopg.connect(address, autocommit=True) as other:
            other.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )

    return restart


def test_a_connection_that_rested_is_asked_whether_it_still_stands(restarted):
    def long_ago(_connection, record):
        record.info["rested_since"] -= 2 * LONGEST_REST

    event.listen(db.engine.pool, "checkin", long_ago)
    assert db.session.scalar(db.text("SELECT 1")) == 1
    db.session.rollback()
    restarted()
    assert db.session.scalar(db.text("SELECT 1")) == 1
