"""Engine signs

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "engine_sign",
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_engine_sign"),
    )
    op.create_index("ix_engine_sign_seen_at", "engine_sign", ["seen_at"])
    # The one sign of all engines stood here.
    op.execute("DELETE FROM setting WHERE name = 'jobs_seen_at'")


def downgrade() -> None:
    op.drop_index("ix_engine_sign_seen_at", table_name="engine_sign")
    op.drop_table("engine_sign")
