"""Deliveries that may be claimed, in the order in which they are

Revision ID: 0021
Revises: 0020
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

CLAIMABLE = sa.text("state IN ('waiting', 'sending', 'unsure')")


def upgrade() -> None:
    op.create_index(
        "ix_delivery_claimable",
        "delivery",
        ["connection_id", "due", "id"],
        sqlite_where=CLAIMABLE,
        postgresql_where=CLAIMABLE,
    )
    op.drop_index("ix_delivery_connection_id_state_due", table_name="delivery")


def downgrade() -> None:
    op.create_index(
        "ix_delivery_connection_id_state_due", "delivery", ["connection_id", "state", "due"]
    )
    op.drop_index("ix_delivery_claimable", table_name="delivery")
