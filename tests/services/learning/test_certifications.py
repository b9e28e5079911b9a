"""Certifications that are published already, as their authors change them."""

import pytest

from portal.errors import RuleBroken
from portal.services.learning import certifications
from tests.catalogues import make_certification
from tests.factories import make_course


def test_a_published_certification_keeps_its_last_course(otto, now):
    one = make_certification(otto, [make_course(otto)])
    with pytest.raises(RuleBroken) as broken:
        certifications.save_courses(
            actor=otto, certification=one, needed=None, course_ids=[], now=now
        )
    assert (broken.value.message.code, broken.value.field) == ("certification_empty", "steps")


def test_a_published_external_one_does_not_become_one_without_courses(otto):
    one = make_certification(otto, [], external=True)
    with pytest.raises(RuleBroken) as broken:
        certifications.edit(
            certification=one,
            title="Skipper",
            description="",
            earned_again=False,
            external=False,
            validity_months=None,
            renewal_days=60,
        )
    assert (broken.value.message.code, broken.value.field) == ("certification_empty", "external")
