"""Kinds of files: what a run is about, and where it is in its file."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what kinds of files need; the rows of an import hold more than templates."""
    # In words of both databases: as a batch SQLite would make the table anew, which its rows'
    # own rows forbid.
    op.execute(
        "ALTER TABLE import_run ADD COLUMN learning_object_id INTEGER"
        " CONSTRAINT fk_import_run_learning_object_id"
        " REFERENCES learning_object (id)"
    )
    with op.batch_alter_table("import_run") as batch_op:
        batch_op.add_column(sa.Column("member", sa.String(length=1024), nullable=True))
        batch_op.add_column(sa.Column("options", sa.JSON(), server_default="{}", nullable=False))
        batch_op.add_column(
            sa.Column("done_at", sa.BigInteger(), server_default="0", nullable=False)
        )
        batch_op.add_column(
            sa.Column("next_line", sa.Integer(), server_default="1", nullable=False)
        )
        batch_op.create_index(
            batch_op.f("ix_import_run_learning_object_id"), ["learning_object_id"], unique=False
        )
    with op.batch_alter_table("import_row") as batch_op:
        batch_op.drop_index("ix_import_row_import_run_id_holds_template")
        batch_op.alter_column(
            "holds_template",
            new_column_name="holds",
            existing_type=sa.String(length=36),
            type_=sa.String(length=255),
            existing_nullable=True,
        )
    with op.batch_alter_table("import_row") as batch_op:
        batch_op.create_index(
            "ix_import_row_import_run_id_holds", ["import_run_id", "holds"], unique=False
        )


def downgrade() -> None:
    """Take it away again."""
    with op.batch_alter_table("import_row") as batch_op:
        batch_op.drop_index("ix_import_row_import_run_id_holds")
        batch_op.alter_column(
            "holds",
            new_column_name="holds_template",
            existing_type=sa.String(length=255),
            type_=sa.String(length=36),
            existing_nullable=True,
        )
    with op.batch_alter_table("import_row") as batch_op:
        batch_op.create_index(
            "ix_import_row_import_run_id_holds_template",
            ["import_run_id", "holds_template"],
            unique=False,
        )
    with op.batch_alter_table("import_run") as batch_op:
        batch_op.drop_index(batch_op.f("ix_import_run_learning_object_id"))
        batch_op.drop_constraint(batch_op.f("fk_import_run_learning_object_id"), type_="foreignkey")
        for name in ("next_line", "done_at", "options", "learning_object_id", "member"):
            batch_op.drop_column(name)
