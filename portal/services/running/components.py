"""What this portal is built on: every installed package, as a CycloneDX list (an SBOM)."""

import re
from collections.abc import Iterator
from datetime import datetime
from importlib.metadata import Distribution, distributions
from typing import Any
from uuid import uuid4

from portal.version import VERSION


def bill_of_materials(now: datetime) -> dict[str, Any]:
    """List every package that this Python finds, with version, licence and address (purl).

    The form is CycloneDX 1.6 in JSON (https://cyclonedx.org/docs/1.6/json/).
    """
    itself = {"type": "application", "name": "rosette", "version": VERSION}
    found = {_usual(one.name): one for one in distributions() if one.name}
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid4()}",
        "version": 1,
        "metadata": {
            "timestamp": now.isoformat(timespec="seconds"),
            "component": {**itself, "bom-ref": "rosette", "licenses": [_named("MIT")]},
        },
        "components": [_component(name, one) for name, one in sorted(found.items())],
    }


def _component(name: str, package: Distribution) -> dict[str, Any]:
    purl = f"pkg:pypi/{name}@{package.version}"
    told = {"type": "library", "bom-ref": purl, "purl": purl}
    licences = list(_licences(package))
    return {
        **told,
        "name": package.name,
        "version": package.version,
        **({"licenses": licences} if licences else {}),
    }


def _usual(name: str) -> str:
    """The one spelling of a package's name: `Flask_WTF` and `flask-wtf` are the same."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _licences(package: Distribution) -> Iterator[dict[str, Any]]:
    """What the package says of its licence, in the newest of the three ways that it uses."""
    if expression := package.metadata.get("License-Expression"):
        yield {"expression": expression}
        return
    said = (package.metadata.get("License") or "").strip()
    classes = [
        words.rpartition(" :: ")[2]
        for words in package.metadata.get_all("Classifier") or ()
        if words.startswith("License :: ") and words != "License :: OSI Approved"
    ]
    # Some put the whole text there, and some only that there are two.
    one_line = said and "\n" not in said and len(classes) < 2
    for words in [said] if one_line else classes:
        yield _named(words)


def _named(words: str) -> dict[str, Any]:
    return {"license": {"name": words}}
