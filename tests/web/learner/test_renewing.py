"""Renewing a certification, and opening the files of a course, on the pages of its learner."""

from datetime import timedelta
from io import BytesIO

import pytest

from portal.extensions import db
from portal.models import BadgeState, Module, ModuleKind
from portal.services.learning import chain, completions, files
from tests.catalogues import make_certification
from tests.factories import make_badge, make_course

PDF = b"%PDF-1.7\n1 0 obj\nendobj\ntrailer\n%%EOF\n"


@pytest.fixture
def reader(browser, lena):
    """Lena's browser."""
    return browser.sign_in(lena)


def complete(learner, course, now):
    completions.enrol(learner=learner, learning_object=course, now=now)
    completions.complete(learner=learner, course_id=course.id, now=now)


def test_a_file_of_a_module_is_opened_by_who_is_enrolled(browser, app, otto, lena, now):
    kept = files.keep(
        BytesIO(PDF), "knots.pdf", allowed=files.DOCUMENTS, means=app.extensions["means"]
    )
    course = make_course(otto)
    module = Module(course_id=course.id, position=0, title="Knots", kind=ModuleKind.FILE)
    module.file_key, module.file_name, module.file_type = kept.key, kept.name, kept.type
    db.session.add(module)
    db.session.commit()
    page, file = f"/learner/courses/{course.id}", f"/learner/courses/{course.id}/modules/1/file"
    browser.sign_in(lena)
    assert "knots.pdf: enrol to open it." in browser.get(page)
    assert "Enrol first." in browser.follow(browser.get(file, expect=302))
    completions.enrol(learner=lena, learning_object=course, now=now)
    assert file in browser.get(page)
    for person in (lena, otto):
        with browser.sign_in(person).client.get(file) as answer:
            assert answer.data == PDF


def test_a_renewal_without_a_badge_says_so(reader, otto, lena, now):
    course, badge = make_course(otto, "Knots"), make_badge("Safe")
    found = make_certification(otto, [course], badge=badge, validity_months=1, renewal_days=60)
    completions.enrol(learner=lena, learning_object=found, now=now)
    complete(lena, course, now)
    at = f"/learner/certifications/{found.id}"
    assert "You have earned the badge Safe." in reader.get(at)
    badge.state = BadgeState.RETIRED
    db.session.commit()
    later = now + timedelta(days=1)
    completions.renew(learner=lena, certification=found, now=later)
    complete(lena, course, later)
    page = reader.get(at)
    assert "You have earned" not in page
    assert "so no badge was given" in page
    assert "The badge you earned before stays as it is." in page


def test_after_withdrawing_from_a_renewal_the_page_shows_what_is_valid(reader, otto, lena, now):
    course = make_course(otto, "Knots")
    found = make_certification(otto, [course], validity_months=1, renewal_days=60)
    completions.enrol(learner=lena, learning_object=found, now=now)
    complete(lena, course, now)
    at = f"/learner/certifications/{found.id}"
    reader.post(f"{at}/renew", page=at)
    assert "This is a renewal" in reader.get(at)
    reader.submit(f"{at}/withdraw")
    page = reader.get(at)
    assert "You have completed this certification" in page
    assert "You are not enrolled yet." not in page


def test_an_external_certification_is_renewed_by_sending_new_proof(reader, otto, lena, now):
    found = make_certification(otto, [], external=True, validity_months=1, renewal_days=60)
    attempt = completions.enrol(learner=lena, learning_object=found, now=now)
    chain.finish(attempt, at=now, now=now)
    db.session.commit()
    at = f"/learner/certifications/{found.id}"
    assert f'href="{at}/evidence"' in reader.get(at)
    proof = (BytesIO(PDF), "licence.pdf")
    page = reader.follow(reader.submit(f"{at}/evidence", text="", address="", file=proof))
    assert "This is a renewal" in page
    assert "Handed in on:" in page
