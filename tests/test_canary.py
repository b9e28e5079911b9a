"""The authorization token is found nowhere: no page, log, error, address, export or database."""

import logging

import pytest

from portal.clock import utc_now
from portal.services.issuing import books, connections, syncing
from tests.searching import holding, pages, readable
from tests.world import World

CANARY = "canary-token-7Yh2kQ9xZ4mN8pR1-never-seen"


@pytest.fixture
def world(app, credly, otto, lena, now):
    """A world whose token is unmistakable."""
    credly.control("POST", f"organizations/{credly.id}/tokens", {"token": CANARY})
    credly.token = CANARY
    return World(app, credly, otto, lena, now)


def everything_goes_wrong(world) -> None:
    """Play every class of trouble once, with the token echoed back where Credly can."""
    echo = {"data": {"message": f"the token {CANARY} is odd"}, "metadata": {}}
    steps = (
        {"status": 401, "json": echo},
        {"status": 403, "json": echo},
        {"status": 422, "json": echo},
        {"status": 503, "json": echo},
        {"status": 500, "json": echo},
        {"status": 302, "headers": {"Location": f"https://x.example/?t={CANARY}"}},
        {"drop": "reset"},
        {"status": 201, "body": f"not json {CANARY}"},
    )
    for number, step in enumerate(steps):
        world.completed_by(1)
        world.credly.plan(**step)
        world.work(after=number * 1000)
        connections.test(connection=world.connection, means=world.means, now=utc_now())
    syncing.ask_for(connection=world.connection, actor=None, now=world.now)
    world.credly.plan(match={"method": "GET"}, status=500, json=echo, times=0)
    syncing.run_next(world.means, utc_now())
    books.ask_for(world.now)
    books.run_next(world.means, utc_now())
    world.credly.control("DELETE", "plan")


def test_the_token_is_nowhere(app, world, browser, ada, caplog, tmp_path):
    caplog.set_level(logging.DEBUG)
    everything_goes_wrong(world)
    said = pages(app, browser.sign_in(ada))
    assert len(said) > 100
    assert not holding(said, CANARY)
    assert CANARY not in caplog.text
    assert CANARY not in repr(world.means) + repr(world.connection) + repr(app.config)
    held = readable(tmp_path)
    assert "portal.db" in held
    assert not holding(held, CANARY)
