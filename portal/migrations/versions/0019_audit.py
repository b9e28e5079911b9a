"""From where things were done, and an audit that only grows

Revision ID: 0019
Revises: 0018
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

NAME = "audit_entry"
BEFORE = {
    "ix_audit_entry_at": ["at"],
    "ix_audit_entry_actor_id": ["actor_id"],
    "ix_audit_entry_person_id": ["person_id"],
    "ix_audit_entry_action_at": ["action", "at"],
    "ix_audit_entry_subject_subject_id": ["subject", "subject_id"],
}
AFTER = {
    "ix_audit_entry_at_id": ["at", "id"],
    "ix_audit_entry_actor_id_at_id": ["actor_id", "at", "id"],
    "ix_audit_entry_person_id_at_id": ["person_id", "at", "id"],
    "ix_audit_entry_action_at_id": ["action", "at", "id"],
    "ix_audit_entry_subject_subject_id_at_id": ["subject", "subject_id", "at", "id"],
}
REFUSAL = "audit_entry only grows"
FIXED = ("id", "at", "actor_id", "action", "subject", "subject_id", "person_id", "channel")

# An erasure empties the typed reason and the network; nothing else ever changes.
ON_SQLITE = (
    "CREATE TRIGGER audit_entry_no_change BEFORE UPDATE ON audit_entry WHEN NOT ("
    + " AND ".join(f"NEW.{name} IS OLD.{name}" for name in (*FIXED, "details"))
    + " AND (NEW.reason IS OLD.reason OR NEW.reason = '')"
    + " AND (NEW.network IS OLD.network OR NEW.network IS NULL))"
    + f" BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
    "CREATE TRIGGER audit_entry_no_delete BEFORE DELETE ON audit_entry"
    f" BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
)
ON_POSTGRESQL = (
    "CREATE FUNCTION audit_entry_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
    " IF TG_OP = 'UPDATE' THEN IF "
    + " AND ".join(f"NEW.{name} IS NOT DISTINCT FROM OLD.{name}" for name in FIXED)
    + " AND NEW.details::text IS NOT DISTINCT FROM OLD.details::text"
    + " AND (NEW.reason IS NOT DISTINCT FROM OLD.reason OR NEW.reason = '')"
    + " AND (NEW.network IS NOT DISTINCT FROM OLD.network OR NEW.network IS NULL)"
    + " THEN RETURN NEW; END IF; END IF;"
    + f" RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation';"
    + " END $$",
    "CREATE TRIGGER audit_entry_no_change BEFORE UPDATE OR DELETE ON audit_entry"
    " FOR EACH ROW EXECUTE FUNCTION audit_entry_only_grows()",
    "CREATE TRIGGER audit_entry_no_truncate BEFORE TRUNCATE ON audit_entry"
    " FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_only_grows()",
)


def upgrade() -> None:
    # Not as a batch: SQLite would make the table anew, and two columns without a value need none.
    op.add_column(NAME, sa.Column("channel", sa.String(length=32), nullable=True))
    op.add_column(NAME, sa.Column("network", sa.String(length=43), nullable=True))
    _index(BEFORE, AFTER)
    there = sa.text("network IS NOT NULL")
    op.create_index(
        "ix_audit_entry_network_at", NAME, ["at"], sqlite_where=there, postgresql_where=there
    )
    for statement in ON_SQLITE if _on_sqlite() else ON_POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    if _on_sqlite():
        op.execute("DROP TRIGGER audit_entry_no_change")
        op.execute("DROP TRIGGER audit_entry_no_delete")
    else:
        op.execute("DROP TRIGGER audit_entry_no_truncate ON audit_entry")
        op.execute("DROP TRIGGER audit_entry_no_change ON audit_entry")
        op.execute("DROP FUNCTION audit_entry_only_grows()")
    op.drop_index("ix_audit_entry_network_at", table_name=NAME)
    _index(AFTER, BEFORE)
    op.execute("ALTER TABLE audit_entry DROP COLUMN network")
    op.execute("ALTER TABLE audit_entry DROP COLUMN channel")


def _on_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _index(gone: dict[str, list[str]], new: dict[str, list[str]]) -> None:
    for name in gone:
        op.drop_index(name, table_name=NAME)
    for name, columns in new.items():
        op.create_index(name, NAME, columns)
