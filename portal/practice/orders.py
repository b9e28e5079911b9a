"""What a client asks for when it issues or replaces: read strictly, refused in Credly's words."""

import re
from datetime import datetime
from typing import Any

from portal.practice.answers import Refusal
from portal.practice.calls import Call, new_id
from portal.practice.templates import Template, find_template
from portal.practice.times import read_moment, stamp

LOCALES = frozenset(
    ["en", "fr", "de", "ko", "ja", "zh-CN", "pt", "es-ES", "es-US", "fr-CA", "pt-BR"]
)
_EMAIL = re.compile(r"[^@\s<>,;\"]+@[^@\s<>,;\"]+\.[^@\s<>,;\".]+")
_COUNTRIES = {
    "United States of America": ("United States", "US"),
    "United States": ("United States", "US"),
    "United Kingdom of Great Britain and Northern Ireland": ("United Kingdom", "GB"),
    "United Kingdom": ("United Kingdom", "GB"),
    **{name: (name, code) for name, code in (("Sweden", "SE"), ("Norway", "NO"))},
    **{name: (name, code) for name, code in (("Finland", "FI"), ("Denmark", "DK"))},
    **{name: (name, code) for name, code in (("Germany", "DE"), ("France", "FR"))},
}
Trouble = tuple[str, str]


def read_template(call: Call, organization_id: str, wishes: dict[str, Any]) -> Template:
    """Return the active template that was named; the recorded 422 when there is none."""
    template_id = wishes.get("badge_template_id")
    template = find_template(call, template_id, organization_id)
    if template is None:
        raise Refusal(422, f"Invalid or missing Badge Template ID: {template_id or ''}")
    if template["state"] != "active":
        raise Refusal(422, f"Badge template is {template['state']} and cannot be issued")
    return template


def read_order(call: Call, template: Template, wishes: dict[str, Any]) -> dict[str, Any]:
    """Read the fields of an issue call (credly-api.md 3.3); fields Credly lacks are passed over."""
    troubles: list[Trouble] = []
    for name in ("recipient_email", "issued_to_first_name", "issued_to_last_name"):
        if not text_of(wishes, name):
            troubles.append((name, "can't be blank"))
    email = text_of(wishes, "recipient_email")
    if email and not _EMAIL.fullmatch(email):
        troubles.append(("recipient_email", "is invalid"))
    fields = {
        "recipient_email": email,
        **{name: text_of(wishes, name) for name in NAMES},
        "issuer_earner_id": text_of(wishes, "issuer_earner_id"),
        "locale": _locale(call, wishes, troubles),
        "suppress_badge_notification_email": is_true(
            wishes.get("suppress_badge_notification_email")
        ),
        "issued_at": _issued_at(call, wishes, troubles),
        "expires_at": read_expiry(template, wishes, troubles),
        **read_place(wishes),
        "evidence": read_evidence(wishes),
        "issuer_earner_group": wishes.get("issuer_earner_group"),
    }
    refuse(call, troubles)
    return fields


NAMES = ("issued_to_first_name", "issued_to_middle_name", "issued_to_last_name")


def text_of(wishes: dict[str, Any], name: str) -> str | None:
    value = wishes.get(name)
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return str(value).strip() or None


def is_true(value: Any) -> bool:
    return value is True or str(value).lower() in {"true", "1"}


def refuse(call: Call, troubles: list[Trouble]) -> None:
    """Refuse with all that is wrong. Whether `messages` is a text or a list is not known."""
    if not troubles:
        return
    as_list = call.switches["error_messages_as_list"]
    errors = [
        {
            "attribute": name,
            "attribute_label": _label(name),
            "messages": [words] if as_list else words,
        }
        for name, words in troubles
    ]
    said = ", ".join(f"{_label(name)} {words}" for name, words in troubles)
    raise Refusal(422, f"Validation failed: {said}", errors=errors)


def _label(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _locale(call: Call, wishes: dict[str, Any], troubles: list[Trouble]) -> str:
    asked = text_of(wishes, "locale") or "en"
    if asked in LOCALES:
        return asked
    if call.switches["locale_unknown"] == "refuse":
        troubles.append(("locale", "is not included in the list"))
    return "en"


def read_issued_at(wishes: dict[str, Any], troubles: list[Trouble]) -> datetime | None:
    """Read the required moment; the trouble is noted when it is missing or no moment."""
    text = text_of(wishes, "issued_at")
    if text is None:
        troubles.append(("issued_at", "can't be blank"))
        return None
    moment = read_moment(text)
    if moment is None:
        troubles.append(("issued_at", "is invalid"))
    return moment


def _issued_at(call: Call, wishes: dict[str, Any], troubles: list[Trouble]) -> str | None:
    if not text_of(wishes, "issued_at") and call.switches["issued_at_missing"] == "now":
        return stamp(call.now.replace(microsecond=0))
    moment = read_issued_at(wishes, troubles)
    return stamp(moment) if moment else None


def read_expiry(template: Template, wishes: dict[str, Any], troubles: list[Trouble]) -> str | None:
    """`false` is never; null or nothing is what the template says."""
    asked = wishes.get("expires_at")
    if asked is False or asked == "false":
        return None
    if asked in (None, ""):
        usual = template.fields.get("default_expires_at")
        moment = read_moment(usual) if usual else None
        return stamp(moment) if moment else None
    moment = read_moment(str(asked))
    if moment is None:
        troubles.append(("expires_at", "is invalid"))
        return None
    return stamp(moment)


def read_place(wishes: dict[str, Any]) -> dict[str, str | None]:
    """Names of countries are made uniform: "United States of America" is "United States"."""
    name = text_of(wishes, "country_name")
    country, code = _COUNTRIES.get(name or "", (name, None))
    state = text_of(wishes, "state_or_province")
    return {"country": country, "country_code": code, "state_or_province": state}


def read_evidence(wishes: dict[str, Any]) -> list[dict[str, Any]]:
    """Keep the known fields of each piece and give it an id."""
    given = wishes.get("evidence")
    known = ("type", "name", "title", "description", "value", "values")
    return [
        {"id": new_id(), **{key: piece[key] for key in known if key in piece}}
        for piece in (given if isinstance(given, list) else [])
        if isinstance(piece, dict) and piece.get("type")
    ]
