"""Who a person is at the sign-in service

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("oidc_issuer", sa.String(length=300), nullable=True))
        batch_op.add_column(sa.Column("oidc_subject", sa.String(length=255), nullable=True))
        batch_op.create_index(
            "ix_person_oidc_issuer_oidc_subject", ["oidc_issuer", "oidc_subject"], unique=True
        )


def downgrade() -> None:
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_index("ix_person_oidc_issuer_oidc_subject")
        batch_op.drop_column("oidc_subject")
        batch_op.drop_column("oidc_issuer")
