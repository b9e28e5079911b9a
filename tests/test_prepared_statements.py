"""PostgreSQL parses and plans what is asked again and again once, for connections are kept warm."""

import pytest
from sqlalchemy import func, select, text

from portal.extensions import db, end_looking
from portal.models import Person

OFTEN = 10  # psycopg prepares a statement when it has seen it five times on a connection
PREPARED = text("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%FROM person%'")


@pytest.fixture
def several_connections(app):
    """Let the pool hold more than one connection, as it does where several threads work."""
    if db.engine.dialect.name == "sqlite":
        pytest.skip("needs PostgreSQL: SQLite keeps its statements itself")
    for held in [db.engine.connect() for _ in range(3)]:
        held.close()


def test_what_is_asked_often_by_those_who_only_look_is_prepared_once(several_connections):
    for _ in range(OFTEN):
        db.session.scalar(select(func.count()).select_from(Person))
        end_looking()
    assert db.session.scalar(PREPARED) == 1
