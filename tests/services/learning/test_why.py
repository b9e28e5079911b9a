"""Why somebody earned a badge."""

from portal.extensions import db
from portal.models import Award, Skill, SkillLevel
from portal.services.learning import why
from tests.factories import earn, make_badge


def test_a_course_is_why(lena):
    award = earn(lena, make_badge("Knots"))
    assert why.sources_of([award])[award.id].title == "The way to Knots"
    assert why.skill_level_of(award) is None


def test_a_skill_level_is_why(lena, now):
    level = SkillLevel(skill=Skill(name="Rope work"), level=2, credits=5)
    db.session.add(level)
    db.session.flush()
    badge_id = make_badge().id
    award = Award(learner_id=lena.id, badge_id=badge_id, skill_level_id=level.id, earned_at=now)
    db.session.add(award)
    db.session.commit()
    assert why.skill_level_of(award).skill.name == "Rope work"
    assert why.sources_of([award]) == {}
