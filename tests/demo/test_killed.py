"""A portal shot in the middle of the POST that issues a badge, and started again."""

from pathlib import Path

import pytest

from portal.extensions import db
from tests.demo.processes import ask, serve, wait_until

# Everything that takes minutes in real life takes seconds here, in proportion.
SHORT = {"DELIVERY_LEASE": "8", "DELIVERY_QUIET": "9", "DELIVERY_WAITS": "1 2 4"}


@pytest.fixture
def settings() -> dict[str, str]:
    """The portal that sets the scene obeys the same figures."""
    return SHORT


@pytest.mark.parametrize(("when", "posts"), [("before", 2), ("after", 1)])
def test_a_portal_killed_during_the_post_ends_with_one_badge(world, credly, app, when, posts):
    instance = Path(app.instance_path)
    words = {"CREDLY_EXTRA_HOSTS": credly.practice.host, "CREDLY_RATE": "0", **SHORT}
    db.session.rollback()  # SQLite has one writer: from now on that is the other process
    with serve(instance, **words) as portal:
        credly.plan(when=when, kill={"pid": portal.pid}, drop="close")
        world.complete()
        db.session.rollback()
        assert portal.ended() == -9, (portal.out, portal.err)
    assert ask(instance / "portal.db", "SELECT state FROM delivery") == [("sending",)]
    with serve(instance, **words) as again:
        done = "SELECT id FROM delivery WHERE state = 'done'"
        wait_until(lambda: ask(instance / "portal.db", done), again)
        assert again.end() == 0
    assert len(world.live()) == 1
    assert len(world.posts()) == posts
    credly_id = ask(instance / "portal.db", "SELECT credly_id FROM issued_badge")
    assert credly_id == [(world.live()[0]["id"],)]
