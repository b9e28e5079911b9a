"""The list of what the portal is built on."""

import json
import re
from importlib.metadata import version
from pathlib import Path
from uuid import UUID

import jsonschema
import pytest

from portal.cli.components import list_components

ROOT = Path(__file__).resolve().parent.parent
NAME = re.compile(r"^([A-Za-z0-9][\w.-]*)", re.MULTILINE)
# What CycloneDX 1.6 wants of the parts that we fill in.
TEXT = {"type": "string", "minLength": 1}
LICENCES = {
    "oneOf": [
        {
            "type": "array",
            "items": {
                "properties": {
                    "license": {
                        "properties": {"name": TEXT},
                        "required": ["name"],
                        "additionalProperties": False,
                    }
                },
                "required": ["license"],
                "additionalProperties": False,
            },
        },
        {
            "type": "array",
            "items": {
                "properties": {"expression": TEXT},
                "required": ["expression"],
                "additionalProperties": False,
            },
            "minItems": 1,
            "maxItems": 1,
        },
    ]
}
COMPONENT = {
    "properties": {
        **{name: TEXT for name in ("name", "version", "bom-ref")},
        "type": {"enum": ["application", "library"]},
        "purl": {"pattern": r"^pkg:pypi/[a-z0-9-]+@[\w.+!]+$"},
        "licenses": LICENCES,
    },
    "required": ["type", "name", "version"],
    "additionalProperties": False,
}
FORM = {
    "properties": {
        "$schema": TEXT,
        "bomFormat": {"const": "CycloneDX"},
        "specVersion": {"const": "1.6"},
        "serialNumber": TEXT,
        "version": {"const": 1},
        "metadata": {
            "properties": {"timestamp": TEXT, "component": COMPONENT},
            "additionalProperties": False,
        },
        "components": {"type": "array", "uniqueItems": True, "items": COMPONENT},
    },
    "required": ["bomFormat", "specVersion"],
    "additionalProperties": False,
}


@pytest.fixture
def told(app) -> dict:
    done = app.test_cli_runner().invoke(list_components)
    assert done.exit_code == 0
    return json.loads(done.output)


def test_every_package_we_ask_for_is_named_with_version_licence_and_purl(told):
    listed = {one["purl"].partition("@")[0]: one for one in told["components"]}
    for asked in NAME.findall((ROOT / "requirements.txt").read_text(encoding="utf-8")):
        one = listed[f"pkg:pypi/{asked.lower()}"]
        assert one["version"] == version(asked)
        assert one["purl"].endswith(f"@{one['version']}")
        assert one["licenses"], asked


def test_what_they_need_in_turn_is_named_too(told):
    names = {one["name"].lower() for one in told["components"]}
    assert {"werkzeug", "jinja2", "markupsafe", "click", "cffi"} <= names


def test_the_list_has_the_form_that_scanners_read(told):
    jsonschema.validate(told, FORM)
    assert UUID(told["serialNumber"].removeprefix("urn:uuid:")).version == 4
    references = [one["bom-ref"] for one in told["components"]]
    assert len(set(references)) == len(references)
