"""Modules, paths, certifications, credits, evidence, groups, earlier completions, audit

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "person_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("name_key", sa.String(length=255), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_group")),
        sa.UniqueConstraint("name_key", name=op.f("uq_person_group_name_key")),
    )
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=True),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name=op.f("fk_audit_entry_actor_id")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_audit_entry_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.create_index("ix_audit_entry_action_at", ["action", "at"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entry_actor_id"), ["actor_id"], unique=False)
        batch_op.create_index("ix_audit_entry_at", ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entry_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            "ix_audit_entry_subject_subject_id", ["subject", "subject_id"], unique=False
        )

    op.create_table(
        "group_member",
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["person_group.id"], name=op.f("fk_group_member_group_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_group_member_person_id")
        ),
        sa.PrimaryKeyConstraint("group_id", "person_id", name=op.f("pk_group_member")),
    )
    with op.batch_alter_table("group_member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_group_member_person_id"), ["person_id"], unique=False)

    op.create_table(
        "certification",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("needed", sa.Integer(), nullable=True),
        sa.Column("validity_months", sa.Integer(), nullable=True),
        sa.Column("renewal_days", sa.Integer(), nullable=False),
        sa.Column("external", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["learning_object.id"], name=op.f("fk_certification_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certification")),
    )
    op.create_table(
        "earlier_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("learning_object_id", sa.Integer(), nullable=True),
        sa.Column("skill_level_id", sa.Integer(), nullable=True),
        sa.Column("badge_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("suppress_mail", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=False),
        sa.Column("owner", sa.String(length=32), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["badge_id"], ["badge.id"], name=op.f("fk_earlier_run_badge_id")),
        sa.ForeignKeyConstraint(
            ["learning_object_id"],
            ["learning_object.id"],
            name=op.f("fk_earlier_run_learning_object_id"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_earlier_run_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["skill_level_id"], ["skill_level.id"], name=op.f("fk_earlier_run_skill_level_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_earlier_run")),
    )
    with op.batch_alter_table("earlier_run", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_earlier_run_learning_object_id"), ["learning_object_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_earlier_run_skill_level_id"), ["skill_level_id"], unique=False
        )
        batch_op.create_index("ix_earlier_run_state_due", ["state", "due"], unique=False)

    op.create_table(
        "kept_level",
        sa.Column("learner_id", sa.Integer(), nullable=False),
        sa.Column("skill_level_id", sa.Integer(), nullable=False),
        sa.Column("credits", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["person.id"], name=op.f("fk_kept_level_learner_id")
        ),
        sa.ForeignKeyConstraint(
            ["skill_level_id"], ["skill_level.id"], name=op.f("fk_kept_level_skill_level_id")
        ),
        sa.PrimaryKeyConstraint("learner_id", "skill_level_id", name=op.f("pk_kept_level")),
    )
    with op.batch_alter_table("kept_level", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_kept_level_skill_level_id"), ["skill_level_id"], unique=False
        )

    op.create_table(
        "learning_path",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ordered", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["learning_object.id"], name=op.f("fk_learning_path_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learning_path")),
    )
    op.create_table(
        "certification_course",
        sa.Column("certification_id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["certification_id"],
            ["certification.id"],
            name=op.f("fk_certification_course_certification_id"),
        ),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course.id"], name=op.f("fk_certification_course_course_id")
        ),
        sa.PrimaryKeyConstraint(
            "certification_id", "course_id", name=op.f("pk_certification_course")
        ),
    )
    with op.batch_alter_table("certification_course", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_certification_course_course_id"), ["course_id"], unique=False
        )

    op.create_table(
        "course_credit",
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("skill_level_id", sa.Integer(), nullable=False),
        sa.Column("credits", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course.id"], name=op.f("fk_course_credit_course_id")
        ),
        sa.ForeignKeyConstraint(
            ["skill_level_id"], ["skill_level.id"], name=op.f("fk_course_credit_skill_level_id")
        ),
        sa.PrimaryKeyConstraint("course_id", "skill_level_id", name=op.f("pk_course_credit")),
    )
    with op.batch_alter_table("course_credit", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_course_credit_skill_level_id"), ["skill_level_id"], unique=False
        )

    op.create_table(
        "earlier_row",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("learner_id", sa.Integer(), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=False),
        sa.Column("award_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["award_id"], ["award.id"], name=op.f("fk_earlier_row_award_id")),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["person.id"], name=op.f("fk_earlier_row_learner_id")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["earlier_run.id"], name=op.f("fk_earlier_row_run_id")),
        sa.PrimaryKeyConstraint("run_id", "learner_id", name=op.f("pk_earlier_row")),
    )
    with op.batch_alter_table("earlier_row", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_earlier_row_award_id"), ["award_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_earlier_row_learner_id"), ["learner_id"], unique=False)
        batch_op.create_index("ix_earlier_row_run_id_outcome", ["run_id", "outcome"], unique=False)

    op.create_table(
        "earned_credit",
        sa.Column("learner_id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("skill_level_id", sa.Integer(), nullable=False),
        sa.Column("credits", sa.Integer(), nullable=False),
        sa.Column("earned_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course.id"], name=op.f("fk_earned_credit_course_id")
        ),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["person.id"], name=op.f("fk_earned_credit_learner_id")
        ),
        sa.ForeignKeyConstraint(
            ["skill_level_id"], ["skill_level.id"], name=op.f("fk_earned_credit_skill_level_id")
        ),
        sa.PrimaryKeyConstraint(
            "learner_id", "course_id", "skill_level_id", name=op.f("pk_earned_credit")
        ),
    )
    with op.batch_alter_table("earned_credit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_earned_credit_course_id"), ["course_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_earned_credit_skill_level_id"), ["skill_level_id"], unique=False
        )

    op.create_table(
        "evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("address", sa.String(length=1022), nullable=True),
        sa.Column("file_key", sa.String(length=64), nullable=True),
        sa.Column("file_name", sa.String(length=255), nullable=True),
        sa.Column("file_type", sa.String(length=64), nullable=True),
        sa.Column("handed_in_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decision", sa.String(length=32), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_evidence_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_evidence_enrolment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
    )
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.create_index(
            "ix_evidence_decision_handed_in_at", ["decision", "handed_in_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_evidence_enrolment_id"), ["enrolment_id"], unique=False
        )

    op.create_table(
        "module",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=255), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("address", sa.String(length=1022), nullable=True),
        sa.Column("file_key", sa.String(length=64), nullable=True),
        sa.Column("file_name", sa.String(length=255), nullable=True),
        sa.Column("file_type", sa.String(length=64), nullable=True),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.Column("source_id", sa.String(length=255), nullable=True),
        sa.CheckConstraint("position >= 0", name=op.f("ck_module_position_from_0")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_module_course_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_module")),
        sa.UniqueConstraint("course_id", "source_id", name="uq_module_course_id_source_id"),
    )
    with op.batch_alter_table("module", schema=None) as batch_op:
        batch_op.create_index(
            "ix_module_course_id_position", ["course_id", "position"], unique=False
        )

    op.create_table(
        "path_level",
        sa.Column("learning_path_id", sa.Integer(), nullable=False),
        sa.Column("skill_level_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["learning_path_id"], ["learning_path.id"], name=op.f("fk_path_level_learning_path_id")
        ),
        sa.ForeignKeyConstraint(
            ["skill_level_id"], ["skill_level.id"], name=op.f("fk_path_level_skill_level_id")
        ),
        sa.PrimaryKeyConstraint("learning_path_id", "skill_level_id", name=op.f("pk_path_level")),
    )
    with op.batch_alter_table("path_level", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_path_level_skill_level_id"), ["skill_level_id"], unique=False
        )

    op.create_table(
        "path_section",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("learning_path_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=255), nullable=False),
        sa.Column("needed", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["learning_path_id"],
            ["learning_path.id"],
            name=op.f("fk_path_section_learning_path_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_path_section")),
    )
    with op.batch_alter_table("path_section", schema=None) as batch_op:
        batch_op.create_index(
            "ix_path_section_learning_path_id_position",
            ["learning_path_id", "position"],
            unique=False,
        )

    op.create_table(
        "reached_level",
        sa.Column("learner_id", sa.Integer(), nullable=False),
        sa.Column("skill_level_id", sa.Integer(), nullable=False),
        sa.Column("reached_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("learning_path_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["person.id"], name=op.f("fk_reached_level_learner_id")
        ),
        sa.ForeignKeyConstraint(
            ["learning_path_id"],
            ["learning_path.id"],
            name=op.f("fk_reached_level_learning_path_id"),
        ),
        sa.ForeignKeyConstraint(
            ["skill_level_id"], ["skill_level.id"], name=op.f("fk_reached_level_skill_level_id")
        ),
        sa.PrimaryKeyConstraint("learner_id", "skill_level_id", name=op.f("pk_reached_level")),
    )
    with op.batch_alter_table("reached_level", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_reached_level_skill_level_id"), ["skill_level_id"], unique=False
        )

    op.create_table(
        "module_done",
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("module_id", sa.Integer(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_module_done_enrolment_id")
        ),
        sa.ForeignKeyConstraint(
            ["module_id"], ["module.id"], name=op.f("fk_module_done_module_id")
        ),
        sa.PrimaryKeyConstraint("enrolment_id", "module_id", name=op.f("pk_module_done")),
    )
    with op.batch_alter_table("module_done", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_module_done_module_id"), ["module_id"], unique=False)

    op.create_table(
        "path_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("section_id", sa.Integer(), nullable=False),
        sa.Column("learning_object_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["learning_object_id"],
            ["learning_object.id"],
            name=op.f("fk_path_step_learning_object_id"),
        ),
        sa.ForeignKeyConstraint(
            ["section_id"], ["path_section.id"], name=op.f("fk_path_step_section_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_path_step")),
        sa.UniqueConstraint(
            "section_id",
            "learning_object_id",
            name=op.f("uq_path_step_section_id_learning_object_id"),
        ),
    )
    with op.batch_alter_table("path_step", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_path_step_learning_object_id"), ["learning_object_id"], unique=False
        )

    with op.batch_alter_table("course", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("policy", sa.String(length=32), nullable=False, server_default="learner")
        )
        batch_op.add_column(
            sa.Column("criteria", sa.String(length=32), nullable=False, server_default="all")
        )
        batch_op.add_column(sa.Column("needed", sa.Integer(), nullable=True))

    with op.batch_alter_table("enrolment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("due_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("enrolled_by_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("recorded_by_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("requirements", sa.JSON(), nullable=True))
        batch_op.create_index("ix_enrolment_completed_at", ["completed_at"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_enrolment_recorded_by_id"), "person", ["recorded_by_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_enrolment_enrolled_by_id"), "person", ["enrolled_by_id"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("enrolment", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_enrolment_enrolled_by_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_enrolment_recorded_by_id"), type_="foreignkey")
        batch_op.drop_index("ix_enrolment_completed_at")
        batch_op.drop_column("requirements")
        batch_op.drop_column("recorded_by_id")
        batch_op.drop_column("enrolled_by_id")
        batch_op.drop_column("expires_at")
        batch_op.drop_column("due_at")

    with op.batch_alter_table("course", schema=None) as batch_op:
        batch_op.drop_column("needed")
        batch_op.drop_column("criteria")
        batch_op.drop_column("policy")

    with op.batch_alter_table("path_step", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_path_step_learning_object_id"))

    op.drop_table("path_step")
    with op.batch_alter_table("module_done", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_module_done_module_id"))

    op.drop_table("module_done")
    with op.batch_alter_table("reached_level", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reached_level_skill_level_id"))

    op.drop_table("reached_level")
    with op.batch_alter_table("path_section", schema=None) as batch_op:
        batch_op.drop_index("ix_path_section_learning_path_id_position")

    op.drop_table("path_section")
    with op.batch_alter_table("path_level", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_path_level_skill_level_id"))

    op.drop_table("path_level")
    with op.batch_alter_table("module", schema=None) as batch_op:
        batch_op.drop_index("ix_module_course_id_position")

    op.drop_table("module")
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_evidence_enrolment_id"))
        batch_op.drop_index("ix_evidence_decision_handed_in_at")

    op.drop_table("evidence")
    with op.batch_alter_table("earned_credit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_earned_credit_skill_level_id"))
        batch_op.drop_index(batch_op.f("ix_earned_credit_course_id"))

    op.drop_table("earned_credit")
    with op.batch_alter_table("earlier_row", schema=None) as batch_op:
        batch_op.drop_index("ix_earlier_row_run_id_outcome")
        batch_op.drop_index(batch_op.f("ix_earlier_row_learner_id"))
        batch_op.drop_index(batch_op.f("ix_earlier_row_award_id"))

    op.drop_table("earlier_row")
    with op.batch_alter_table("course_credit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_course_credit_skill_level_id"))

    op.drop_table("course_credit")
    with op.batch_alter_table("certification_course", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_certification_course_course_id"))

    op.drop_table("certification_course")
    op.drop_table("learning_path")
    with op.batch_alter_table("kept_level", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_kept_level_skill_level_id"))

    op.drop_table("kept_level")
    with op.batch_alter_table("earlier_run", schema=None) as batch_op:
        batch_op.drop_index("ix_earlier_run_state_due")
        batch_op.drop_index(batch_op.f("ix_earlier_run_skill_level_id"))
        batch_op.drop_index(batch_op.f("ix_earlier_run_learning_object_id"))

    op.drop_table("earlier_run")
    op.drop_table("certification")
    with op.batch_alter_table("group_member", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_group_member_person_id"))

    op.drop_table("group_member")
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_entry_subject_subject_id")
        batch_op.drop_index(batch_op.f("ix_audit_entry_person_id"))
        batch_op.drop_index("ix_audit_entry_at")
        batch_op.drop_index(batch_op.f("ix_audit_entry_actor_id"))
        batch_op.drop_index("ix_audit_entry_action_at")

    op.drop_table("audit_entry")
    op.drop_table("person_group")
