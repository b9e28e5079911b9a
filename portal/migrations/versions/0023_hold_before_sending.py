"""Hold before sending

Revision ID: 0023
Revises: 0022
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("learning_object") as batch_op:
        batch_op.add_column(
            sa.Column("hold_minutes", sa.Integer(), server_default="0", nullable=False)
        )
    with op.batch_alter_table("delivery") as batch_op:
        batch_op.add_column(sa.Column("held_until", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("delivery") as batch_op:
        batch_op.drop_column("held_until")
    with op.batch_alter_table("learning_object") as batch_op:
        batch_op.drop_column("hold_minutes")
