"""The second factor: set up, asked for at sign-in, good once, recovered, taken away."""

import re
from datetime import timedelta

import pyotp
import pytest

from portal.clock import utc_now
from portal.config.reader import BadSetting
from portal.config.settings import load_settings
from portal.extensions import db
from portal.models import AuditEntry, OneTimeLink, RecoveryCode, SecondFactor
from portal.services.people import people, second_factor
from tests.factories import PASSWORD, make_person, with_password
from tests.page import Browser
from tests.waits import end_waits, stretch_waits

HERE = "/learner/second-factor"
CODE = re.compile(r"<code>([a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4})</code>")


def code_of(app, person, steps: int = 0) -> str:
    """What the person's app shows now, or some half minutes before or after."""
    row = db.session.get(SecondFactor, person.id)
    secret = app.extensions["means"].sealer.open(row.sealed_secret, f"second_factor:{person.id}")
    return pyotp.TOTP(secret).at(utc_now() + timedelta(seconds=30 * steps))


def set_up(app, browser, person) -> list[str]:
    """Go the whole way; return the recovery codes."""
    browser.submit(HERE, password=PASSWORD)
    page = browser.submit(f"{HERE}/set-up", expect=200, code=code_of(app, person))
    return CODE.findall(page)


def sign_in(app, person) -> Browser:
    """A browser in which the first step is done."""
    browser = Browser(app)
    answer = browser.submit("/login", email=person.email, password=PASSWORD)
    assert answer.location == "/login/code"
    return browser


@pytest.fixture
def at_home(browser, ada, lena):
    return browser.sign_in(with_password(lena))


def test_lena_sets_it_up_and_is_asked_for_it_from_then_on(app, at_home, lena):
    elsewhere = Browser(app).sign_in(lena)
    at_home.submit(HERE, expect=200, password="a wrong one")
    codes = set_up(app, at_home, lena)
    assert len(set(codes)) == second_factor.RECOVERY_CODES
    assert lena.second_factor_at
    elsewhere.get("/learner/profile", expect=302)
    assert at_home.get(HERE).count("Make new recovery codes") == 1

    visitor = Browser(app)
    visitor.get("/learner/catalogue?q=knots", expect=302)
    visitor.submit("/login", email=lena.email, password=PASSWORD)
    visitor.get("/learner/profile", expect=302)
    visitor.get("/learner/catalogue?q=knots", expect=302)
    answer = visitor.submit("/login/code", code=code_of(app, lena, 1))
    assert answer.location == "/learner/catalogue?q=knots"
    visitor.get("/learner/profile")
    assert not db.session.query(OneTimeLink).filter_by(used_at=None).count()


def test_a_code_is_good_once_whoever_saw_it(app, at_home, lena):
    set_up(app, at_home, lena)
    code = code_of(app, lena, 1)
    sign_in(app, lena).submit("/login/code", code=code)
    page = sign_in(app, lena).submit("/login/code", expect=200, code=code)
    assert 'id="code-error-1"' in page
    older = sign_in(app, lena).submit("/login/code", expect=200, code=code_of(app, lena))
    assert "used already" in older


def test_a_code_is_over_after_a_minute(app, at_home, lena):
    set_up(app, at_home, lena)
    for steps in (-3, 3):
        answer = {"expect": 200, "code": code_of(app, lena, steps)}
        sign_in(app, lena).submit("/login/code", **answer)


def test_a_recovery_code_is_good_once_and_only_its_hash_is_kept(app, at_home, lena):
    first, second, *_rest = set_up(app, at_home, lena)
    assert first.replace("-", "") not in str([vars(row) for row in db.session.query(RecoveryCode)])
    sign_in(app, lena).submit("/login/code", code=first.upper())
    sign_in(app, lena).submit("/login/code", expect=200, code=first)
    fresh = CODE.findall(at_home.submit(f"{HERE}/codes", expect=200, password=PASSWORD))
    sign_in(app, lena).submit("/login/code", expect=200, code=second)
    sign_in(app, lena).submit("/login/code", code=fresh[0].replace("-", " "))


def test_guessing_is_slowed_down_over_all_browsers(app, at_home, lena):
    set_up(app, at_home, lena)
    for wrong in ("000000", "x", "", "١٢٣٤٥٦", "9" * 40, "-1")[: second_factor.GUESSES + 1]:
        sign_in(app, lena).submit("/login/code", expect=200, code=wrong)
    stretch_waits()
    owner = sign_in(app, lena)
    # The brake is the account's, not the browser's.
    page = owner.submit("/login/code", expect=429, code=code_of(app, lena, 1))
    assert "Too many attempts" in page
    end_waits()
    owner.submit("/login/code", code=code_of(app, lena, 1))


def test_without_the_first_step_there_is_no_second(app, browser, at_home, lena):
    set_up(app, at_home, lena)
    stranger = Browser(app)
    assert stranger.get("/login/code", expect=302).location == "/login"
    waiting = sign_in(app, lena)
    row = db.session.query(OneTimeLink).filter_by(used_at=None).one()
    row.expires_at -= timedelta(minutes=11)
    db.session.commit()
    assert waiting.get("/login/code", expect=302).location == "/login"


def test_a_new_password_ends_a_sign_in_that_is_half_done(app, at_home, lena):
    set_up(app, at_home, lena)
    half_done = sign_in(app, lena)
    values = {"old_password": PASSWORD, "password": "another quiet harbour at noon"}
    at_home.submit("/learner/profile/password", **values)
    half_done.get("/login/code", expect=302)


def test_a_link_to_choose_a_password_does_not_go_round_it(app, at_home, lena, now):
    set_up(app, at_home, lena)
    visitor, link = Browser(app), f"/invitation/{people.invite(lena, now)}"
    assert visitor.submit(link, password="another quiet harbour").location == "/login/code"
    visitor.get("/learner/profile", expect=302)


def test_the_secret_is_sealed_for_its_owner(app, at_home, lena, otto):
    set_up(app, at_home, lena)
    row = db.session.get(SecondFactor, lena.id)
    db.session.add(SecondFactor(person_id=otto.id, sealed_secret=row.sealed_secret))
    otto.second_factor_at = lena.second_factor_at
    with_password(otto)
    code = code_of(app, lena, 1)
    sign_in(app, otto).submit("/login/code", expect=200, code=code)


def test_lena_switches_it_off_with_her_password(app, at_home, lena):
    set_up(app, at_home, lena)
    page = at_home.submit(f"{HERE}/switch-off", expect=200, password="a wrong one")
    assert 'id="password-error-1"' in page
    at_home.submit(f"{HERE}/switch-off", password=PASSWORD)
    assert Browser(app).submit("/login", email=lena.email, password=PASSWORD).location == "/"
    assert not db.session.query(SecondFactor).count() + db.session.query(RecoveryCode).count()


def test_without_a_password_the_factor_itself_proves_who_switches_it_off(app, browser, lena):
    codes = set_up(app, browser.sign_in(lena), lena)
    for place in (f"{HERE}/switch-off", f"{HERE}/codes"):
        page = browser.submit(place, expect=200, code="000000")
        assert 'id="code-error-1"' in page
        assert 'name="password"' not in page
    assert lena.second_factor_at
    browser.submit(f"{HERE}/switch-off", code=codes[0])
    assert lena.second_factor_at is None


def test_an_administrator_takes_it_away_from_who_lost_it(app, at_home, ada, lena):
    set_up(app, at_home, lena)
    work, place = Browser(app).sign_in(ada), f"/admin/people/{lena.id}"
    work.submit(f"{place}/second-factor")
    assert lena.second_factor_at is None
    at_home.get("/learner/profile", expect=302)
    actions = [one.action for one in db.session.query(AuditEntry).order_by(AuditEntry.id)]
    assert actions == ["person.factor_on", "person.factor_off"]
    work.get(f"{place}/second-factor", expect=302)


class TestRequired:
    @pytest.fixture
    def settings(self):
        return {"STAFF_SECOND_FACTOR": "required"}

    @pytest.mark.parametrize("role", ["admin", "integration_admin", "author"])
    def test_staff_set_it_up_before_anything_else(self, app, ada, role):
        person = with_password(make_person("Nils New", roles={role}))
        browser = Browser(app)
        browser.submit("/login", email=person.email, password=PASSWORD)
        for address in ("/learner/profile", "/learner/", "/admin/", "/author/"):
            assert browser.get(address, expect=302).location == HERE
        browser.submit(HERE, password=PASSWORD)
        codes = browser.submit(f"{HERE}/set-up", expect=200, code=code_of(app, person))
        assert len(CODE.findall(codes)) == second_factor.RECOVERY_CODES
        browser.get("/learner/profile")
        page = browser.submit(f"{HERE}/switch-off", expect=200, password=PASSWORD)
        assert "needs a second factor" in page

    def test_learners_may_go_without(self, browser, ada, lena):
        browser.sign_in(lena).get("/learner/profile")

    def test_another_word_for_the_setting_is_refused_by_name(self, tmp_path):
        with pytest.raises(BadSetting, match="STAFF_SECOND_FACTOR"):
            load_settings({"STAFF_SECOND_FACTOR": "yes"}, tmp_path)
