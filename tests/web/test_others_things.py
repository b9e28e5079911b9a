"""What is somebody else's does not exist: every address of an award and of a learning object."""

import re

from tests.catalogues import make_certification, make_path
from tests.factories import earn, make_badge, make_course, make_person
from tests.page import Browser

NUMBERS = {"object_id", "course_id", "path_id", "certification_id"}


def knocked(browser, rules, address_of, methods=("GET", "POST")) -> dict[tuple[str, str], int]:
    """Try every rule with these methods; return the answers by method and endpoint."""
    token, answers = browser.token_of("/learner/profile"), {}
    for rule in rules:
        for method in set(methods) & rule.methods:
            sent = {"csrf_token": token} if method == "POST" else None
            with browser.client.open(address_of(rule), method=method, data=sent) as answer:
                answers[method, rule.endpoint] = answer.status_code
    return answers


def of_area(app, area: str, numbers: set[str]):
    rules = app.url_map.iter_rules()
    return [one for one in rules if one.endpoint.startswith(area) and one.arguments & numbers]


def test_no_address_opens_somebody_elses_award(app, browser, lena):
    award = earn(lena, make_badge("Knots"))
    rules = of_area(app, "learner.", {"award_id"})
    assert len(rules) >= 11

    def address(rule):
        return rule.rule.replace("<int:award_id>", str(award.id))

    tried = knocked(browser.sign_in(make_person("Nosy Parker")), rules, address)
    assert {how: status for how, status in tried.items() if status != 404} == {}
    assert 200 in knocked(Browser(app).sign_in(lena), rules, address, ("GET",)).values()


def test_no_address_opens_somebody_elses_learning_object(app, browser, otto):
    course = make_course(otto)
    path, certificate = make_path(otto, [course]), make_certification(otto, [course])
    rules = of_area(app, "author.", NUMBERS)
    owner, opened = Browser(app).sign_in(otto), set()
    browser.sign_in(make_person("Olga Other", roles={"author"}))
    for kind, thing in (
        ("courses", course),
        ("learning-paths", path),
        ("certifications", certificate),
    ):

        def address(rule, kind=kind, thing=thing):
            place = rule.rule.replace("<kind>", kind)
            for name in NUMBERS:
                place = place.replace(f"<int:{name}>", str(thing.id))
            return re.sub(r"<[^>]*>", "1", place)

        tried = knocked(browser, rules, address)
        assert {how: status for how, status in tried.items() if status != 404} == {}
        seen = knocked(owner, rules, address, ("GET",))
        opened |= {endpoint for (_method, endpoint), status in seen.items() if status == 200}
    assert len(opened) >= 15, "its owner does open them"
