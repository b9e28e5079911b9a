"""docs/running.md, typed: every command that wants neither root nor containers is really run."""

import re

import requests

from portal.config.settings import load_settings
from tests.demo.processes import ROOT
from tests.deploy.running import DOCUMENT, SETTINGS, Server, commands, why_left_out

TEXT = DOCUMENT.read_text(encoding="utf-8")


def test_every_command_of_the_document_works_in_an_empty_folder(tmp_path, record_property):
    with Server(tmp_path) as server:
        for command in commands(TEXT):
            reason = why_left_out(command)
            if reason:
                record_property(f"left out: {command}", reason)
            else:
                server.enter(command)
        page = requests.get(f"http://127.0.0.1:{server.port}/health", timeout=120)
        assert (page.status_code, page.text) == (200, "ok\n")
    assert any("Restored what was backed up" in line for line in server.said)
    assert len(list((tmp_path / "var/backups/rosette").glob("*.zip"))) == 2
    assert (tmp_path / "var/lib/rosette-new/portal.db").exists()


def test_the_commands_that_are_not_typed_name_files_that_are_there():
    for command in commands(TEXT):
        # What a command writes with > need not be there before.
        for name in re.findall(r"(?<![\w/])(?<!> )(deploy/\S+|requirements\S*\.txt)", command):
            assert (ROOT / name).is_file(), command


def test_a_console_line_has_its_mark():
    assert commands(TEXT)
    assert all(command.startswith(("$ ", "# ")) for command in commands(TEXT))
    assert not re.search(r"^ *```sh$", TEXT, re.MULTILINE), "what is typed is marked $ or #"


def test_the_settings_it_recommends_are_taken(tmp_path):
    (settings,) = SETTINGS.findall(TEXT)
    (tmp_path / "settings.env").write_text(settings)
    assert load_settings({}, tmp_path).secure
