"""What is said about people and how they get in."""

CODES: dict[str, tuple[str, ...]] = {
    "address_is_yours": (),
    "code_wrong": (),
    "code_used_up": (),
    "code_too_old": (),
    "factor_on": (),
    "factor_off": (),
    "factor_required": (),
    "factor_code_wrong": (),
    "name_not_for_badges": (),
}
