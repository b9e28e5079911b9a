"""Everything of a portal that somebody could read: rows, files, pages. For the canaries."""

import re
import zipfile
from pathlib import Path

from flask import Flask

from portal.extensions import db
from tests.page import Browser
from tests.web.test_doors import DOORS


def readable(folder: Path) -> dict[str, bytes]:
    """Return every row of the database and every file of the portal, zips unpacked."""
    db.session.rollback()
    held = {
        table.name: "\n".join(str(row) for row in db.session.execute(db.select(table))).encode()
        for table in db.metadata.sorted_tables
    }
    db.session.rollback()
    for path in (one for one in folder.rglob("*") if one.is_file()):
        held[path.name] = path.read_bytes()
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                held |= {f"{path.name}:{one}": archive.read(one) for one in archive.namelist()}
    return held


def pages(app: Flask, browser: Browser, numbers: str = "12345") -> dict[str, bytes]:
    """Return what every page and export says to this visitor, headers and all."""
    found = {}
    for rule in app.url_map.iter_rules():
        if rule.endpoint in DOORS and "GET" in rule.methods:
            place = rule.rule.replace("<kind>", "courses").replace("<what>", "objects")
            for number in numbers:
                address = re.sub(r"<[^>]*>", number, place)
                with browser.client.get(address) as answer:
                    found[address] = answer.get_data() + str(answer.headers).encode()
    return found


def holding(held: dict[str, bytes], words: str) -> list[str]:
    """Return the names of what holds these words, whatever their case."""
    return [name for name, content in held.items() if words.lower().encode() in content.lower()]
