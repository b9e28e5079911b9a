"""Whole catalogues: their uploads, what their source said, an id for everything

Revision ID: 0018
Revises: 0017
"""

from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "catalogue_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("issues", sa.Boolean(), nullable=False),
        sa.Column("left_over", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_catalogue_import_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalogue_import")),
    )
    # Not as a batch: SQLite would make the table anew, which its rows' own rows forbid.
    op.execute(
        "ALTER TABLE import_run ADD COLUMN catalogue_import_id INTEGER"
        " CONSTRAINT fk_import_run_catalogue_import_id"
        " REFERENCES catalogue_import (id)"
    )
    op.create_index("ix_import_run_catalogue_import_id", "import_run", ["catalogue_import_id"])
    op.create_table(
        "source_record",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("source_id", sa.String(length=255), nullable=False),
        sa.Column("parent", sa.String(length=255), nullable=True),
        sa.Column("learner_id", sa.Integer(), nullable=True),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("import_run_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["import_run_id"], ["import_run.id"], name=op.f("fk_source_record_import_run_id")
        ),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["person.id"], name=op.f("fk_source_record_learner_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source_record")),
    )
    _index_source_records()
    for table in ("learning_object", "module", "skill"):
        _fill(table)


def _index_source_records() -> None:
    of_things, of_learners = sa.text("learner_id IS NULL"), sa.text("learner_id IS NOT NULL")
    with op.batch_alter_table("source_record", schema=None) as batch_op:
        batch_op.create_index("ix_source_record_kind_parent", ["kind", "parent"])
        batch_op.create_index("ix_source_record_learner_id", ["learner_id"])
        batch_op.create_index(
            "uq_source_record_kind_source_id",
            ["kind", "source_id"],
            unique=True,
            sqlite_where=of_things,
            postgresql_where=of_things,
        )
        batch_op.create_index(
            "uq_source_record_kind_learner_id_source_id",
            ["kind", "learner_id", "source_id"],
            unique=True,
            sqlite_where=of_learners,
            postgresql_where=of_learners,
        )


def _fill(name: str) -> None:
    """Give what was made in the portal an id, under which it can go out and come back."""
    table = sa.table(name, sa.column("id"), sa.column("source_id"))
    connection = op.get_bind()
    ids = connection.scalars(sa.select(table.c.id).where(table.c.source_id.is_(None))).all()
    rows = [{"of": one, "given": str(uuid4())} for one in ids]
    if rows:
        mine = sa.update(table).where(table.c.id == sa.bindparam("of"))
        connection.execute(mine.values(source_id=sa.bindparam("given")), rows)


def downgrade() -> None:
    op.drop_table("source_record")
    with op.batch_alter_table("import_run", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("fk_import_run_catalogue_import_id"), type_="foreignkey")
        batch_op.drop_index("ix_import_run_catalogue_import_id")
        batch_op.drop_column("catalogue_import_id")
    op.drop_table("catalogue_import")
