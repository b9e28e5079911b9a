"""For which due day a learner was warned

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("enrolment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("due_told", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index("ix_enrolment_due_at", ["due_at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("enrolment", schema=None) as batch_op:
        batch_op.drop_index("ix_enrolment_due_at")
        batch_op.drop_column("due_told")
