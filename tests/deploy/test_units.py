"""The units of systemd: systemd itself finds nothing wrong, and little stands open."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
UNITS = sorted(DEPLOY.glob("*.service"))
ANALYZE = shutil.which("systemd-analyze") or ""
pytestmark = pytest.mark.skipif(not ANALYZE, reason="needs systemd: apt-get install systemd")


def analyze(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [ANALYZE, *arguments], capture_output=True, text=True, timeout=60, check=False
    )


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_systemd_finds_nothing_wrong(unit, tmp_path):
    # The programs it names are not installed here; one that is stands in for them.
    text = re.sub(r"^ExecStart=\S+", f"ExecStart={sys.executable}", unit.read_text(), flags=re.M)
    copy = tmp_path / unit.name
    copy.write_text(re.sub(r"^Documentation=.*\n", "", text, flags=re.M))
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
