"""What a learner takes along of their badges."""

import json
import zipfile
from io import BytesIO

import pytest

from portal.extensions import db
from portal.models import OpenBadgeRecord, RecordState
from tests.factories import earn, make_badge, make_credly_badge, make_person
from tests.web.test_statements import counted

RECORD = {"assertion": {"type": "Assertion"}, "badge": {"name": "Knöts"}, "issuer": {}}


@pytest.fixture
def award(app, lena, now):
    given = earn(
        lena, make_credly_badge(app.extensions["means"], "Knots & Ropes"), state="accepted"
    )
    db.session.add(
        OpenBadgeRecord(
            issued_badge_id=given.issued_badge_id,
            credly_id=given.issued_badge.credly_id,
            state=RecordState.STORED,
            record=RECORD,
            fetched_at=now,
        )
    )
    db.session.commit()
    return given


def taken(browser, path: str):
    answer = browser.client.get(path)
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment")
    return answer


def test_the_certificate_is_a_pdf(browser, lena, award):
    answer = taken(browser.sign_in(lena), f"/learner/badges/{award.id}/certificate.pdf")
    assert answer.data.startswith(b"%PDF-")
    assert "knots-ropes" in answer.headers["Content-Disposition"]


@pytest.mark.parametrize("name", ["Å" * 200, "x" * 255, "Łukasz Ж", "\U0001f3c6 gold", "a\u202eb"])
def test_no_name_breaks_a_certificate(browser, lena, name):
    award = earn(lena, make_badge(name))
    answer = taken(browser.sign_in(lena), f"/learner/badges/{award.id}/certificate.pdf")
    assert answer.data.startswith(b"%PDF-")


def test_the_record_is_what_credly_published(browser, lena, award):
    answer = taken(browser.sign_in(lena), f"/learner/badges/{award.id}/open-badge.json")
    assert json.loads(answer.data) == RECORD


def test_what_is_not_there_is_not_found(browser, lena):
    award = earn(lena, make_badge("Volunteer"))
    browser.sign_in(lena)
    browser.get(f"/learner/badges/{award.id}/open-badge.json", expect=404)
    browser.get(f"/learner/badges/{award.id}/picture.png", expect=404)


def test_nobody_takes_what_is_somebody_elses(browser, award):
    browser.sign_in(make_person())
    for name in ("certificate.pdf", "open-badge.json", "picture.png"):
        browser.get(f"/learner/badges/{award.id}/{name}", expect=404)


def test_everything_comes_in_one_zip(browser, lena, award):
    earn(lena, make_badge("Volunteer"))
    earn(make_person(), make_badge("Not hers"))
    answer = taken(browser.sign_in(lena), "/learner/badges/all.zip")
    with zipfile.ZipFile(BytesIO(answer.data)) as folder:
        assert folder.testzip() is None
        names = sorted(name.rsplit(".", 1)[1] for name in folder.namelist())
    assert names == ["json", "pdf", "pdf"]


def test_nothing_earned_is_an_empty_zip(browser, lena):
    answer = taken(browser.sign_in(lena), "/learner/badges/all.zip")
    with zipfile.ZipFile(BytesIO(answer.data)) as folder:
        assert folder.namelist() == []


def test_all_of_them_take_as_many_statements_however_many_there_are(browser, lena, award, app):
    def asked() -> int:
        statements: list[str] = []
        with counted(statements):
            assert browser.client.get("/learner/badges/all.zip", buffered=True).status_code == 200
        db.session.expire_all()
        return len([one for one in statements if one.startswith("SELECT")])

    browser.sign_in(lena)
    few = asked()
    for number in range(4):
        earn(lena, make_credly_badge(app.extensions["means"], f"More {number}"), state="accepted")
    assert asked() == few
