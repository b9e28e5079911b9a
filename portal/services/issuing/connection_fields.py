"""The fields of a connection as they must be before Credly is asked."""

from portal.credly.links import BadHost
from portal.credly.shapes import is_uuid
from portal.errors import RuleBroken
from portal.messages import say
from portal.services.means import Means
from portal.services.plain_text import one_line

LONGEST_TOKEN = 500


def checked_fields(
    name: str, hostname: str, organization_id: str, means: Means
) -> tuple[str, str, str]:
    """Return name, host and organisation id; raise RuleBroken at the field that is wrong."""
    name = plain_name(name)
    organization_id = organization_id.strip().lower()
    if not is_uuid(organization_id):
        raise RuleBroken(say("organization_id_not_uuid"), "organization_id")
    try:
        host = means.door.hosts.api_host(hostname.strip())
    except BadHost as exc:
        raise RuleBroken(say("host_not_allowed"), "hostname") from exc
    return name, host, organization_id


def plain_name(name: str) -> str:
    """Return the name on one line; raise RuleBroken when nobody could read it."""
    name = one_line(name)
    if not any(sign.isalnum() for sign in name):
        raise RuleBroken(say("name_needs_letters"), "name")
    return name


def plain_token(token: str) -> str:
    """Return the token as Credly wants it; raise RuleBroken for what can be none."""
    token = token.strip()
    plain = token.isascii() and token.isprintable() and not any(sign in token for sign in " :")
    if not plain or not 1 <= len(token) <= LONGEST_TOKEN:
        raise RuleBroken(say("token_not_usable"), "token")
    return token


def name_key_of(name: str) -> str:
    """Return what makes a name the same whatever its case."""
    return one_line(name).casefold()[:100]  # which can be longer than the name itself
