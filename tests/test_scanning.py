"""The malware scanner as a program: how it is named, asked, and ended."""

import threading
import time
from pathlib import Path
from tempfile import TemporaryFile

import pytest

from portal.config.reader import BadSetting
from portal.config.settings import load_settings
from portal.scanning import Answer, Scanner, Verdict
from tests.scanners import EICAR, write

LONG = "300"


@pytest.fixture
def little(tmp_path):
    return write(tmp_path)


def scanner(little, tmp_path, seconds=LONG, **env) -> Scanner:
    named = {"SCAN_COMMAND": f"'{little.path}' --quietly", "SCAN_SECONDS": seconds}
    return Scanner(**vars(load_settings(env | named, tmp_path / "instance").scan))


def look(asked: Scanner, data: bytes) -> Answer:
    with TemporaryFile() as file:
        file.write(data)
        file.seek(0)
        return asked.look_at(file)


def test_how_it_ends_is_the_answer(little, tmp_path):
    asked = scanner(little, tmp_path)
    assert look(asked, b"harmless") == Answer(Verdict.CLEAN, 0)
    assert look(asked, b"%PDF-1.7\n" + EICAR) == Answer(Verdict.FOUND, 1)
    little.be("broken")
    assert look(asked, b"harmless") == Answer(Verdict.ENDED, 2)
    little.path.unlink()
    assert look(asked, b"harmless") == Answer(Verdict.NOT_STARTED)


def test_it_gets_the_whole_file_and_none_of_the_keys(little, tmp_path):
    secrets = {"METRICS_TOKEN": "canary-metrics-0123456789", "LANG": "C.UTF-8"}
    data = bytes(range(256)) * 4096
    assert look(scanner(little, tmp_path, **secrets), data).verdict is Verdict.CLEAN
    assert little.beside("seen").read_bytes() == data
    environment = little.beside("environment").read_text()
    assert "canary" not in environment
    assert "LANG=C.UTF-8" in environment


def test_one_that_hangs_is_ended_with_all_that_it_began(little, tmp_path):
    little.be("hangs")
    assert look(scanner(little, tmp_path, seconds="1"), b"") == Answer(Verdict.SLOW)
    began = little.beside("began")  # a slow machine may end it before it begins anything
    number = began.read_text().strip() if began.exists() else ""
    gives_up = time.monotonic() + 120
    while number and _is_alive(number):
        assert time.monotonic() < gives_up, "what it began goes on"
        time.sleep(0.01)


def _is_alive(number: str) -> bool:
    try:
        state = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_who_waits_too_long_for_a_turn_is_told_so(little):
    asked = Scanner((str(little.path),), 300, {}, at_once=1, patience=0.01)
    little.be("waits")
    answers = []

    first = threading.Thread(target=lambda: answers.append(look(asked, b"x")), daemon=True)
    first.start()
    while not little.asked:
        assert first.is_alive()
        time.sleep(0.01)
    assert look(asked, b"harmless") == Answer(Verdict.BUSY)
    little.be("well")
    first.join()
    assert answers == [Answer(Verdict.CLEAN, 0)]
    assert look(asked, b"harmless") == Answer(Verdict.CLEAN, 0)


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("/nowhere/clamdscan -", "'/nowhere/clamdscan', which is no program"),
        ("no-such-scanner-here -", "'no-such-scanner-here', which is no program"),
        ("'clamdscan -", "a quotation mark has no end"),
        ("''", "'', which is no program"),
        ("/dev/null", "'/dev/null', which is no program"),
    ],
)
def test_a_command_that_cannot_be_run_stops_the_start(tmp_path, command, said):
    with pytest.raises(BadSetting, match="^SCAN_COMMAND ") as refused:
        load_settings({"SCAN_COMMAND": command}, tmp_path)
    assert said in str(refused.value)
    assert len(str(refused.value).splitlines()) == 1


def test_words_reach_the_program_as_they_stand(tmp_path):
    found = load_settings({"SCAN_COMMAND": "sh -c 'exit 1; $(x)' \"a b\" *"}, tmp_path).scan
    assert Path(found.command[0]).is_absolute()
    assert found.command[1:] == ("-c", "exit 1; $(x)", "a b", "*")
    assert load_settings({"SCAN_COMMAND": "  "}, tmp_path).scan is None
