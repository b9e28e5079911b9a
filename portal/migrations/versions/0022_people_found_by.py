"""People found by one text

Revision ID: 0022
Revises: 0021
"""

import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

PIECE = 1000

person = sa.table(
    "person",
    sa.column("id", sa.Integer),
    *(sa.column(name, sa.Text) for name in ("first_name", "last_name", "email", "found_by")),
    sa.column("erased_at"),
)


def upgrade() -> None:
    op.add_column("person", sa.Column("found_by", sa.Text(), nullable=False, server_default=""))
    _fill(op.get_bind())
    op.create_index("ix_person_found_by", "person", ["found_by"])


def downgrade() -> None:
    op.drop_index("ix_person_found_by", table_name="person")
    with op.batch_alter_table("person") as batch:
        batch.drop_column("found_by")


def _fill(connection: sa.Connection) -> None:
    """Write it for those who are there; the databases fold letters each in their own way."""
    query = sa.select(person.c.id, person.c.first_name, person.c.last_name, person.c.email)
    query = query.where(person.c.erased_at.is_(None)).order_by(person.c.id).limit(PIECE)
    write = (
        sa.update(person)
        .where(person.c.id == sa.bindparam("who"))
        .values(found_by=sa.bindparam("text"))
    )
    last = 0
    while rows := connection.execute(query.where(person.c.id > last)).all():
        connection.execute(write, [{"who": row.id, "text": _folded(row)} for row in rows])
        last = rows[-1].id


def _folded(row: sa.Row) -> str:
    text = f"{row.first_name} {row.last_name}\n{row.email}"
    return unicodedata.normalize("NFC", text.casefold())
