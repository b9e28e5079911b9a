"""The units of systemd: systemd itself finds nothing wrong, and little stands open."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
SCALING = (DEPLOY.parent / "docs" / "scaling.md").read_text(encoding="utf-8")
UNITS = sorted(DEPLOY.glob("*.service"))
ANALYZE = shutil.which("systemd-analyze") or ""
pytestmark = pytest.mark.skipif(not ANALYZE, reason="needs systemd: apt-get install systemd")


def analyze(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [ANALYZE, *arguments], capture_output=True, text=True, timeout=60, check=False
    )


def stands_in(text: str) -> str:
    """The text with a program that is installed here for those that are not, and no documents."""
    text = re.sub(r"^ExecStart=\S+", f"ExecStart={sys.executable}", text, flags=re.M)
    return re.sub(r"^Documentation=.*\n", "", text, flags=re.M)


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_systemd_finds_nothing_wrong(unit, tmp_path):
    copy = tmp_path / unit.name
    copy.write_text(stands_in(unit.read_text()))
    checked = analyze("verify", str(copy))
    assert (checked.returncode, checked.stdout + checked.stderr) == (0, "")


def test_systemd_takes_what_several_machines_add(tmp_path):
    """The lines of docs/scaling.md, laid beside the units as it says."""
    told = re.findall(r"`/etc/systemd/system/(\S+)`.*?```ini\n(.*?)```", SCALING, re.DOTALL)
    assert len(told) == 2
    for name, lines in told:
        unit, more = name.split("/")
        unit = unit.removesuffix(".d")
        folder = tmp_path / f"{unit}.d"
        folder.mkdir()
        (folder / more).write_text(stands_in(lines))
        copy = tmp_path / unit
        copy.write_text(stands_in((DEPLOY / unit).read_text()))
        checked = analyze("verify", str(copy))
        assert (checked.returncode, checked.stdout + checked.stderr) == (0, "")


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_little_stands_open(unit):
    checked = analyze("security", "--offline=true", "--threshold=20", str(unit))
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize("unit", ["rosette-worker@.service", "rosette-beat.service"])
def test_what_runs_beside_it_is_shut_in_like_the_portal(unit):
    def walls(name: str) -> list[str]:
        lines = (DEPLOY / name).read_text().splitlines()
        return [line for line in lines if re.match("Protect|Private|Restrict|System|Capab", line)]

    assert walls("rosette.service") == walls(unit)
