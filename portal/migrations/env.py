"""Alembic's entry: runs schema changes on the app's own engine, or on a connection it is given."""

from alembic import context
from sqlalchemy import Connection, Enum

from portal.extensions import db
from portal.models.columns import Moment


def _plainly(kind: str, item: object, _autogen: object) -> str | bool:
    """Write our own column types as what they are in the database."""
    if kind == "type" and isinstance(item, Moment):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, Enum):
        return f"sa.String(length={item.length})"
    return False


def run() -> None:
    """Run the changes that were asked for. Who gives a connection ends its transaction, too."""
    given = context.config.attributes.get("connection")
    if given is not None:
        _run_on(given)
        return
    with db.engine.connect() as connection:
        _run_on(connection)


def _run_on(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=db.metadata,
        render_as_batch=True,
        render_item=_plainly,
    )
    with context.begin_transaction():
        context.run_migrations()


run()
