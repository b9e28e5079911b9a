"""Staff see whether the books balance and mend what does not agree."""

from portal.clock import utc_now
from portal.models import DeliveryState
from portal.services.issuing import books


def balance(world, browser):
    """Press the button and let the worker do it."""
    browser.post("/admin/books/balance", page="/admin/books")
    assert books.run_next(world.means, utc_now())


def test_before_the_first_night_it_says_so(browser, ivar):
    assert "The books were not balanced yet" in browser.sign_in(ivar).get("/admin/books")


def test_what_agrees_is_said_to_balance(browser, world, ivar):
    world.complete()
    world.work()
    browser.sign_in(ivar)
    balance(world, browser)
    assert "The books balance" in browser.get("/admin/books")
    assert "The books balance" in browser.get("/admin/")


def test_what_differs_is_mended_with_one_button_and_written_down(browser, world, ivar):
    delivery = world.complete()
    world.work()
    world.credly.move({"id": delivery.issued_badge.credly_id}, "accept")
    browser.sign_in(ivar)
    balance(world, browser)
    page = browser.get("/admin/books")
    assert "Differs: another state at Credly" in page
    assert ">Waiting to be accepted<" in page, "what the portal has, in words"
    assert ">Accepted<" in page, "what Credly has, in words"
    browser.post(
        "/admin/books/take-over",
        page="/admin/books",
        issued_badge_id=str(delivery.issued_badge_id),
    )
    assert delivery.issued_badge.state == "accepted"
    trail = browser.get(f"/admin/deliveries/{delivery.id}")
    assert "What Credly says of the badge was taken over." in trail
    assert "Ivar Integration" in trail


def test_what_could_not_be_read_says_why(browser, world, ivar):
    world.complete()
    world.work()
    world.credly.plan(match={"method": "GET"}, status=500, times=0)
    browser.sign_in(ivar)
    balance(world, browser)
    page = browser.get("/admin/books")
    assert "Unread: Credly did not answer" in page
    assert "Credly had an internal error." in page
    assert "server_error" not in page


def test_a_repair_of_nothing_is_not_found(browser, world, ivar):
    browser.sign_in(ivar)
    for repair in ("send", "take-over", "acknowledge", "adopt"):
        browser.post(f"/admin/books/{repair}", page="/learner/profile", expect=404)


def test_ada_revokes_a_badge_from_its_award(browser, world, ada):
    delivery = world.complete()
    world.work()
    browser.sign_in(ada)
    page = browser.get("/admin/awards?q=Lena")
    assert "Lena Learner" in page
    here = "/admin/awards/1/revoke"
    assert 'id="reason-error-1"' in browser.submit(here, expect=200, reason="")
    asked = browser.follow(browser.submit(here, reason="Passed by mistake"))
    assert "Credly is being asked to revoke it." in asked
    assert here not in asked, "it is not asked for twice"
    assert world.work(after=600) == [DeliveryState.DONE]
    assert delivery.issued_badge.state == "revoked"
    assert "Revoked" in browser.get("/admin/awards/1")


def test_a_corrected_name_goes_to_credly(browser, world, ada):
    world.complete()
    world.work()
    here = f"/admin/people/{world.lena.id}"
    answer = browser.sign_in(ada).submit(
        here, email=world.lena.email, first_name="Lena", last_name="Larsdotter"
    )
    assert "1 badge at Credly follows the change." in browser.follow(answer)
    assert world.work(after=600) == [DeliveryState.DONE]
    assert world.delivery_of(world.lena).issued_badge.last_name == "Larsdotter"
