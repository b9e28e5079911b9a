"""What the demo is made of: pictures, texts, stories, and the words it obeys."""

from io import BytesIO

import pytest
from PIL import Image

from portal.demo.courses import COURSES, OWN_BADGE, UNCHECKED_BADGE
from portal.demo.organizations import CONNECTED
from portal.demo.people import EVERYBODY
from portal.demo.pictures import TONES, Look, draw
from portal.demo.running import demo_words
from portal.demo.stories import STORIES
from portal.demo.templates import INSTITUTE


@pytest.mark.parametrize("outline", ["circle", "hexagon", "shield", "star"])
def test_a_picture_is_a_large_square_with_clear_corners(outline):
    picture = Image.open(BytesIO(draw(Look(outline, "sea", "compass"))))
    assert picture.size == (600, 600)
    assert {picture.getpixel(corner)[3] for corner in ((0, 0), (599, 0), (0, 599))} == {0}
    assert picture.getpixel((300, 300))[3] == 255


def test_no_two_badges_look_the_same():
    looks = [one.look for organization in CONNECTED for one in organization.templates]
    assert len(set(looks)) == len(looks)
    assert {look.emblem for look in looks} >= {"knot", "compass"}
    assert {look.tones for look in looks} == set(TONES)


def test_every_course_has_a_title_a_description_and_something_to_read():
    titles = set()
    for course in COURSES:
        title, description, content = course.read()
        titles.add(title)
        assert title
        assert description.endswith(".")
        assert content.startswith("## "), title
    assert len(titles) == len(COURSES)


def test_every_badge_of_a_course_is_there():
    names = {one.name for organization in CONNECTED for one in organization.templates}
    wanted = {course.badge for course in COURSES if course.badge}
    assert wanted <= names | {OWN_BADGE, UNCHECKED_BADGE}
    assert len(INSTITUTE) == 19


def test_the_stories_are_about_people_and_courses_of_the_demo():
    words = {person.word for person in EVERYBODY}
    assert {story.learner for story in STORIES} <= words
    assert {story.course for story in STORIES} <= {course.word for course in COURSES}


def test_the_stories_are_spread_over_twelve_weeks():
    weeks = {story.before.days // 7 for story in STORIES}
    assert set(range(12)) <= weeks


def test_the_demo_obeys_only_words_that_keep_it_here():
    given = {"PORT": "5055", "DELIVERY_LEASE": "3", "PUBLIC_URL": "https://portal.example.org"}
    given |= {"SEALING_KEYS_FILE": "/nowhere", "SMTP_HOST": "mail.example.org", "HOST": "::"}
    words = demo_words(given)
    assert (words["PORT"], words["DELIVERY_LEASE"]) == ("5055", "3")
    assert (words["HOST"], words["SMTP_HOST"]) == ("127.0.0.1", "")
    assert not {"PUBLIC_URL", "SEALING_KEYS_FILE"} & words.keys()
