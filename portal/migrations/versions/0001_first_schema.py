"""first schema

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table(
        "books_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=False),
        sa.Column("owner", sa.String(length=32), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("balanced", sa.Boolean(), nullable=True),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_books_run")),
    )
    with op.batch_alter_table("books_run", schema=None) as batch_op:
        batch_op.create_index("ix_books_run_state_due", ["state", "due"], unique=False)

    op.create_table(
        "connection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("name_key", sa.String(length=100), nullable=False),
        sa.Column("organization_id", sa.String(length=36), nullable=False),
        sa.Column("organization_name", sa.String(length=500), nullable=False),
        sa.Column("hostname", sa.String(length=255), nullable=False),
        sa.Column("sealed_token", sa.String(length=2000), nullable=False),
        sa.Column("token_ending", sa.String(length=4), nullable=False),
        sa.Column("token_saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("token_warned_at", sa.Integer(), nullable=True),
        sa.Column("token_version", sa.Integer(), nullable=False),
        sa.Column("linked_in_organization_id", sa.String(length=40), nullable=True),
        sa.Column("linked_in_organization_name", sa.String(length=255), nullable=True),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("state_reason", sa.JSON(), nullable=True),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("proven_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_call", sa.Double(), nullable=False),
        sa.Column("webhook_hash", sa.String(length=64), nullable=True),
        sa.Column("webhook_set_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refresh_due", sa.DateTime(timezone=True), nullable=False),
        sa.Column("refreshed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_connection")),
        sa.UniqueConstraint("name_key", name=op.f("uq_connection_name_key")),
        sa.UniqueConstraint("webhook_hash", name=op.f("uq_connection_webhook_hash")),
    )
    op.create_table(
        "image",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=2000), nullable=False),
        sa.Column("from_credly", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=False),
        sa.Column("owner", sa.String(length=32), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=True),
        sa.Column("reason", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_image")),
    )
    with op.batch_alter_table("image", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_image_key"), ["key"], unique=False)
        batch_op.create_index("ix_image_state_due", ["state", "due"], unique=False)

    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("badge_email", sa.String(length=254), nullable=True),
        sa.Column("first_name", sa.String(length=100), nullable=False),
        sa.Column("last_name", sa.String(length=100), nullable=False),
        sa.Column("locale", sa.String(length=16), nullable=True),
        sa.Column("theme", sa.String(length=32), nullable=False),
        sa.Column("credly_profile", sa.String(length=500), nullable=True),
        sa.Column("earner_id", sa.String(length=36), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("earner_id", name=op.f("uq_person_earner_id")),
        sa.UniqueConstraint("email", name=op.f("uq_person_email")),
    )
    op.create_table(
        "setting",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("value", sa.String(length=2000), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_setting")),
    )
    op.create_table(
        "sign_in_brake",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("closed_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_failure_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_sign_in_brake")),
    )
    op.create_table(
        "skill",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("source_id", sa.String(length=255), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_skill")),
        sa.UniqueConstraint("source_id", name=op.f("uq_skill_source_id")),
    )
    op.create_table(
        "import_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("upload", sa.String(length=64), nullable=True),
        sa.Column("connection_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=False),
        sa.Column("owner", sa.String(length=32), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("separator", sa.String(length=4), nullable=True),
        sa.Column("encoding", sa.String(length=32), nullable=True),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("ignored", sa.JSON(), nullable=False),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("new", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("noted", sa.Integer(), nullable=False),
        sa.Column("done_line", sa.Integer(), nullable=False),
        sa.Column("listed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(
            ["connection_id"], ["connection.id"], name=op.f("fk_import_run_connection_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_import_run_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_run")),
    )
    with op.batch_alter_table("import_run", schema=None) as batch_op:
        batch_op.create_index("ix_import_run_state_due", ["state", "due"], unique=False)

    op.create_table(
        "inbound_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("connection_id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.String(length=36), nullable=False),
        sa.Column("event_type", sa.String(length=60), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=False),
        sa.Column("owner", sa.String(length=32), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("times_received", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(
            ["connection_id"], ["connection.id"], name=op.f("fk_inbound_event_connection_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbound_event")),
        sa.UniqueConstraint(
            "connection_id", "event_id", name=op.f("uq_inbound_event_connection_id_event_id")
        ),
    )
    with op.batch_alter_table("inbound_event", schema=None) as batch_op:
        batch_op.create_index("ix_inbound_event_state_due", ["state", "due"], unique=False)

    op.create_table(
        "mail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("sealed_link", sa.String(length=1000), nullable=True),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=False),
        sa.Column("owner", sa.String(length=32), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_mail_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail")),
    )
    with op.batch_alter_table("mail", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mail_person_id"), ["person_id"], unique=False)
        batch_op.create_index("ix_mail_state_due", ["state", "due"], unique=False)

    op.create_table(
        "one_time_link",
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_one_time_link_person_id")
        ),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_one_time_link")),
    )
    with op.batch_alter_table("one_time_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_one_time_link_person_id"), ["person_id"], unique=False)

    op.create_table(
        "person_role",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_person_role_person_id")
        ),
        sa.PrimaryKeyConstraint("person_id", "role", name=op.f("pk_person_role")),
    )
    op.create_table(
        "sign_in_session",
        sa.Column("id_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("csrf_token", sa.String(length=64), nullable=False),
        sa.Column("browser", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_sign_in_session_person_id")
        ),
        sa.PrimaryKeyConstraint("id_hash", name=op.f("pk_sign_in_session")),
    )
    with op.batch_alter_table("sign_in_session", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_sign_in_session_person_id"), ["person_id"], unique=False
        )

    op.create_table(
        "sync_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("connection_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=False),
        sa.Column("owner", sa.String(length=32), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("reason", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(
            ["connection_id"], ["connection.id"], name=op.f("fk_sync_run_connection_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_sync_run_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sync_run")),
    )
    with op.batch_alter_table("sync_run", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_sync_run_connection_id"), ["connection_id"], unique=False
        )
        batch_op.create_index("ix_sync_run_state_due", ["state", "due"], unique=False)

    op.create_table(
        "template",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("connection_id", sa.Integer(), nullable=False),
        sa.Column("credly_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=500), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("criteria", sa.JSON(), nullable=False),
        sa.Column("skills", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("allow_duplicates", sa.Boolean(), nullable=False),
        sa.Column("url", sa.String(length=500), nullable=True),
        sa.Column("image_id", sa.Integer(), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["connection_id"], ["connection.id"], name=op.f("fk_template_connection_id")
        ),
        sa.ForeignKeyConstraint(["image_id"], ["image.id"], name=op.f("fk_template_image_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_template")),
        sa.UniqueConstraint(
            "connection_id", "credly_id", name=op.f("uq_template_connection_id_credly_id")
        ),
    )
    op.create_table(
        "badge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("own_name", sa.String(length=255), nullable=True),
        sa.Column("own_image_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("external_badge_id", sa.String(length=36), nullable=True),
        sa.Column("external_badge_provider", sa.String(length=32), nullable=True),
        sa.Column("connection_id", sa.Integer(), nullable=True),
        sa.Column("template_id", sa.Integer(), nullable=True),
        sa.Column("source_id", sa.String(length=255), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["connection_id"], ["connection.id"], name=op.f("fk_badge_connection_id")
        ),
        sa.ForeignKeyConstraint(["own_image_id"], ["image.id"], name=op.f("fk_badge_own_image_id")),
        sa.ForeignKeyConstraint(
            ["template_id"], ["template.id"], name=op.f("fk_badge_template_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_badge")),
        sa.UniqueConstraint("source_id", name=op.f("uq_badge_source_id")),
    )
    with op.batch_alter_table("badge", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_badge_connection_id"), ["connection_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_badge_template_id"), ["template_id"], unique=False)
        batch_op.create_index(
            "uq_badge_active_template",
            ["external_badge_id"],
            unique=True,
            sqlite_where=sa.text("state = 'active' AND external_badge_id IS NOT NULL"),
            postgresql_where=sa.text("state = 'active' AND external_badge_id IS NOT NULL"),
        )

    op.create_table(
        "import_row",
        sa.Column("import_run_id", sa.Integer(), nullable=False),
        sa.Column("line", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=False),
        sa.Column("source_id", sa.String(length=255), nullable=True),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("digest", sa.String(length=32), nullable=False),
        sa.Column("holds_template", sa.String(length=36), nullable=True),
        sa.Column("noted", sa.Boolean(), nullable=False),
        sa.Column("cells", sa.JSON(), nullable=True),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("remarks", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_run_id"], ["import_run.id"], name=op.f("fk_import_row_import_run_id")
        ),
        sa.PrimaryKeyConstraint("import_run_id", "line", name=op.f("pk_import_row")),
    )
    with op.batch_alter_table("import_row", schema=None) as batch_op:
        batch_op.create_index(
            "ix_import_row_import_run_id_holds_template",
            ["import_run_id", "holds_template"],
            unique=False,
        )
        batch_op.create_index(
            "ix_import_row_import_run_id_outcome", ["import_run_id", "outcome"], unique=False
        )
        batch_op.create_index(
            "ix_import_row_import_run_id_source_id", ["import_run_id", "source_id"], unique=False
        )

    op.create_table(
        "issued_badge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("learner_id", sa.Integer(), nullable=False),
        sa.Column("badge_id", sa.Integer(), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("first_name", sa.String(length=100), nullable=True),
        sa.Column("last_name", sa.String(length=100), nullable=True),
        sa.Column("recipient_email", sa.String(length=254), nullable=True),
        sa.Column("credly_id", sa.String(length=36), nullable=True),
        sa.Column("state", sa.String(length=32), nullable=True),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("accept_url", sa.String(length=500), nullable=True),
        sa.Column("badge_url", sa.String(length=500), nullable=True),
        sa.Column("profile_url", sa.String(length=500), nullable=True),
        sa.Column("state_changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("credly_updated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("was_there", sa.Boolean(), nullable=False),
        sa.Column("gone_acknowledged", sa.Boolean(), nullable=False),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due", sa.DateTime(timezone=True), nullable=True),
        sa.Column("owner", sa.String(length=32), nullable=True),
        sa.Column("reads", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["badge_id"], ["badge.id"], name=op.f("fk_issued_badge_badge_id")),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["person.id"], name=op.f("fk_issued_badge_learner_id")
        ),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["issued_badge.id"], name=op.f("fk_issued_badge_replaces_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issued_badge")),
        sa.UniqueConstraint("credly_id", name=op.f("uq_issued_badge_credly_id")),
        sa.UniqueConstraint(
            "learner_id",
            "badge_id",
            "cycle",
            name=op.f("uq_issued_badge_learner_id_badge_id_cycle"),
        ),
    )
    with op.batch_alter_table("issued_badge", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_issued_badge_badge_id"), ["badge_id"], unique=False)
        batch_op.create_index("ix_issued_badge_due", ["due"], unique=False)

    op.create_table(
        "learning_object",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(length=510), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("badge_id", sa.Integer(), nullable=True),
        sa.Column("earned_again", sa.Boolean(), nullable=False),
        sa.Column("source_id", sa.String(length=255), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["badge_id"], ["badge.id"], name=op.f("fk_learning_object_badge_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learning_object")),
        sa.UniqueConstraint("kind", "source_id", name="uq_learning_object_kind_source_id"),
    )
    with op.batch_alter_table("learning_object", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_learning_object_badge_id"), ["badge_id"], unique=False)

    op.create_table(
        "skill_level",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("skill_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("credits", sa.Integer(), nullable=False),
        sa.Column("badge_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("level BETWEEN 1 AND 3", name=op.f("ck_skill_level_level_1_to_3")),
        sa.ForeignKeyConstraint(["badge_id"], ["badge.id"], name=op.f("fk_skill_level_badge_id")),
        sa.ForeignKeyConstraint(["skill_id"], ["skill.id"], name=op.f("fk_skill_level_skill_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_skill_level")),
        sa.UniqueConstraint("skill_id", "level", name=op.f("uq_skill_level_skill_id_level")),
    )
    with op.batch_alter_table("skill_level", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_skill_level_badge_id"), ["badge_id"], unique=False)

    op.create_table(
        "award",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("learner_id", sa.Integer(), nullable=False),
        sa.Column("badge_id", sa.Integer(), nullable=False),
        sa.Column("learning_object_id", sa.Integer(), nullable=True),
        sa.Column("skill_level_id", sa.Integer(), nullable=True),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("earned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_badge_id", sa.Integer(), nullable=True),
        sa.Column("not_sent_because", sa.String(length=32), nullable=True),
        sa.CheckConstraint(
            "(learning_object_id IS NULL) <> (skill_level_id IS NULL)",
            name=op.f("ck_award_one_source"),
        ),
        sa.ForeignKeyConstraint(["badge_id"], ["badge.id"], name=op.f("fk_award_badge_id")),
        sa.ForeignKeyConstraint(
            ["issued_badge_id"], ["issued_badge.id"], name=op.f("fk_award_issued_badge_id")
        ),
        sa.ForeignKeyConstraint(["learner_id"], ["person.id"], name=op.f("fk_award_learner_id")),
        sa.ForeignKeyConstraint(
            ["learning_object_id"], ["learning_object.id"], name=op.f("fk_award_learning_object_id")
        ),
        sa.ForeignKeyConstraint(
            ["skill_level_id"], ["skill_level.id"], name=op.f("fk_award_skill_level_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award")),
    )
    with op.batch_alter_table("award", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_award_badge_id"), ["badge_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_award_issued_badge_id"), ["issued_badge_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_award_learner_id"), ["learner_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_award_learning_object_id"), ["learning_object_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_award_skill_level_id"), ["skill_level_id"], unique=False
        )
        batch_op.create_index(
            "uq_award_learning_object",
            ["learner_id", "badge_id", "learning_object_id", "cycle"],
            unique=True,
            sqlite_where=sa.text("learning_object_id IS NOT NULL"),
            postgresql_where=sa.text("learning_object_id IS NOT NULL"),
        )
        batch_op.create_index(
            "uq_award_skill_level",
            ["learner_id", "badge_id", "skill_level_id", "cycle"],
            unique=True,
            sqlite_where=sa.text("skill_level_id IS NOT NULL"),
            postgresql_where=sa.text("skill_level_id IS NOT NULL"),
        )

    op.create_table(
        "course",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("external_url", sa.String(length=1022), nullable=True),
        sa.ForeignKeyConstraint(["id"], ["learning_object.id"], name=op.f("fk_course_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course")),
    )
    op.create_table(
        "delivery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issued_badge_id", sa.Integer(), nullable=False),
        sa.Column("connection_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("held_because", sa.String(length=32), nullable=True),
        sa.Column("due", sa.DateTime(timezone=True), nullable=False),
        sa.Column("owner", sa.String(length=32), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("waited", sa.Double(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("quiet_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("empty_lookups", sa.Integer(), nullable=False),
        sa.Column("recipient_email", sa.String(length=254), nullable=True),
        sa.Column("first_name", sa.String(length=100), nullable=True),
        sa.Column("last_name", sa.String(length=100), nullable=True),
        sa.Column("reason", sa.JSON(), nullable=True),
        sa.Column("credly_words", sa.String(length=500), nullable=True),
        sa.Column("revoke_reason", sa.String(length=500), nullable=True),
        sa.Column("suppress_mail", sa.Boolean(), nullable=False),
        sa.Column("issue_afterwards", sa.Boolean(), nullable=False),
        sa.Column("cancel_asked", sa.Boolean(), nullable=False),
        sa.Column("successor_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["connection_id"], ["connection.id"], name=op.f("fk_delivery_connection_id")
        ),
        sa.ForeignKeyConstraint(
            ["issued_badge_id"], ["issued_badge.id"], name=op.f("fk_delivery_issued_badge_id")
        ),
        sa.ForeignKeyConstraint(
            ["successor_id"], ["delivery.id"], name=op.f("fk_delivery_successor_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
    )
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.create_index(
            "ix_delivery_connection_id_state_due", ["connection_id", "state", "due"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_delivery_issued_badge_id"), ["issued_badge_id"], unique=False
        )
        batch_op.create_index(
            "uq_delivery_open",
            ["issued_badge_id"],
            unique=True,
            sqlite_where=sa.text("state NOT IN ('done', 'cancelled')"),
            postgresql_where=sa.text("state NOT IN ('done', 'cancelled')"),
        )

    op.create_table(
        "earlier_credly_id",
        sa.Column("credly_id", sa.String(length=36), nullable=False),
        sa.Column("issued_badge_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["issued_badge_id"],
            ["issued_badge.id"],
            name=op.f("fk_earlier_credly_id_issued_badge_id"),
        ),
        sa.PrimaryKeyConstraint("credly_id", name=op.f("pk_earlier_credly_id")),
    )
    with op.batch_alter_table("earlier_credly_id", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_earlier_credly_id_issued_badge_id"), ["issued_badge_id"], unique=False
        )

    op.create_table(
        "enrolment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("learner_id", sa.Integer(), nullable=False),
        sa.Column("learning_object_id", sa.Integer(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("enrolled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("success", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["person.id"], name=op.f("fk_enrolment_learner_id")
        ),
        sa.ForeignKeyConstraint(
            ["learning_object_id"],
            ["learning_object.id"],
            name=op.f("fk_enrolment_learning_object_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment")),
        sa.UniqueConstraint(
            "learner_id",
            "learning_object_id",
            "attempt",
            name=op.f("uq_enrolment_learner_id_learning_object_id_attempt"),
        ),
    )
    with op.batch_alter_table("enrolment", schema=None) as batch_op:
        batch_op.create_index(
            "ix_enrolment_learning_object_id_state", ["learning_object_id", "state"], unique=False
        )

    op.create_table(
        "learning_object_owner",
        sa.Column("learning_object_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["learning_object_id"],
            ["learning_object.id"],
            name=op.f("fk_learning_object_owner_learning_object_id"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_learning_object_owner_person_id")
        ),
        sa.PrimaryKeyConstraint(
            "learning_object_id", "person_id", name=op.f("pk_learning_object_owner")
        ),
    )
    with op.batch_alter_table("learning_object_owner", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_learning_object_owner_person_id"), ["person_id"], unique=False
        )

    op.create_table(
        "trail_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("delivery_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("call", sa.String(length=200), nullable=True),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("seconds", sa.Double(), nullable=True),
        sa.Column("message", sa.JSON(), nullable=True),
        sa.Column("credly_words", sa.String(length=500), nullable=True),
        sa.Column("next_due", sa.DateTime(timezone=True), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["delivery.id"], name=op.f("fk_trail_entry_delivery_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_trail_entry_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trail_entry")),
    )
    with op.batch_alter_table("trail_entry", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_trail_entry_delivery_id"), ["delivery_id"], unique=False
        )


def downgrade() -> None:

    with op.batch_alter_table("trail_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_trail_entry_delivery_id"))

    op.drop_table("trail_entry")
    with op.batch_alter_table("learning_object_owner", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_learning_object_owner_person_id"))

    op.drop_table("learning_object_owner")
    with op.batch_alter_table("enrolment", schema=None) as batch_op:
        batch_op.drop_index("ix_enrolment_learning_object_id_state")

    op.drop_table("enrolment")
    with op.batch_alter_table("earlier_credly_id", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_earlier_credly_id_issued_badge_id"))

    op.drop_table("earlier_credly_id")
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_delivery_open",
            sqlite_where=sa.text("state NOT IN ('done', 'cancelled')"),
            postgresql_where=sa.text("state NOT IN ('done', 'cancelled')"),
        )
        batch_op.drop_index(batch_op.f("ix_delivery_issued_badge_id"))
        batch_op.drop_index("ix_delivery_connection_id_state_due")

    op.drop_table("delivery")
    op.drop_table("course")
    with op.batch_alter_table("award", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_award_skill_level",
            sqlite_where=sa.text("skill_level_id IS NOT NULL"),
            postgresql_where=sa.text("skill_level_id IS NOT NULL"),
        )
        batch_op.drop_index(
            "uq_award_learning_object",
            sqlite_where=sa.text("learning_object_id IS NOT NULL"),
            postgresql_where=sa.text("learning_object_id IS NOT NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_award_skill_level_id"))
        batch_op.drop_index(batch_op.f("ix_award_learning_object_id"))
        batch_op.drop_index(batch_op.f("ix_award_learner_id"))
        batch_op.drop_index(batch_op.f("ix_award_issued_badge_id"))
        batch_op.drop_index(batch_op.f("ix_award_badge_id"))

    op.drop_table("award")
    with op.batch_alter_table("skill_level", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_skill_level_badge_id"))

    op.drop_table("skill_level")
    with op.batch_alter_table("learning_object", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_learning_object_badge_id"))

    op.drop_table("learning_object")
    with op.batch_alter_table("issued_badge", schema=None) as batch_op:
        batch_op.drop_index("ix_issued_badge_due")
        batch_op.drop_index(batch_op.f("ix_issued_badge_badge_id"))

    op.drop_table("issued_badge")
    with op.batch_alter_table("import_row", schema=None) as batch_op:
        batch_op.drop_index("ix_import_row_import_run_id_source_id")
        batch_op.drop_index("ix_import_row_import_run_id_outcome")
        batch_op.drop_index("ix_import_row_import_run_id_holds_template")

    op.drop_table("import_row")
    with op.batch_alter_table("badge", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_badge_active_template",
            sqlite_where=sa.text("state = 'active' AND external_badge_id IS NOT NULL"),
            postgresql_where=sa.text("state = 'active' AND external_badge_id IS NOT NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_badge_template_id"))
        batch_op.drop_index(batch_op.f("ix_badge_connection_id"))

    op.drop_table("badge")
    op.drop_table("template")
    with op.batch_alter_table("sync_run", schema=None) as batch_op:
        batch_op.drop_index("ix_sync_run_state_due")
        batch_op.drop_index(batch_op.f("ix_sync_run_connection_id"))

    op.drop_table("sync_run")
    with op.batch_alter_table("sign_in_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_session_person_id"))

    op.drop_table("sign_in_session")
    op.drop_table("person_role")
    with op.batch_alter_table("one_time_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_one_time_link_person_id"))

    op.drop_table("one_time_link")
    with op.batch_alter_table("mail", schema=None) as batch_op:
        batch_op.drop_index("ix_mail_state_due")
        batch_op.drop_index(batch_op.f("ix_mail_person_id"))

    op.drop_table("mail")
    with op.batch_alter_table("inbound_event", schema=None) as batch_op:
        batch_op.drop_index("ix_inbound_event_state_due")

    op.drop_table("inbound_event")
    with op.batch_alter_table("import_run", schema=None) as batch_op:
        batch_op.drop_index("ix_import_run_state_due")

    op.drop_table("import_run")
    op.drop_table("skill")
    op.drop_table("sign_in_brake")
    op.drop_table("setting")
    op.drop_table("person")
    with op.batch_alter_table("image", schema=None) as batch_op:
        batch_op.drop_index("ix_image_state_due")
        batch_op.drop_index(batch_op.f("ix_image_key"))

    op.drop_table("image")
    op.drop_table("connection")
    with op.batch_alter_table("books_run", schema=None) as batch_op:
        batch_op.drop_index("ix_books_run_state_due")

    op.drop_table("books_run")
