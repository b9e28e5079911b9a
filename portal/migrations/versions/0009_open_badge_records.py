"""open badges records

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "open_badge_record",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issued_badge_id", sa.Integer(), nullable=False),
        sa.Column("credly_id", sa.String(length=36), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=False),
        sa.Column("owner", sa.String(length=32), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("record", sa.JSON(), nullable=True),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["issued_badge_id"],
            ["issued_badge.id"],
            name=op.f("fk_open_badge_record_issued_badge_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_open_badge_record")),
        sa.UniqueConstraint("issued_badge_id", name=op.f("uq_open_badge_record_issued_badge_id")),
    )
    with op.batch_alter_table("open_badge_record", schema=None) as batch_op:
        batch_op.create_index("ix_open_badge_record_state_due", ["state", "due"], unique=False)


def downgrade() -> None:
    op.drop_table("open_badge_record")
