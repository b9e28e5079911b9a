"""Acceptance

Revision ID: 0026
Revises: 0025
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

COUNTED = sa.text("state IS NOT NULL AND gone_at IS NULL")
PENDING = sa.text("state = 'pending' AND gone_at IS NULL")
REPLACING = sa.text("replaces_id IS NOT NULL")

# When the newest delivery that brought the badge was done; where none did, when it was earned.
FILL = """
UPDATE issued_badge SET came_at = coalesce(
    (SELECT max(delivery.ended_at) FROM delivery WHERE delivery.issued_badge_id = issued_badge.id
     AND delivery.state = 'done' AND delivery.kind != 'revoke'),
    issued_at)
"""


def upgrade() -> None:
    came_at = sa.Column(
        "came_at",
        sa.DateTime(timezone=True),
        nullable=False,
        server_default="1970-01-01 00:00:00.000000",
    )
    op.add_column("issued_badge", came_at)
    op.execute(FILL)
    counted = ("badge_id", "state", "came_at", "id", "reminders", "gone_at")
    _index("ix_issued_badge_acceptance", COUNTED, *counted)
    _index("ix_issued_badge_pending", PENDING, "came_at", "id")
    _index("ix_issued_badge_replaces_id", REPLACING, "replaces_id")
    op.create_index(
        "ix_delivery_silent",
        "delivery",
        ["issued_badge_id"],
        sqlite_where=sa.text("suppress_mail = 1"),
        postgresql_where=sa.text("suppress_mail"),
    )


def downgrade() -> None:
    op.drop_index("ix_delivery_silent", table_name="delivery")
    for name in ("replaces_id", "pending", "acceptance"):
        op.drop_index(f"ix_issued_badge_{name}", table_name="issued_badge")
    with op.batch_alter_table("issued_badge") as batch:
        batch.drop_column("came_at")


def _index(name: str, where: sa.TextClause, *columns: str) -> None:
    op.create_index(name, "issued_badge", [*columns], sqlite_where=where, postgresql_where=where)
