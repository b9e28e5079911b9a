"""An address for Credly's events whose answer was lost

Revision ID: 0029
Revises: 0028
"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

INDEX = "ix_connection_webhook_next_hash"


def upgrade() -> None:
    with op.batch_alter_table("connection") as batch_op:
        batch_op.add_column(sa.Column("webhook_next_hash", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("webhook_look_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(INDEX, "connection", ["webhook_next_hash"], unique=True)


def downgrade() -> None:
    op.drop_index(INDEX, table_name="connection")
    with op.batch_alter_table("connection") as batch_op:
        batch_op.drop_column("webhook_look_at")
        batch_op.drop_column("webhook_next_hash")
