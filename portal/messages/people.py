"""What is said about people and how they get in."""

CODES: dict[str, tuple[str, ...]] = {
    "token_without_scope": (),
    "too_many_tokens": ("most",),
    "address_is_yours": (),
    "code_wrong": (),
    "code_used_up": (),
    "code_too_old": (),
    "factor_on": (),
    "factor_off": (),
    "factor_required": (),
    "factor_code_wrong": (),
    "local_sign_in_off": (),
    "sso_not_reached": ("name",),
    "sso_not_trusted": ("name",),
    "sso_too_weak": ("name",),
    "sso_unknown": (),
    "sso_email_not_verified": (),
    "sso_another_account": (),
    "name_not_for_badges": (),
}
