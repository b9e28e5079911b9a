"""Indexes for the dashboard and the reports

Revision ID: 0017
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

AT_CREDLY = sa.text("state IS NOT NULL")


def upgrade() -> None:
    op.create_index(
        "ix_issued_badge_figures",
        "issued_badge",
        ["issued_at", "state", "state_changed_at", "learner_id"],
        unique=False,
        sqlite_where=AT_CREDLY,
        postgresql_where=AT_CREDLY,
    )
    op.create_index(
        "ix_enrolment_figures",
        "enrolment",
        ["enrolled_at", "learning_object_id", "state", "success", "learner_id"],
        unique=False,
    )
    op.create_index("ix_award_earned_at", "award", ["earned_at"], unique=False)
    op.create_index("ix_reached_level_reached_at", "reached_level", ["reached_at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_reached_level_reached_at", table_name="reached_level")
    op.drop_index("ix_award_earned_at", table_name="award")
    op.drop_index("ix_enrolment_figures", table_name="enrolment")
    op.drop_index("ix_issued_badge_figures", table_name="issued_badge")
