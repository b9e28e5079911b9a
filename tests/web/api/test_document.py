"""The document says what is there: every address, method, status, parameter and member.

Each answer in the other tests of this folder is held against it by `Machine`.
"""

import copy
import json

import pytest
from jsonschema import Draft202012Validator, ValidationError

from portal.models import Scope
from tests.factories import earn, make_badge
from tests.web.api.document import METHODS, path_of, validator, whole
from tests.web.api.machine import API, Machine


def test_every_address_and_method_is_in_it_and_nothing_else(app):
    there = {
        (path_of(rule.rule), method.lower())
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/")
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    told = {
        (path, method) for path, item in whole()["paths"].items() for method in METHODS & set(item)
    }
    assert told == there


def test_any_token_that_works_reads_it_and_nobody_else(app, otto):
    author = Machine(app, otto, scopes={Scope.OBJECTS_READ})
    assert author.get("/openapi.json").said == whole()
    Machine(app).get("/openapi.json", expect=401)


def test_its_schemas_are_schemas_and_its_references_lead_somewhere():
    text = json.dumps(whole())
    for name, schema in whole()["components"]["schemas"].items():
        Draft202012Validator.check_schema(schema)
        assert f"#/components/schemas/{name}" in text, f"{name} is not used"
    for reference in {one.split('"')[0] for one in text.split('"$ref": "#')[1:]}:
        place = whole()
        for step in reference.strip("/").split("/"):
            place = place[step]


def test_every_scope_is_asked_for_somewhere():
    asked = {
        scope
        for item in whole()["paths"].values()
        for method in METHODS & set(item)
        for scope in item[method]["security"][0]["token"]
    }
    assert asked == set(Scope)


def test_every_parameter_that_it_names_is_taken(app, ada, lena):
    earn(lena, make_badge())
    machine = Machine(app, ada)
    for path, item in whole()["paths"].items():
        for parameter in item.get("get", {}).get("parameters", []):
            if "$ref" in parameter:
                name = parameter["$ref"].rsplit("/", 1)[1]
                parameter = whole()["components"]["parameters"][name]
            machine.get(path, query_string={parameter["name"]: parameter["example"]})


def test_what_is_told_of_a_completion_is_described():
    check = validator("/components/schemas/Completion")
    good = whole()["components"]["schemas"]["Completion"]["examples"][0]
    check.validate(good)
    for change in (
        {"success": None},
        {"person_id": 1},
        {"object_id": 1},
        {"completed_at": "2026-05-31T12:00:00Z"},
        {"grade": 5},
    ):
        with pytest.raises(ValidationError):
            check.validate({**good, **change})


def test_an_answer_with_a_member_too_many_would_be_noticed(app, ada):
    said = copy.deepcopy(Machine(app, ada).get(f"{API}/people/{ada.id}").said)
    check = validator("/components/schemas/Person")
    check.validate(said)
    with pytest.raises(ValidationError):
        check.validate({**said, "password_hash": "x"})
