"""Badges in files: those that came from no file get an id as well, so that they can go out."""

import uuid

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

badge = sa.table("badge", sa.column("id", sa.Integer), sa.column("source_id", sa.String))


def upgrade() -> None:
    """Give every badge an id by which files know it."""
    bind = op.get_bind()
    nameless = bind.scalars(sa.select(badge.c.id).where(badge.c.source_id.is_(None))).all()
    given = sa.update(badge).where(badge.c.id == sa.bindparam("which"))
    given = given.values(source_id=sa.bindparam("source"))
    if nameless:
        bind.execute(given, [{"which": one, "source": str(uuid.uuid4())} for one in nameless])


def downgrade() -> None:
    """Leave the ids: they do no harm."""
