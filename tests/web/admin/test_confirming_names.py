"""The button that says that a name is right, on the delivery that it holds and on the person."""

import pytest

from portal.extensions import db
from portal.messages import say
from portal.models import DeliveryState
from portal.wording import words

BUTTON = "The name is right"


@pytest.fixture
def held(world, lena):
    """A delivery to Lena, who is called Null."""
    lena.last_name = "Null"
    db.session.commit()
    return world.complete()


def press(browser, lena, page: str, **values) -> str:
    path = f"/admin/people/{lena.id}/name/confirm"
    answer = browser.post(path, page=page, name=lena.name, **values)
    return browser.follow(answer)


def test_ada_says_it_on_the_held_delivery_and_stays_there(world, browser, ada, lena, held):
    here = f"/admin/deliveries/{held.id}"
    assert BUTTON in browser.sign_in(ada).get(here)
    page = press(browser, lena, here, delivery=held.id)
    assert "It is noted that this name is right." in page
    assert "1 badge goes on." in page
    assert words(say("name_confirmed")) in page, "the trail says it"
    assert BUTTON not in page
    world.work(after=3600)
    assert held.state is DeliveryState.DONE


def test_ada_says_it_on_the_page_of_the_person(browser, ada, lena, held):
    here = f"/admin/people/{lena.id}"
    assert "Is this their name?" in browser.sign_in(ada).get(here)
    page = press(browser, lena, here)
    assert "An administrator said that the name is right." in page
    assert BUTTON not in page


def test_a_name_that_was_changed_in_between_is_asked_about_again(browser, ada, lena, held):
    here = f"/admin/people/{lena.id}"
    browser.sign_in(ada)
    answer = browser.post(f"/admin/people/{lena.id}/name/confirm", page=here, name="Lena Test")
    assert words(say("name_changed_meanwhile")) in browser.follow(answer)
    assert held.state is DeliveryState.HELD


def test_ivar_is_told_who_can_say_it(browser, ivar, held):
    page = browser.sign_in(ivar).get(f"/admin/deliveries/{held.id}")
    assert BUTTON not in page
    assert "an administrator can say that the name is right" in page


def test_a_name_that_can_be_none_has_no_such_button(world, browser, ada, lena):
    lena.last_name = "-"
    db.session.commit()
    delivery = world.complete()
    browser.sign_in(ada)
    assert BUTTON not in browser.get(f"/admin/deliveries/{delivery.id}")
    assert BUTTON not in browser.get(f"/admin/people/{lena.id}")


def test_lena_reads_what_to_do_if_it_is_her_name(browser, lena, held):
    page = browser.sign_in(lena).get("/learner/profile")
    assert "If it is your real name, ask an administrator to say so." in page
