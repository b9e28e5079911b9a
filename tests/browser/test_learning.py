"""Learning that earns badges, in a real browser: each walk with people of its own."""

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from portal.practice.server import PracticeServer
from tests.browser.eyes import SLOW
from tests.browser.school import School
from tests.browser.walker import Walker


@pytest.fixture(scope="module")
def school(
    tmp_path_factory: pytest.TempPathFactory, practice_server: PracticeServer
) -> Iterator[School]:
    made = School(tmp_path_factory.mktemp("school"), practice_server)
    with made.portal:
        yield made
    made.credly.http.close()


@pytest.fixture
def walker(page: Page, school: School) -> Walker:
    return Walker(page, school.portal)


def test_a_path_with_a_skill_and_a_badge(walker, school):
    make_a_skill(walker)
    school.give_credits("knots", 1, 3)
    make_a_path(walker)
    walker.sign_in("lena@example.org")
    walker.press("Catalogue", role="link")
    walker.press("Coastal skipper", role="link")
    walker.press("Enrol")
    walker.look()
    for title in ("Knots and bends", "Splices"):
        walker.press(title, role="link")
        walker.press("Enrol")
        walker.press("Mark as complete")
        walker.see("You have completed this course")
        walker.press("Catalogue", role="link")
        walker.press("Coastal skipper", role="link")
    walker.see("You have completed this learning path")
    walker.look()
    walker.press("My badges", role="link")
    for name in ("Skipper", "Rope Hand"):
        walker.see(name)
    walker.press("My skills", role="link")
    walker.see("Rope work")
    walker.look()
    school_issues(school, "Skipper", "Rope Hand")


def make_a_skill(walker: Walker) -> None:
    walker.sign_in("ada@example.org")
    walker.press("Skills", role="link")
    walker.press("Create skill", role="link")
    walker.fill(Name="Rope work")
    level = walker.page.get_by_role("group", name="Level 1")
    level.get_by_label("Credits").fill("3")
    level.get_by_label("Badge").select_option(label="Rope Hand")
    walker.look()
    walker.press("Create skill")
    walker.heading("Rope work")
    walker.look()
    walker.sign_out()


def make_a_path(walker: Walker) -> None:
    walker.sign_in("otto@example.org")
    walker.press("New learning path", role="link")
    walker.fill(Title="Coastal skipper", Description="From the quay to the sea.")
    walker.press("Save as draft")
    walker.heading("Steps of Coastal skipper")
    for title in ("Knots and bends", "Splices"):
        walker.page.get_by_label(title).check()
    walker.press("Add the chosen")
    walker.look()
    walker.press("Save")
    walker.heading("Coastal skipper")
    walker.page.get_by_role("radio", name="Skipper").check()
    walker.press("Save badge")
    walker.press("Publish")
    walker.see("Published")
    walker.look()
    walker.sign_out()


def test_evidence_is_rejected_then_approved(walker, school):
    hand_in(walker, school, "Two drills.", first=True)
    decide(walker, "Reject", "The third drill is missing.")
    hand_in(walker, school, "Three drills.", first=False)
    decide(walker, "Approve", "")
    walker.sign_in("mei@example.org")
    walker.press("My badges", role="link")
    walker.see("Rescuer")
    school_issues(school, "Rescuer")


def hand_in(walker: Walker, school: School, words: str, *, first: bool) -> None:
    walker.sign_in("mei@example.org")
    walker.open(f"/learner/courses/{school.ids['rescue']}")
    if first:
        walker.press("Enrol")
    else:
        walker.see("The third drill is missing.")
    walker.look()
    walker.press("Submit evidence", role="link")
    walker.page.get_by_label("What you want to say").fill(words)
    walker.look()
    walker.press("Submit evidence")
    walker.see("Handed in")
    walker.sign_out()


def decide(walker: Walker, button: str, reason: str) -> None:
    walker.sign_in("otto@example.org")
    walker.press("Approvals", role="link")
    walker.look()
    walker.press("Mei Larsson", role="link")
    walker.look()
    if reason:
        walker.page.get_by_label("Reason").fill(reason)
    walker.press(button)
    walker.heading("Approvals")
    walker.sign_out()


def test_a_certificate_is_renewed(walker, school):
    school_issues(school, "Yearly")
    walker.sign_in("nils@example.org")
    walker.open(f"/learner/certifications/{school.ids['yearly']}")
    walker.look()
    walker.press("Renew")
    walker.see("This is a renewal")
    walker.press("Safety on the quay", role="link")
    walker.press("Enrol again")
    walker.press("Mark as complete")
    walker.see("You have completed this course")
    walker.open(f"/learner/certifications/{school.ids['yearly']}")
    walker.see("You have completed this certification")
    walker.look()
    until(lambda: any(entry["path"].endswith("/replace") for entry in calls(school)))


def test_earlier_completions_from_the_preview(walker, school):
    walker.sign_in("otto@example.org")
    walker.open(f"/author/courses/{school.ids['welcome']}")
    walker.see("2 people completed this and do not have its badge.")
    walker.press("Award earlier completions", role="link")
    walker.heading("Award earlier completions")
    walker.see("Eva Larsson")
    walker.look()
    walker.fill(Reason="They were the first to come")
    walker.press("Award 2 badges")
    # The page changes by itself: nobody reloads it here.
    walker.see("2 badges were awarded.")
    walker.look()
    until(lambda: len(posts(school, "Welcome")) == 2)


def test_a_completion_is_undone(walker, school):
    school_issues(school, "Signals")
    walker.sign_in("otto@example.org")
    walker.open(f"/author/courses/{school.ids['signals']}/learners")
    walker.look()
    walker.press("Undo completion", role="link")
    walker.look()
    walker.fill(Reason="It was somebody else")
    walker.press("Undo completion")
    walker.heading("Completion taken back")
    walker.see("These badges had left.")
    walker.look()
    walker.open(f"/author/courses/{school.ids['signals']}/learners")
    walker.press("Why? Olga Larsson", role="link")
    walker.see("It was somebody else")
    walker.look()


def calls(school: School) -> list[dict]:
    return [one for one in school.credly.log() if one["organization"] == school.credly.id]


def posts(school: School, name: str) -> list[dict]:
    """The calls that issued a badge of this name."""
    return [
        one
        for one in calls(school)
        if one["path"].endswith("/badges")
        and one["method"] == "POST"
        and one["body"]["badge_template_id"] == school.templates[name]
    ]


def school_issues(school: School, *names: str) -> None:
    for name in names:
        until(lambda name=name: posts(school, name))


def until(question) -> None:
    ends = time.monotonic() + SLOW / 1000
    while not question():
        assert time.monotonic() < ends, "it did not happen in time"
        time.sleep(0.1)
