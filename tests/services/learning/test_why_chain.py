"""Why? over a chain of courses, paths, a certification and skill levels."""

from portal.extensions import db
from portal.models import Award
from portal.services.learning import completions
from portal.services.learning.why_ways import Finding
from tests.catalogues import give, grant, make_certification, make_path, make_skill
from tests.factories import make_badge, make_course
from tests.services.learning.test_why import best, told


def test_every_award_of_a_chain_is_explained_by_the_way_it_came(lena, otto, now):
    """A course, a path in a path, a certification, a level by credits and a granted one."""
    first, last = make_course(otto, "Knots", badge=make_badge("Knots")), make_course(otto, "Sails")
    inner = make_path(otto, [first], badge=make_badge("Inner"), title="The inner path")
    outer = make_path(otto, [inner, last], badge=make_badge("Outer"), title="The outer path")
    yearly = make_certification(otto, [first, last], badge=make_badge("Yearly"), validity_months=12)
    skill = make_skill((5, make_badge("By credits")), (99, make_badge("Granted")))
    give(last, skill.levels[0], 5)
    grant(outer, skill.levels[1])
    for one in (inner, outer, yearly):
        completions.enrol(learner=lena, learning_object=one, now=now)
    for course in (first, last):
        completions.enrol(learner=lena, learning_object=course, now=now)
        completions.complete(learner=lena, course_id=course.id, now=now)
    given = db.session.scalars(db.select(Award)).all()
    assert len(given) == 6
    for award in given:
        way = told(lena, award.badge, now).best
        assert (way.award, way.finding) == (award, Finding.IN_PORTAL), award.badge.name
        done = way.progress.fulfilled if way.progress and way.progress.parts else True
        assert done
        assert way.level is None or way.level.reached


def test_what_is_missing_on_a_path_is_named(lena, otto, now):
    first, last = make_course(otto, "Knots"), make_course(otto, "Sails")
    badge = make_badge("Outer")
    path = make_path(otto, [first, last], badge=badge)
    completions.enrol(learner=lena, learning_object=first, now=now)
    completions.complete(learner=lena, course_id=first.id, now=now)
    (part,) = told(lena, badge, now).best.progress.parts
    assert [one.learning_object.title for one in part.items if not one.done_at] == ["Sails"]
    completions.enrol(learner=lena, learning_object=last, now=now)
    completions.complete(learner=lena, course_id=last.id, now=now)
    assert best(lena, badge, now) is Finding.WOULD_AT_ONCE
    completions.enrol(learner=lena, learning_object=path, now=now)
    assert best(lena, badge, now) is Finding.IN_PORTAL
