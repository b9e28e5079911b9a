"""Knocking at every door there is, and what each answer owes its reader (assurance 2.7).

The headers are spelled out here and not taken from the code.
"""

import re
from collections.abc import Iterator

from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.factories import make_person
from tests.page import Browser

HTTPS = {"PUBLIC_URL": "https://localhost"}

EVERYWHERE = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data:; manifest-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
FOR_HTTPS = "max-age=31536000; includeSubDomains"
# Alike for everybody, so it may be kept; all else is kept by nobody.
KEPT = {"static", "public.pictures.show", "public.front.brand_css", "public.front.manifest"}
# What networks show to whoever reads there.
FOR_NETWORKS = {"public.badges.show", "public.badges.card"}
# A download of a stranger's bytes is shut in still more tightly.
SANDBOX = "default-src 'none'; sandbox"
# Text says how it is written, or browsers guess.
SPELLED = ("text/", "application/json", "application/xml")
STRANGER = "stranger"


# Words that stand in addresses, so that the pages behind them are reached.
WORDS = (
    ("modules/new/<kind>", "modules/new/file"),
    ("addresses/<kind>", "addresses/badge_email"),
    ("<kind>", "courses"),
    ("<what>", "courses"),
    ("<role>", "learner"),
    ("<file_name>", "badge.csv"),
)


def address_of(rule: Rule) -> str:
    """Fill the places of a rule with what may or may not exist."""
    address = rule.rule
    for place, word in WORDS:
        address = address.replace(place, word)
    return re.sub(r"<[^>]*>", "1", address)


def knocks(app: Flask, who: str) -> Iterator[tuple[Rule, TestResponse, str]]:
    """Try every rule with each of its methods, as a new person with this role, or as a stranger."""
    make_person("Ada Admin", roles={"admin"})
    visitor = Browser(app)
    if who != STRANGER:
        visitor.sign_in(make_person("Nosy Parker", roles=set() if who == "learner" else {who}))
    token = visitor.token_of("/login" if who == STRANGER else "/learner/profile")
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint != "auth.sign_out.index"]
    for method in ("GET", "POST"):
        for rule in rules:
            if method in rule.methods:
                sent = {"csrf_token": token} if method == "POST" else None
                with visitor.client.open(address_of(rule), method=method, data=sent) as answer:
                    yield rule, answer, f"{who}: {method} {rule.endpoint}: {answer.status}"


def is_whole_page(answer: TestResponse) -> bool:
    """Say whether this is a page as a person sees it, and no piece, file or error."""
    html = answer.status_code == 200 and answer.mimetype == "text/html"
    return html and "<!doctype html" in answer.get_data(as_text=True)[:60].lower()


def check_manners(answer: TestResponse, where: str, *, https: bool, endpoint: str = "") -> None:
    """Assert that `answer`, whatever it says, has every header as it must be."""
    there = {name: answer.headers.get(name) for name in EVERYWHERE}
    wanted = dict(EVERYWHERE)
    if there["Content-Security-Policy"] == SANDBOX:
        wanted["Content-Security-Policy"] = SANDBOX
        assert answer.headers["Content-Disposition"].startswith("attachment"), where
    if endpoint in FOR_NETWORKS and answer.status_code == 200:
        wanted["Cross-Origin-Resource-Policy"] = "cross-origin"
    assert there == wanted, where
    assert answer.headers.get("Strict-Transport-Security") == (FOR_HTTPS if https else None), where
    if endpoint not in KEPT or answer.status_code >= 400:
        assert answer.headers["Cache-Control"] == "no-store", where
    assert "Access-Control-Allow-Origin" not in answer.headers, where
    assert "Server" not in answer.headers, where
    kind = answer.headers.get("Content-Type", "")
    assert "charset=utf-8" in kind or not kind.startswith(SPELLED), f"{where}: {kind}"
