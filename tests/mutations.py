"""One planted mistake per rule of learning, and which test notices it: `python -m tests.mutations`.

Works on a copy of the tree, so nothing here is touched; takes some minutes. Words after the command
choose the rules that contain them. Exit code 1 when a mistake goes unnoticed.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.mutants import MUTATIONS, Mutation

ROOT = Path(__file__).resolve().parent.parent
FAILED = re.compile(r"^(?:FAILED|ERROR) (\S+)", re.MULTILINE)


def main(words: list[str]) -> int:
    """Try every chosen mutation on a copy; return the exit code."""
    unnoticed = 0
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy"
        _copy_to(copy)
        chosen = [one for one in MUTATIONS if all(word in one.rule for word in words)]
        for one in chosen:
            noticed = _noticed_by(one, copy)
            unnoticed += noticed is None
            sys.stdout.write(f"{one.rule}: {noticed or 'NOT NOTICED'}\n")
            sys.stdout.flush()
    sys.stdout.write(f"{len(chosen) - unnoticed} of {len(chosen)} mistakes are noticed\n")
    return 1 if unnoticed else 0


def _copy_to(copy: Path) -> None:
    listed = ["git", "ls-files", "-co", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in names.splitlines():
        if (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, copy / name)


def _noticed_by(one: Mutation, copy: Path) -> str | None:
    """Plant the mistake, run its tests, take it out; return the first test that failed."""
    file = copy / one.file
    text = file.read_text(encoding="utf-8")
    if text.count(one.old) != 1:
        raise SystemExit(f"{one.rule}: {one.file} has changed; mend the mutation.")
    file.write_text(text.replace(one.old, one.new), encoding="utf-8")
    try:
        run = [
            sys.executable,
            "-B",
            "-m",
            "pytest",
            "-x",
            "-q",
            "-p",
            "no:cacheprovider",
            one.tests,
        ]
        ended = subprocess.run(run, cwd=copy, check=False, capture_output=True, text=True)
    finally:
        file.write_text(text, encoding="utf-8")
    found = FAILED.search(ended.stdout)
    if ended.returncode == 1 and found:
        return found[1].rpartition("::")[2]
    if ended.returncode == 0:
        return None
    raise SystemExit(f"{one.rule}: the tests did not run.\n{ended.stdout[-3000:]}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
