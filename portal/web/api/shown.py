"""How people, objects and awards look to other systems: JSON, in the portal's own words."""

import json
from collections.abc import Callable
from typing import Any

from flask import Response, request, url_for

from portal.models import Award, Badge, DeliveryState, IssuedBadge, LearningObject, Person
from portal.services.api.moments import written
from portal.services.api.reads import Piece

TYPE = "application/json; charset=utf-8"


def shown(value: Any, status: int = 200) -> Response:
    """Answer with JSON."""
    return Response(json.dumps(value, ensure_ascii=False), status, content_type=TYPE)


def listed(piece: Piece, show: Callable[[Any], dict[str, Any]]) -> Response:
    """Answer with a piece of a list, and the address of the next one."""
    following = None
    if piece.next is not None:
        kept = {name: value for name, value in request.args.items() if name != "after"}
        following = url_for(request.endpoint or "", **kept, after=piece.next)
    return shown({"data": [show(one) for one in piece.rows], "next": following})


def person(one: Person) -> dict[str, Any]:
    """Show a person."""
    return {
        "id": one.id,
        "email": one.email,
        "badge_email": one.badge_email,
        "first_name": one.first_name,
        "last_name": one.last_name,
        "roles": sorted(one.roles),
        "active": one.active,
        "created_at": written(one.created_at),
    }


def learning_object(one: LearningObject) -> dict[str, Any]:
    """Show a learning object."""
    return {
        "id": one.id,
        "kind": one.kind,
        "title": one.title,
        "state": one.state,
        "source_id": one.source_id,
        "badge": badge(one.badge) if one.badge else None,
        "created_at": written(one.created_at),
        "changed_at": written(one.changed_at),
    }


def badge(one: Badge) -> dict[str, Any]:
    """Show a badge."""
    return {
        "id": one.id,
        "name": one.name,
        "state": one.state,
        "external_badge_id": one.external_badge_id,
        "external_badge_provider": one.external_badge_provider,
    }


def award(one: Award, deliveries: dict[int, DeliveryState]) -> dict[str, Any]:
    """Show an award, with the state of its newest delivery and what is known from Credly."""
    issued = one.issued_badge
    return {
        "id": one.id,
        "person_id": one.learner_id,
        "email": one.learner.email,
        "badge": badge(one.badge),
        "object_id": one.learning_object_id,
        "skill_level_id": one.skill_level_id,
        "cycle": one.cycle,
        "state": one.state,
        "earned_at": written(one.earned_at),
        "expires_at": written(one.expires_at),
        "not_sent_because": one.not_sent_because,
        "delivery": deliveries.get(issued.id) if issued else None,
        "issued_badge": _issued(issued) if issued else None,
    }


def _issued(one: IssuedBadge) -> dict[str, Any]:
    return {
        "credly_id": one.credly_id,
        "state": one.state,
        "badge_url": one.badge_url,
        "issued_at": written(one.issued_at) if one.credly_id else None,
    }
