"""What authors and learners do is written down, too, where it concerns more than themselves."""

from portal.extensions import db
from portal.models import Course, Module
from tests.factories import PASSWORD, earn, make_badge, make_course, make_person, with_password
from tests.web.learner.test_second_factor import code_of
from tests.web.test_audited import Tour

KNOTS = {"title": "Knots", "description": "Rope.", "content": "Hold", "external_url": ""}
ANOTHER = "a silent quay at midnight"


def test_authors(app, ada, otto, lena):
    tour = Tour(app, otto)
    tour.send("/author/courses/new", **KNOTS)
    at = f"/author/courses/{db.session.query(Course).one().id}"
    tour.send(f"{at}/edit", **KNOTS)
    for title in ("Read", "Tie"):
        tour.send(f"{at}/modules/new/text", title=title, content="This.")
    one, two = (module.id for module in db.session.query(Module).order_by(Module.position))
    tour.send(f"{at}/modules/{one}/edit", title="Read this", content="This.")
    tour.send(f"{at}/modules/{two}/move", to="up")
    tour.send(f"{at}/modules", criteria="some", needed="1")
    tour.send(f"{at}/modules/{two}/remove")
    tour.send(f"{at}/badge", badge=make_badge().id)
    tour.send(f"{at}/publish")
    tour.send(f"{at}/learners/enrol", emails=lena.email, group=0)
    tour.send(f"{at}/learners/learners.csv", expect=200)
    tour.send("/author/learning-paths/new", title="Sailor", description="A way.")
    tour.send(f"{at}/retire")
    chief = Tour(app, ada)
    mate = make_person("Mona Mate", roles={"author"})
    chief.send(f"{at}/owners", email=mate.email)
    chief.send(f"{at}/owners/remove", person=str(otto.id))


def test_what_is_recorded_for_somebody_names_them_and_their_award(app, otto, lena):
    course = make_course(otto, badge=make_badge())
    tour = Tour(app, otto)
    values = {"person": lena.id, "group": 0, "day": "2026-02-03", "result": "success"}
    tour.send(f"/author/courses/{course.id}/learners/record", **values)
    tour.send(f"/author/courses/{course.id}/learners/1/undo", reason="The wrong person")


def test_tokens_for_other_systems(app, ada, otto):
    values = {"name": "List", "scopes": ["objects:read"], "days": "30", "password": PASSWORD}
    author = Tour(app, with_password(otto))
    for _number in (1, 2):
        author.send("/learner/api-tokens/new", expect=200, **values)
    author.send("/learner/api-tokens/1/revoke")
    Tour(app, ada).send("/admin/api-tokens/2/revoke")


def test_learners(app, ada, lena):
    award = earn(with_password(lena), make_badge())
    tour = Tour(app, lena)
    tour.send("/learner/profile/name", first_name="Lena", last_name="Larsson")
    tour.send("/learner/privacy/download", expect=200)
    tour.send("/learner/privacy/opt-out")
    tour.send("/learner/privacy/opt-in")
    tour.send(f"/learner/badges/{award.id}/public/on")
    tour.send(f"/learner/badges/{award.id}/public/off")
    factor = "/learner/second-factor"
    tour.browser.submit(factor, password=PASSWORD)
    tour.send(f"{factor}/set-up", expect=200, code=code_of(app, lena))
    tour.send(f"{factor}/codes", expect=200, password=PASSWORD)
    tour.send(f"{factor}/switch-off", password=PASSWORD)
    tour.send("/learner/profile/password", old_password=PASSWORD, password=ANOTHER)
