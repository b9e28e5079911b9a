"""The data map: every table that holds something about a person, and what becomes of it.

`tests/services/privacy` fails when a table or a column is in no declaration.
"""

from typing import Any

from sqlalchemy import case, select

from portal.extensions import db
from portal.services.privacy.holdings import (
    Holding,
    by,
    from_their_place,
    of_audit,
    of_award,
    of_delivery,
    of_enrolment,
    of_import,
    of_issued,
    table_of,
)
from portal.services.privacy.ways_in import WAYS_IN

COUNTED = "counted without a name, so that reports and the books stay true"
RECOGNISED = "a random number that Credly knows; by it the badge is not issued again"
DONE_BY = "says who did it; the person behind the number is gone"
AT_CREDLY = "Credly keeps its own copy under this number; needed to revoke it"

HOLDINGS: dict[str, Holding] = {
    "person": Holding(
        mine=by("id"),
        shown=(
            *("email", "badge_email", "first_name", "last_name", "confirmed_name"),
            *("locale", "theme"),
            *("credly_profile", "created_at", "second_factor_at", "opted_out_at", "active"),
            *("oidc_issuer", "oidc_subject"),
        ),
        cleared={
            "email": lambda person_id: f"erased-{person_id}@invalid",
            "badge_email": None,
            **{"first_name": "–", "last_name": "–", "confirmed_name": None, "found_by": ""},
            "locale": None,
            "credly_profile": None,
            "password_hash": None,
            "oidc_issuer": None,
            "oidc_subject": None,
            "second_factor_at": None,
            "active": False,
        },
        kept={"earner_id": RECOGNISED, "created_at": COUNTED, "opted_out_at": COUNTED},
        plain=("id", "theme", "erasure_asked_at", "erased_at"),
    ),
    "person_role": Holding(mine=by("person_id"), shown=("person_id", "role"), deleted=True),
    **WAYS_IN,
    "api_answer": Holding(
        mine=by("learner_id"),
        shown=("body", "created_at"),
        plain=("person_id", "key_hash", "request_hash", "learner_id", "status"),
        deleted=True,
    ),
    "mail": Holding(
        mine=by("person_id"),
        shown=("kind", "values", "address", "state", "created_at", "ended_at"),
        plain=("id", "person_id", "sealed_link", "due", "owner", "tries"),
        deleted=True,
    ),
    "notification": Holding(
        mine=by("person_id"),
        shown=("kind", "message", "created_at", "read_at"),
        plain=("id", "person_id", "path"),
        deleted=True,
    ),
    "unwanted_mail": Holding(
        mine=by("person_id"), shown=("kind",), plain=("person_id",), deleted=True
    ),
    "group_member": Holding(
        mine=by("person_id"), shown=("group_id",), plain=("person_id",), deleted=True
    ),
    "learning_object_owner": Holding(
        mine=by("person_id"), shown=("learning_object_id",), plain=("person_id",), deleted=True
    ),
    "enrolment": Holding(
        mine=by("learner_id"),
        shown=(
            *("learning_object_id", "attempt", "state", "enrolled_at", "completed_at", "success"),
            *("due_at", "expires_at", "undone_at"),
        ),
        kept={"learner_id": COUNTED, "enrolled_by_id": DONE_BY, "recorded_by_id": DONE_BY},
        plain=("id", "renews", "requirements", "due_told"),
    ),
    "module_done": Holding(
        mine=of_enrolment, shown=("module_id", "done_at"), kept={"enrolment_id": COUNTED}
    ),
    "earned_credit": Holding(
        mine=by("learner_id"),
        shown=("course_id", "skill_level_id", "credits", "earned_at"),
        kept={"learner_id": COUNTED},
    ),
    "reached_level": Holding(
        mine=by("learner_id"),
        shown=("skill_level_id", "reached_at", "learning_path_id"),
        kept={"learner_id": COUNTED},
    ),
    "kept_level": Holding(
        mine=by("learner_id"), shown=("skill_level_id", "credits"), kept={"learner_id": COUNTED}
    ),
    "evidence": Holding(
        mine=of_enrolment,
        shown=(
            *("text", "address", "file_name", "file_type", "handed_in_at", "decision"),
            *("decided_at", "reason"),
        ),
        cleared={
            **{"text": "", "reason": ""},
            **dict.fromkeys(("address", "file_key", "file_name", "file_type")),
        },
        kept={"enrolment_id": COUNTED, "decided_by_id": DONE_BY},
        plain=("id",),
    ),
    "award": Holding(
        mine=by("learner_id"),
        shown=(
            *("badge_id", "learning_object_id", "skill_level_id", "cycle", "state", "earned_at"),
            "not_sent_because",
            "expires_at",
        ),
        kept={"learner_id": COUNTED, "issued_badge_id": COUNTED},
        plain=("id", "held_until"),
    ),
    "issued_badge": Holding(
        mine=by("learner_id"),
        shown=(
            *("badge_id", "cycle", "issued_at", "expires_at", "first_name", "last_name"),
            *("recipient_email", "credly_id", "state", "public", "accept_url", "badge_url"),
            *("profile_url", "state_changed_at", "gone_at"),
        ),
        cleared={
            **dict.fromkeys(("first_name", "last_name", "recipient_email")),
            **dict.fromkeys(("accept_url", "badge_url", "profile_url")),
        },
        kept={"learner_id": COUNTED, "credly_id": AT_CREDLY},
        plain=(
            *("id", "replaces_id", "credly_updated_at", "was_there", "gone_acknowledged"),
            *("read_at", "due", "owner", "reads", "reminders", "came_at"),
        ),
    ),
    "earlier_credly_id": Holding(
        mine=of_issued(), shown=("credly_id",), kept={"issued_badge_id": AT_CREDLY}
    ),
    "open_badge_record": Holding(
        mine=of_issued(),
        shown=("record", "fetched_at", "credly_id"),
        plain=("id", "issued_badge_id", "state", "due", "owner", "tries"),
        deleted=True,
    ),
    "public_page": Holding(
        mine=of_award,
        shown=("key", "shown", "indexed", "created_at"),
        cleared={"shown": False, "indexed": False},
        kept={"key": "so that the address answers “gone” and is never given again"},
        plain=("id", "award_id", "erased_at"),
    ),
    "delivery": Holding(
        mine=of_issued(),
        shown=(
            *("kind", "state", "recipient_email", "first_name", "last_name", "sent_at"),
            *("credly_words", "revoke_reason", "created_at", "ended_at"),
        ),
        cleared=dict.fromkeys(
            ("recipient_email", "first_name", "last_name", "credly_words", "revoke_reason")
        ),
        kept={"issued_badge_id": COUNTED},
        plain=(
            *("id", "connection_id", "held_because", "held_until", "due", "owner"),
            *("tries", "waited", "failures", "quiet_until", "empty_lookups", "reason"),
            *("suppress_mail", "issue_afterwards", "cancel_asked", "successor_id"),
        ),
    ),
    "trail_entry": Holding(
        mine=of_delivery,
        shown=("at", "call", "status", "credly_words"),
        cleared={"credly_words": None},
        kept={"person_id": DONE_BY, "delivery_id": COUNTED},
        plain=("id", "seconds", "message", "next_due"),
    ),
    "earlier_row": Holding(
        mine=by("learner_id"),
        shown=("completed_at", "outcome"),
        kept={"learner_id": COUNTED},
        plain=("run_id", "award_id", "reason"),
    ),
    "audit_entry": Holding(
        mine=of_audit,
        shown=("at", "action", "reason", "network"),
        cleared={"reason": "", "network": None},
        kept={"person_id": COUNTED, "actor_id": DONE_BY},
        plain=("id", "subject", "subject_id", "channel", "details"),
        theirs={"reason": by("person_id"), "network": from_their_place},
    ),
    "import_row": Holding(
        mine=of_import,
        shown=("name", "source_id", "cells", "changes", "outcome"),
        plain=("import_run_id", "line", "digest", "holds", "noted", "remarks"),
        deleted=True,
    ),
    "source_record": Holding(
        mine=by("learner_id"),
        shown=("kind", "source_id", "values"),
        plain=("id", "parent", "learner_id", "import_run_id"),
        deleted=True,
    ),
}
# What is about things, or about the work of staff: a number says who did it, and no more.
NOTHING_PERSONAL = frozenset(
    {
        *("apply_run", "badge", "books_run", "catalogue_import", "certification"),
        *("certification_course", "connection", "course", "course_credit", "earlier_run"),
        *("engine_sign", "image", "import_run"),
        *("inbound_event", "learning_object", "learning_path", "module", "path_level"),
        *("path_section", "path_step", "person_group", "setting", "sign_in_brake", "skill"),
        *("skill_level", "suppressed_address", "sync_run", "template"),
    }
)


def rows_of(name: str, person_id: int) -> list[dict[str, Any]]:
    """Return what one table shows of a person."""
    table, holding = table_of(name), HOLDINGS[name]
    columns = [
        case((holding.theirs[one](table, person_id), table.c[one])).label(one)
        if one in holding.theirs
        else table.c[one]
        for one in holding.shown
    ]
    if not columns:
        return []
    query = select(*columns).where(holding.mine(table, person_id))
    return [dict(row._mapping) for row in db.session.execute(query)]
