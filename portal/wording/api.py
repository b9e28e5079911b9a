"""The words of what is said to other systems."""

from flask_babel import lazy_gettext as _l

WORDS = {
    "api_token_missing": _l("Send a token of this portal: Authorization: Bearer rosette_…"),
    "api_token_invalid": _l(
        "This token does not work: it is unknown, expired or revoked, or its person's account is"
        " switched off."
    ),
    "api_scope_missing": _l(
        "This token is not good for %(scope)s: it was made without it, or its person may no longer."
    ),
    "api_bad_request": _l("This request cannot be understood."),
    "api_not_allowed": _l("This is not allowed."),
    "api_not_found": _l("There is no such thing, or it is not yours."),
    "api_method_not_allowed": _l("This address takes other methods; Allow names them."),
    "api_too_large": _l("This request is too large."),
    "api_not_json": _l("Send JSON, with Content-Type: application/json."),
    "api_failed": _l(
        "Something failed here. To send it again, with the same Idempotency-Key, does no harm."
    ),
    "api_unavailable": _l("The portal cannot answer at the moment. Try again shortly."),
    "api_bad_json": _l("This is no JSON, or a member of it is there twice."),
    "api_no_object": _l("Send a JSON object."),
    "api_key_missing": _l(
        "Send the header Idempotency-Key, of 1 to %(most)s printable characters: a new key for each"
        " completion, the same one when it is sent again."
    ),
    "api_key_used": _l("This Idempotency-Key stood for another request. Take a new one for each."),
    "api_member_wrong": _l("The member %(name)s is not as it should be: %(wanted)s."),
    "api_member_unknown": _l("There is no member %(name)s here."),
    "api_member_one_of": _l("Send one of these, and only one: %(names)s."),
    "api_person_unknown": _l("Nobody here has this address or id. Add or import them first."),
    "api_object_unknown": _l("There is no such learning object, or it is not yours."),
    "api_object_ambiguous": _l("Several learning objects have this source_id. Send object_id."),
    "api_parameter_unknown": _l("There is no parameter %(name)s here."),
    "api_parameter_twice": _l("The parameter %(name)s is there more than once."),
    "api_parameter_wrong": _l("The parameter %(name)s is not as it should be: %(wanted)s."),
}
