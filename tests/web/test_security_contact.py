"""Whom to tell about a hole: shown once somebody has set it, and good for a while."""

import re
from datetime import datetime, timedelta

import pytest

from portal.config.reader import BadSetting
from portal.config.settings import load_settings

PAGE = "/.well-known/security.txt"


def test_without_a_contact_there_is_no_such_page(browser, ada):
    assert browser.get(PAGE, expect=404)


@pytest.mark.parametrize(
    "settings", [{"SECURITY_CONTACT": "holes@example.org https://example.org/security"}]
)
def test_a_finder_reads_whom_to_tell_and_until_when_that_is_true(browser, settings, now):
    text = browser.get(PAGE)
    assert text.headers["Content-Type"] == "text/plain; charset=utf-8"
    contacts = re.findall("^Contact: (.*)$", text, re.MULTILINE)
    assert contacts == ["mailto:holes@example.org", "https://example.org/security"]
    (expires,) = re.findall("^Expires: (.*)$", text, re.MULTILINE)
    left = datetime.fromisoformat(expires) - now
    assert timedelta(days=30) < left < timedelta(days=365)
    assert "Preferred-Languages: en, sv\n" in text
    assert f"Canonical: http://127.0.0.1:5000{PAGE}\n" in text


def test_a_contact_that_nobody_can_write_to_stops_the_start(tmp_path):
    for bad in ("http://example.org", "somebody", "a@b", "javascript:alert(1)", "a@b.org\rX: y"):
        with pytest.raises(BadSetting, match="SECURITY_CONTACT"):
            load_settings({"SECURITY_CONTACT": bad}, tmp_path)
