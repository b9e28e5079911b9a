"""Indexes that hold all that is counted of the enrolments on an object

Revision ID: 0028
Revises: 0027
"""

from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

COUNTED = ["learning_object_id", "enrolled_at", "state", "success", "learner_id"]


def upgrade() -> None:
    op.drop_index("ix_enrolment_figures", table_name="enrolment")
    op.create_index("ix_enrolment_figures", "enrolment", COUNTED, unique=False)
    op.create_index(
        "ix_enrolment_standing",
        "enrolment",
        ["learning_object_id", "state", "success", "due_at"],
        unique=False,
    )
    op.drop_index("ix_enrolment_learning_object_id_state", table_name="enrolment")


def downgrade() -> None:
    op.create_index(
        "ix_enrolment_learning_object_id_state",
        "enrolment",
        ["learning_object_id", "state"],
        unique=False,
    )
    op.drop_index("ix_enrolment_standing", table_name="enrolment")
    op.drop_index("ix_enrolment_figures", table_name="enrolment")
    before = ["enrolled_at", "learning_object_id", "state", "success", "learner_id"]
    op.create_index("ix_enrolment_figures", "enrolment", before, unique=False)
