"""What staff read of an award, the same on every page: not sent, already held, or its state."""

import re

import pytest

from portal.extensions import db
from portal.models import Award
from tests.factories import earn, make_badge, make_credly_badge, make_person

ROW = re.compile(r'/admin/awards/(\d+)"(.*?)</tr>', re.DOTALL)


@pytest.fixture
def given(app, lena):
    """Three awards of Lena's: through a first source, through a second, and from history."""
    means = app.extensions["means"]
    badge = make_credly_badge(means, "Knots")
    first, second = (earn(lena, badge, state="accepted") for _time in range(2))
    other = make_person()
    earn(other, badge, state="accepted")
    history = earn(lena, make_credly_badge(means, "Ropes"))
    history.issued_badge_id, history.not_sent_because = None, "history"
    alone = earn(lena, make_badge("Tides"))
    alone.not_sent_because = "history"
    db.session.commit()
    return {"first": first.id, "second": second.id, "history": history.id, "alone": alone.id}


STAND = {
    "first": "Accepted",
    "second": "Already held",
    "history": "Not sent by choice",
    "alone": "Earned",
}


def test_each_award_says_where_it_stands(browser, ada, given):
    page = browser.sign_in(ada).get("/admin/awards?q=Lena")
    rows = {int(award_id): row for award_id, row in ROW.findall(page)}
    for name, words in STAND.items():
        assert words in rows[given[name]], name
        assert words in browser.get(f"/admin/awards/{given[name]}"), name
    page = browser.get(f"/admin/people/{db.session.get(Award, given['first']).learner_id}")
    for words in STAND.values():
        assert page.count(f"{words}</span>") == 1, words


def test_history_is_not_called_a_badge_of_the_portal_alone(browser, ada, given):
    page = browser.sign_in(ada).get(f"/admin/awards/{given['history']}")
    assert "came with imported history" in page
    assert "lives in the portal alone" not in page
    assert "lives in the portal alone" in browser.get(f"/admin/awards/{given['alone']}")


def test_an_author_reads_the_same(browser, ada, given):
    course = db.session.get(Award, given["second"]).learning_object_id
    page = browser.sign_in(ada).get(f"/author/courses/{course}")
    assert "Already held" in page
    course = db.session.get(Award, given["history"]).learning_object_id
    assert "Not sent by choice" in browser.get(f"/author/courses/{course}/learners")
    assert "Not sent by choice" in browser.get(f"/author/courses/{course}")
