"""Pictures that came in an upload: the sum of their bytes, to know them again."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the sum."""
    with op.batch_alter_table("image") as batch_op:
        batch_op.add_column(sa.Column("digest", sa.String(length=64), nullable=True))
        batch_op.create_index(batch_op.f("ix_image_digest"), ["digest"], unique=False)


def downgrade() -> None:
    """Take it away again."""
    with op.batch_alter_table("image") as batch_op:
        batch_op.drop_index(batch_op.f("ix_image_digest"))
        batch_op.drop_column("digest")
