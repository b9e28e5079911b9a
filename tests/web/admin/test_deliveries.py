"""Staff see what is on its way, why it waits, and press Retry and Cancel."""

import re
from datetime import timedelta

from portal.clock import utc_now
from portal.extensions import db
from portal.models import ConnectionState, DeliveryState, Held
from portal.services.issuing import deliveries


def test_nothing_yet_is_said(browser, ivar):
    assert "Nothing was sent yet" in browser.sign_in(ivar).get("/admin/deliveries")


def test_the_trail_tells_what_was_asked_and_what_came_back(browser, world, ivar):
    delivery = world.complete()
    world.credly.plan(status=503)
    world.work()
    page = browser.sign_in(ivar).get(f"/admin/deliveries/{delivery.id}")
    assert f"POST /organizations/{world.credly.id}/badges" in page
    assert "answered 503" in page
    assert "Next try:" in page


def test_one_whose_worker_died_is_not_called_untouched(browser, world, ivar):
    delivery = world.complete()
    delivery.state = DeliveryState.SENDING
    db.session.commit()
    page = browser.sign_in(ivar).get(f"/admin/deliveries/{delivery.id}")
    assert "A worker has taken it" in page
    assert "Nothing happened yet" not in page


def test_a_held_delivery_says_why(browser, world, ivar):
    world.complete()
    world.credly.control(
        "POST", f"organizations/{world.credly.id}/tokens/expire", {"token": world.credly.token}
    )
    world.work()
    page = browser.sign_in(ivar).get("/admin/deliveries?state=held")
    assert "Held: Credly refused the connection" in page


def test_what_holds_a_delivery_is_one_link_away(browser, world, ivar, ada):
    delivery = world.complete()
    connection = f"/admin/connectors/credly/{delivery.connection_id}"
    person = f"/admin/people/{world.lena.id}"
    delivery.state = DeliveryState.HELD
    leads = {
        Held.CONNECTION_HELD: f'href="{connection}">Open the connection',
        Held.CONNECTION_PAUSED: f'href="{connection}">Open the connection',
        Held.TEMPLATE_NOT_ACTIVE: f'href="{connection}">Open the connection',
        Held.NO_CONNECTION: 'href="/admin/connectors/credly">Open the connections',
        Held.NAME_NOT_USABLE: f'href="{person}">See everything about',
        Held.OPTED_OUT: f'href="{person}">See everything about',
    }
    browser.sign_in(ada)
    for reason, link in leads.items():
        delivery.held_because = reason
        db.session.commit()
        assert link in browser.get(f"/admin/deliveries/{delivery.id}"), reason
    assert person not in browser.sign_in(ivar).get(f"/admin/deliveries/{delivery.id}")


def test_retry_of_what_is_still_held_does_not_say_that_it_was_tried(browser, world, ivar):
    delivery = world.complete()
    connection = delivery.connection
    connection.state = ConnectionState.PAUSED
    db.session.commit()
    world.work()
    here = f"/admin/deliveries/{delivery.id}"
    assert f'href="/admin/connectors/credly/{connection.id}"' in browser.sign_in(ivar).get(here)
    page = browser.follow(browser.post(f"{here}/retry", page=here))
    assert "It cannot be tried yet" in page
    assert delivery.state is DeliveryState.HELD
    assert "paused" in browser.get(f"/admin/connectors/credly/{connection.id}")


def test_retry_sends_at_once(browser, world, ivar):
    delivery = world.complete()
    world.credly.plan(status=422, json={"data": {"message": "No"}, "metadata": None})
    world.work()
    here = f"/admin/deliveries/{delivery.id}"
    answer = browser.sign_in(ivar).post(f"{here}/retry", page=here)
    assert "tried again" in browser.follow(answer)
    world.work(after=600)  # the button goes by the real clock, which the machine may slow
    assert delivery.state is DeliveryState.DONE


def test_cancel_asks_first_and_then_nothing_leaves(browser, world, ivar):
    delivery = world.complete()
    here = f"/admin/deliveries/{delivery.id}/cancel"
    assert "One badge will not be issued" in browser.sign_in(ivar).get(here)
    browser.submit(here)
    world.work()
    assert world.posts() == []
    assert delivery.state is DeliveryState.CANCELLED


def test_what_needs_a_person_leads_an_admin_to_the_learner(browser, world, ada, ivar):
    delivery = world.complete()
    world.credly.plan(status=422, json={"data": {"message": "Email is invalid"}, "metadata": None})
    world.work()
    here, link = f"/admin/deliveries/{delivery.id}", f'href="/admin/people/{world.lena.id}"'
    page = browser.sign_in(ada).get(here)
    assert "Email is invalid" in page
    assert link in page
    assert link not in browser.sign_in(ivar).get(here), "who may not open it is not led there"


def test_a_cancel_that_came_too_late_offers_to_revoke_there(browser, world, ada, ivar):
    delivery = world.complete()
    world.credly.plan(when="after", drop="reset")
    world.work()
    deliveries.cancel(actor=ada, delivery=delivery, now=world.now)
    world.work(after=200)
    here = f"/admin/deliveries/{delivery.id}"
    assert "an administrator can revoke it" in browser.sign_in(ivar).get(here)
    revoke = re.search(r'href="(/admin/awards/\d+/revoke)"', browser.sign_in(ada).get(here))[1]
    browser.submit(revoke, reason="Cancelled, but too late")
    assert revoke not in browser.get(here), "it is on its way"
    world.work(after=300)
    assert world.live() == []
    assert revoke not in browser.get(here), "what is revoked is not offered again"


def test_what_is_over_can_be_neither_retried_nor_cancelled(browser, world, ivar):
    delivery = world.complete()
    world.work()
    here = f"/admin/deliveries/{delivery.id}"
    answer = browser.sign_in(ivar).post(f"{here}/retry", page="/learner/profile")
    assert "nothing to retry" in browser.follow(answer)


def test_a_learner_has_no_business_here(browser, lena):
    browser.sign_in(lena).get("/admin/deliveries", expect=403)


def test_the_dashboard_counts_what_needs_a_person(browser, world, ada):
    world.complete()
    world.credly.plan(status=422, json={"data": {"message": "No"}, "metadata": None})
    world.work()
    page = " ".join(browser.sign_in(ada).get("/admin/").split())
    assert "<strong>1</strong> delivery needs a person" in page


def test_many_are_retried_when_their_number_is_typed(browser, world, ivar):
    world.completed_by(3)
    world.credly.plan(status=422, json={"data": {"message": "No"}, "metadata": None}, times=3)
    world.work()
    here = "/admin/deliveries/retry-all?state=needs_person"
    page = browser.sign_in(ivar).submit(here, expect=200, number="2")
    assert "Type the number 3" in page
    assert "Done for 3 deliveries." in browser.follow(browser.submit(here, number="3"))
    assert world.work(after=600) == [DeliveryState.DONE] * 3


def test_many_are_cancelled_and_nothing_leaves(browser, world, ivar):
    world.completed_by(2)
    here = "/admin/deliveries/cancel-all"
    assert "Cancel 2 deliveries?" in browser.sign_in(ivar).get(here)
    browser.submit(here, number="2")
    assert world.work() == []
    assert world.posts() == []


def test_the_list_counts_each_state_and_tells_how_old_the_oldest_open_one_is(browser, world, ivar):
    done, oldest, _youngest = world.completed_by(3)
    done.state, done.created_at = DeliveryState.DONE, utc_now() - timedelta(days=20)
    oldest.state, oldest.held_because = DeliveryState.HELD, Held.OPTED_OUT
    oldest.created_at = utc_now() - timedelta(days=3)
    db.session.commit()
    page = browser.sign_in(ivar).get("/admin/deliveries")
    for count in (">Waiting: 1<", ">Held: 1<", ">Done: 1<"):
        assert count in page
    assert "Needs a person: " not in page
    assert re.search(r"Oldest open one: [^<]*, 3 days ago", page)
