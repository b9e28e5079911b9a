"""Whatever the catalogue and whatever somebody does in whatever order: exactly what the plain
reference says is earned.

`HYPOTHESIS_TIMES=20` looks at twenty times as many, and at new ones each time.
"""

import os
import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as some

from portal.extensions import db
from tests.properties.plans import Story, stories
from tests.properties.reference import awards_of
from tests.properties.stage import Stage, moment
from tests.properties.tales import changing, renewals, renewals_undone, undoing

TIMES = int(os.environ.get("HYPOTHESIS_TIMES", "1"))


def looking_at(examples: int) -> settings:
    """The same examples every time, so that nobody's build fails for somebody else's rule."""
    return settings(
        max_examples=examples * TIMES,
        deadline=None,
        derandomize=TIMES == 1,
        # A failing story is made shorter only when somebody looks for one: that takes minutes.
        phases=[Phase.generate] if TIMES == 1 else list(Phase),
        database=None,
        suppress_health_check=list(HealthCheck),
    )


def play(story: Story) -> None:
    stage = Stage(story.plan)
    for event in story.events:
        stage.do(event)
    assert stage.awards() == awards_of(story)


def without_days(awards):
    return {one[:3] for one in awards}


@looking_at(60)
@given(story=stories())
def test_a_history_earns_exactly_what_the_reference_says(app, story):
    play(story)


@looking_at(15)
@given(story=renewals())
def test_renewals_follow_the_reference_through_the_years(app, story):
    play(story)


@looking_at(35)
@given(story=undoing() | renewals_undone())
def test_what_is_undone_and_done_again_follows_the_reference(app, story):
    play(story)


@looking_at(25)
@given(story=changing())
def test_changed_requirements_hold_for_whom_the_reference_says(app, story):
    play(story)


@looking_at(20)
@given(story=stories(renewing=False), seed=some.integers(0, 2**32))
def test_the_order_does_not_matter_nor_how_often(app, story, seed):
    events = list(story.events) * 2
    random.Random(seed).shuffle(events)
    stage = Stage(story.plan)
    for day, event in enumerate(events):
        stage.do(replace(event, day=day))
    assert without_days(stage.awards()) == without_days(awards_of(story))


@looking_at(15)
@given(story=stories(renewing=False), data=some.data())
def test_what_is_taken_back_was_never_earned(app, story, data):
    courses = [event.thing for event in story.events if event.deed == "complete"]
    gone = data.draw(some.sampled_from(courses)) if courses else None
    stage = Stage(story.plan)
    for event in story.events:
        stage.do(event)
    if gone:
        stage.take_back(gone, moment(9999))
    kept = tuple(event for event in story.events if event.thing != gone)
    assert without_days(stage.awards()) == without_days(awards_of(Story(story.plan, kept)))


@looking_at(6)
@given(story=stories(renewing=False))
def test_everything_at_once_is_as_good_as_one_after_the_other(app, story):
    stage = Stage(story.plan)
    db.session.remove()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda event: at_once(app, stage, event), list(story.events) * 2))
    assert without_days(stage.in_this_session().awards()) == without_days(awards_of(story))


def at_once(app, stage, event):
    """Do an event as a request of its own: another context, another session."""
    with app.app_context():
        stage.in_this_session().do(event)
