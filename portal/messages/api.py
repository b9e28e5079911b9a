"""What is said to other systems; the code without `api_` stands in the answer, too."""

CODES: dict[str, tuple[str, ...]] = {
    "api_token_missing": (),
    "api_token_invalid": (),
    "api_scope_missing": ("scope",),
    "api_bad_request": (),
    "api_not_allowed": (),
    "api_not_found": (),
    "api_method_not_allowed": (),
    "api_too_large": (),
    "api_not_json": (),
    "api_failed": (),
    "api_unavailable": (),
    "api_parameter_unknown": ("name",),
    "api_parameter_twice": ("name",),
    "api_parameter_wrong": ("name", "wanted"),
}
