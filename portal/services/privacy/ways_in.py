"""The part of the data map about how somebody gets in: none of it outlives their account."""

from portal.services.privacy.holdings import Holding, by

WAYS_IN: dict[str, Holding] = {
    "sign_in_session": Holding(
        mine=by("person_id"),
        shown=("browser", "created_at", "last_seen_at"),
        plain=("id_hash", "person_id", "csrf_token"),
        deleted=True,
    ),
    "one_time_link": Holding(
        mine=by("person_id"),
        shown=("purpose", "expires_at", "used_at", "address"),
        plain=("code_hash", "person_id", "failures"),
        deleted=True,
    ),
    "api_token": Holding(
        mine=by("person_id"),
        shown=(
            *("name", "beginning", "scopes", "created_at", "expires_at", "last_used_at"),
            "revoked_at",
        ),
        plain=("id", "person_id", "secret_hash"),
        deleted=True,
    ),
    "second_factor": Holding(
        mine=by("person_id"),
        shown=("created_at",),
        plain=("person_id", "sealed_secret", "last_step"),
        deleted=True,
    ),
    "recovery_code": Holding(mine=by("person_id"), plain=("code_hash", "person_id"), deleted=True),
}
