"""Tokens for other systems, as staff make and revoke them on their pages."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.errors import NotAllowed
from portal.extensions import db
from portal.models import ApiToken, AuditEntry, Scope
from portal.services.people import api_tokens, forgotten, people
from portal.services.people.one_time_links import LinkPurpose, code_hash, make_link
from tests.factories import PASSWORD, make_person, with_password

PAGE = "/learner/api-tokens"
SECRET = re.compile(r'value="(rosette_[\w-]{43})"')
WANTED = {"name": "Kurslista", "scopes": ["objects:read", "awards:read"], "days": "30"}


@pytest.fixture
def at_home(browser, ada, otto):
    """Otto, signed in."""
    return browser.sign_in(with_password(otto))


def make(person, now, *scopes, days=30, name="Kurslista"):
    """A token of this person, for all they may give unless scopes are named."""
    chosen = {Scope(one) for one in scopes} or api_tokens.scopes_of(person)
    return api_tokens.make(person=person, name=name, scopes=chosen, days=days, now=now)


def test_a_token_is_shown_once_and_stored_as_a_hash(app, at_home, otto):
    page = at_home.submit(f"{PAGE}/new", expect=200, password=PASSWORD, **WANTED)
    secret = SECRET.search(page).group(1)
    token = db.session.scalars(select(ApiToken)).one()
    assert token.secret_hash == code_hash(secret)
    assert token.scopes == ["awards:read", "objects:read"]
    assert secret not in at_home.get(PAGE)
    assert secret[:14] in at_home.get(PAGE)
    entry = db.session.scalars(select(AuditEntry).filter_by(action="token.create")).one()
    assert (entry.subject, entry.subject_id, entry.actor_id) == ("api_token", token.id, otto.id)


def test_without_the_present_password_no_token_is_made(app, at_home):
    page = at_home.submit(f"{PAGE}/new", expect=200, password="a wrong one", **WANTED)
    assert 'id="password-error-1"' in page
    assert not db.session.scalars(select(ApiToken)).all()


def test_mistakes_are_said_at_their_fields(app, at_home):
    said = {"password": PASSWORD, **WANTED}
    for field, value in (("name", ""), ("name", "x" * 101), ("scopes", []), ("days", "3650")):
        page = at_home.submit(f"{PAGE}/new", expect=200, **{**said, field: value})
        assert f'id="{field}-error-1"' in page, field
    # An author reads no list of people, whatever the form says.
    page = at_home.submit(f"{PAGE}/new", expect=200, **{**said, "scopes": ["people:read"]})
    assert 'id="scopes-error-1"' in page
    assert not db.session.scalars(select(ApiToken)).all()


def test_nobody_gives_what_they_may_not(app, otto, now):
    with pytest.raises(NotAllowed):
        make(otto, now, "people:read")
    with pytest.raises(NotAllowed):
        make(otto, now, "objects:read", days=366)


def test_otto_revokes_his_token_and_nobody_elses(app, at_home, ada, otto, now):
    mine, theirs = make(otto, now)[0], make(ada, now)[0]
    at_home.get(f"{PAGE}/{theirs.id}/revoke", expect=404)
    at_home.post(f"{PAGE}/{theirs.id}/revoke", page=PAGE, expect=404)
    here = f"{PAGE}/{mine.id}/revoke"
    assert f'href="{here}"' in at_home.get(PAGE)
    assert "It was never used." in at_home.get(here), "what it means is said first"
    assert mine.lives(now), "and looking revokes nothing"
    assert "no longer works" in at_home.follow(at_home.submit(here))
    assert not mine.lives(now)
    assert theirs.lives(now)
    at_home.post(f"{PAGE}/{mine.id}/revoke", page=PAGE)
    revoked = db.session.scalars(select(AuditEntry).filter_by(action="token.revoke")).all()
    assert [entry.subject_id for entry in revoked] == [mine.id]


def test_an_administrator_sees_everybodys_and_revokes_them(app, browser, ada, otto, now):
    token, secret = make(otto, now, name="The <b>old</b> system")
    make(ada, now, name="Own")
    page = browser.sign_in(ada).get(f"/admin/api-tokens?person={otto.id}")
    assert "The <b>old</b> system" in page  # unescaped by the test browser
    assert "Own" not in page
    assert secret not in page
    assert "Own" in browser.get("/admin/api-tokens")
    page = browser.get(f"/admin/api-tokens/{token.id}/revoke")
    assert f"A token of {otto.name} for another system." in page
    browser.submit(f"/admin/api-tokens/{token.id}/revoke")
    assert not token.lives(now)
    browser.get("/admin/api-tokens?person=99999", expect=404)


def test_a_token_ends_with_the_account_and_with_a_password_by_mail(app, ada, otto, now):
    token, _secret = make(otto, now)
    people.deactivate(actor=ada, person=otto)
    people.activate(person=otto)
    assert not db.session.get(ApiToken, token.id, populate_existing=True).lives(now)
    token, _secret = make(otto, now)
    code = make_link(otto, LinkPurpose.PASSWORD, now)
    db.session.commit()
    forgotten.choose_password(code=code, password="a silent quay at midnight", now=now)
    assert not db.session.get(ApiToken, token.id, populate_existing=True).lives(now)


def test_there_is_an_end_to_how_many_somebody_has(app, at_home, otto, now):
    for _one in range(api_tokens.MOST):
        make(otto, now)
    page = at_home.submit(f"{PAGE}/new", expect=200, password=PASSWORD, **WANTED)
    assert "20 tokens that work" in page


def test_what_ended_long_ago_is_swept_away(app, otto, now):
    day = timedelta(days=1)
    old, fresh = make(otto, now - 61 * day)[0].id, make(otto, now - 59 * day)[0].id
    revoked = make(otto, now - 40 * day, days=365)[0]
    api_tokens.revoke(actor=otto, token=revoked, now=now - 31 * day)
    api_tokens.sweep(30 * day, now)
    db.session.commit()
    left = db.session.scalars(select(ApiToken.id)).all()
    assert left == [fresh]
    assert old not in left


def test_learners_and_integration_administrators_are_not_offered_any(browser, ada, lena, ivar):
    for person in (lena, ivar):
        page = browser.sign_in(person).get("/learner/profile")
        assert PAGE not in page
    assert PAGE in browser.sign_in(make_person("Olga Other", roles={"author"})).get(
        "/learner/profile"
    )
