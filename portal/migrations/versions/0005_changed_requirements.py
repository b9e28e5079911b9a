"""Attempts that renew, completions taken back, and runs of changed requirements

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("enrolment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("renews", sa.Boolean(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "apply_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("learning_object_id", sa.Integer(), nullable=True),
        sa.Column("skill_level_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("last_id", sa.Integer(), nullable=False),
        sa.Column("looked_at", sa.Integer(), nullable=False),
        sa.Column("completed", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=False),
        sa.Column("owner", sa.String(length=32), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["learning_object_id"],
            ["learning_object.id"],
            name=op.f("fk_apply_run_learning_object_id"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_apply_run_person_id")),
        sa.ForeignKeyConstraint(
            ["skill_level_id"], ["skill_level.id"], name=op.f("fk_apply_run_skill_level_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_apply_run")),
    )
    with op.batch_alter_table("apply_run", schema=None) as batch_op:
        batch_op.create_index("ix_apply_run_state_due", ["state", "due"], unique=False)
        for column in ("learning_object_id", "skill_level_id"):
            batch_op.create_index(batch_op.f(f"ix_apply_run_{column}"), [column], unique=False)


def downgrade() -> None:
    op.drop_table("apply_run")
    # Not as a batch: SQLite would make the table anew, which the rows that lean on it forbid.
    for column in ("undone_at", "renews"):
        op.execute(f"ALTER TABLE enrolment DROP COLUMN {column}")
