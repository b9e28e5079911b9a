"""Badges as rows of badge.csv."""

from collections.abc import Callable, Iterator, Sequence

from sqlalchemy import Row, select

from portal.extensions import db
from portal.models import Badge, Image, Template
from portal.services.importing.badges.naming import name_in_file
from portal.services.importing.cell_rules import as_text, is_address

PIECE = 500


def address_of(source: str | None, _key: str | None) -> str:
    """Return what a file says of a picture: the web address that it came from, if it did."""
    return source if source and is_address(source) else ""


def rows(
    picture: Callable[[str | None, str | None], str] = address_of,
) -> Iterator[list[str]]:
    """Yield the cells of every badge, in the order in which they came.

    `picture` says what stands for one, from its source and the key of our file.
    """
    last = 0
    while found := _behind(last):
        for badge in found:
            yield _cells(badge, picture(badge.image, badge.image_key))
        last = found[-1].id


def _behind(last: int) -> Sequence[Row]:
    query = (
        select(
            Badge.id,
            Badge.source_id,
            Badge.own_name,
            Badge.made_at,
            Badge.changed_at,
            Badge.state,
            Badge.external_badge_id,
            Template.name.label("template_name"),
            Image.source.label("image"),
            Image.key.label("image_key"),
        )
        .outerjoin(Badge.template)
        .outerjoin(Badge.own_image)
        .where(Badge.id > last)
    )
    return db.session.execute(query.order_by(Badge.id).limit(PIECE)).all()


def _cells(badge: Row, picture: str) -> list[str]:
    template_id = badge.external_badge_id
    return [
        badge.source_id or "",
        name_in_file(badge.own_name, badge.template_name, template_id),
        as_text(badge.made_at) or "",
        as_text(badge.changed_at) or "",
        badge.state.value.capitalize(),
        picture,
        template_id or "",
        "Credly" if template_id else "",
    ]
