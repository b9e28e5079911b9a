"""Long lists

Revision ID: 0020
Revises: 0019
"""

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_award_state_id", "award", ["state", "id"])
    op.create_index("ix_delivery_state_id", "delivery", ["state", "id"])
    op.create_index(
        "ix_person_last_name_first_name_id", "person", ["last_name", "first_name", "id"]
    )


def downgrade() -> None:
    op.drop_index("ix_person_last_name_first_name_id", table_name="person")
    op.drop_index("ix_delivery_state_id", table_name="delivery")
    op.drop_index("ix_award_state_id", table_name="award")
