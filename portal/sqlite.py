"""How SQLAlchemy speaks to SQLite here: it begins transactions as `extensions` says.

A listener to "begin" would do the same, but then SQLAlchemy asks before and after each statement
whether anybody listens to that as well, which took a tenth of the time of a request.
"""

import threading
from typing import Any

from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

from portal.extensions import begin_on_sqlite


class Dialect(SQLiteDialect_pysqlite):
    """SQLite, with one turn to write for all connections of an engine."""

    supports_statement_cache = True

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.turn = threading.Lock()

    def do_begin(self, dbapi_connection: Any) -> None:
        """Begin a transaction; the driver must not do so by itself."""
        begin_on_sqlite(dbapi_connection, self.turn)
