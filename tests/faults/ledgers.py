"""The three ledgers, compared from outside: what was promised, what we hold, what Credly holds."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

# A learner, by the id that Credly is told, and a template.
Key = tuple[str, str]

OVER = {"held", "needs_person", "cancelled"}
ON_ITS_WAY = {"waiting", "sending", "unsure"}


@dataclass(frozen=True)
class Held:
    """One issued badge as the portal has it, with the state of its newest delivery."""

    key: Key
    credly_id: str | None
    state: str
    earlier_ids: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Balance:
    """What does not agree; `extra_posts` are sends beyond one for each award."""

    lost: set[Key] = field(default_factory=set)
    twice: set[Key] = field(default_factory=set)
    unknown: set[str] = field(default_factory=set)
    ghosts: set[str] = field(default_factory=set)
    unfinished: list[Key] = field(default_factory=list)
    posts: int = 0
    extra_posts: int = 0

    @property
    def is_clean(self) -> bool:
        """Whether nothing is lost, twice, unknown, a ghost or unfinished."""
        return not (self.lost or self.twice or self.unknown or self.ghosts or self.unfinished)

    def __str__(self) -> str:
        sets = ("lost", "twice", "unknown", "ghosts", "unfinished")
        counted = {name: len(getattr(self, name)) for name in sets}
        return str(counted | {"posts": self.posts, "extra": self.extra_posts})


def compare(
    promised: set[Key], held: list[Held], badges: list[dict[str, Any]], posts: int
) -> Balance:
    """Compare K, P and C (assurance 5), after the drain: what still waits is lost as well."""
    live = [badge for badge in badges if _is_live(badge)]
    ours = {one.key[0] for one in held} | {earner_id for earner_id, _template in promised}
    keys = Counter((badge["issuer_earner_id"], badge["template_id"]) for badge in live)
    known = {one.credly_id for one in held} | {old for one in held for old in one.earlier_ids}
    all_ids = {badge["id"] for badge in badges}
    excused = {one.key for one in held if one.state in OVER}
    return Balance(
        lost=promised - set(keys) - excused,
        twice={key for key, count in keys.items() if count > 1},
        unknown={
            badge["id"]
            for badge in live
            if badge["issuer_earner_id"] in ours and badge["id"] not in known
        },
        ghosts={one.credly_id for one in held if one.credly_id} - all_ids,
        unfinished=[one.key for one in held if one.state in ON_ITS_WAY],
        posts=posts,
        extra_posts=posts - len(held),
    )


def _is_live(badge: dict[str, Any]) -> bool:
    return badge["state"] != "revoked" and not badge["replacement_badge_id"]
