"""Builds deploy/Containerfile for real, runs it as deploy/compose.yaml does, and looks at it.

`python -m tests.deploy.image [--own-base]`, as root, with Podman. It takes minutes: not in CI.
`--own-base` makes a small Debian to build upon where no registry of images can be reached.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.demo.processes import ROOT
from tests.ports import free_port

FILE = ROOT / "deploy" / "Containerfile"
BASE = re.search(r"^FROM (\S+)", FILE.read_text(), re.MULTILINE)[1]
PACKAGES = "python3,python3-venv,python3-pip,ca-certificates"
# What the official image has and a plain Debian has not: python and pip outside every environment.
LIKE_OFFICIAL = [
    "RUN python3 -m venv /usr/local && ln -sf python3 /usr/local/bin/python",
    "ENV PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
]
# How this machine's pip finds packages; an own base knows nothing of it.
MOUNTS = ("/etc/ssl/certs", "/etc/pip.conf", "/etc/xdg/pip", "/opt/pypi", "/opt/wheels")
BUILD = ("build", "--isolation=chroot", "--layers=false")  # each layer would be a whole copy
WALLS = "--read-only --tmpfs=/tmp --cap-drop=all --security-opt=no-new-privileges"
LIMITS = "--network=host --ulimit=nofile=1024:1024 --ulimit=nproc=1000:1000"
FOREIGN = " -o ".join(f"-name {name}" for name in (".git", "'*.key'", "'*.db'", "'*.env'"))
STRANGE = f"find /app \\( {FOREIGN} -o -path /app/tests \\)"
END = 30  # seconds that a stop may take
PATIENCE = 300


class Podman:
    """Podman with a store of its own in a folder that is thrown away."""

    def __init__(self, folder: Path):
        runtime = ["--runtime", "runc"] if shutil.which("runc") else []
        store = ["--root", f"{folder}/store", "--runroot", f"{folder}/run"]
        plain = ["--storage-driver", "vfs", "--cgroup-manager", "cgroupfs"]
        self.begin = ["podman", "--log-level", "error", "--events-backend", "file"]
        self.begin += [*store, *plain, *runtime]

    def __call__(self, *words: str, check: bool = True) -> str:
        ended = subprocess.run(
            [*self.begin, *words], capture_output=True, text=True, check=False, cwd=ROOT
        )
        if check and ended.returncode:
            sys.exit(f"podman {' '.join(words)}\n{ended.stdout}{ended.stderr}")
        return ended.stdout.strip()


def own_base(podman: Podman, folder: Path) -> list[str]:
    """Give the name of the official image to a small Debian; return what a build on it needs."""
    tar = folder / "base.tar"
    subprocess.run(
        ["mmdebstrap", "--variant=minbase", f"--include={PACKAGES}", "bookworm", str(tar)],
        check=True,
    )
    podman("import", str(tar), "own-base")
    (folder / "Base").write_text("\n".join(["FROM own-base", *LIKE_OFFICIAL]))
    podman(*BUILD, "-f", f"{folder}/Base", "-t", BASE, str(folder))
    mounts = [f"--volume={place}:{place}:ro" for place in MOUNTS if Path(place).exists()]
    pip = [f"--env={name}={value}" for name, value in os.environ.items() if name.startswith("PIP_")]
    return ["--pull-never", *mounts, *pip]


def say(what: str, good: bool, more: str = "") -> None:
    """Print one line of the report; end with 1 where something is not as promised."""
    sys.stdout.write(f"{'ok ' if good else 'NOT'} {what} {more}\n".replace(" \n", "\n"))
    if not good:
        sys.exit(1)


def look_inside(podman: Podman) -> None:
    """What is in the image, and whose it is; asked of the one container, since each is a copy."""
    size = int(podman("image", "inspect", "rosette", "--format", "{{.Size}}")) / 2**20
    base = int(podman("image", "inspect", BASE, "--format", "{{.Size}}")) / 2**20
    say("built", True, f"{size:.0f} MiB, of which {base:.0f} MiB are the base")
    found = podman("exec", "portal", "sh", "-c", f"{STRANGE} 2>/dev/null; true")
    say("no keys, databases, settings, tests or history in it", not found, found)
    say("an account of its own", podman("exec", "portal", "id", "-u") == "10001")
    code = podman("exec", "portal", "sh", "-c", "touch /app/x 2>/dev/null; echo $?")
    say("nothing can be written beside the data", code != "0")


def run_it(podman: Podman, walls: list[str]) -> None:
    """Start, be healthy, keep what was stored over a stop and a start."""
    address = ["PUBLIC_URL=https://learn.example.org", "TRUSTED_PROXIES=1"]
    env = [f"--env={word}" for word in (*address, f"PORT={free_port()}")]
    podman("run", "-d", "--name=portal", "--volume=kept:/data", *env, *walls, "rosette")
    healthy(podman)
    look_inside(podman)
    who = ["lena@example.org", "--first", "Lena", "--last", "Berg"]
    add = ["exec", "portal", "flask", "--app", "app", "people", "add", *who]
    say("a person is added", "http" in podman(*add))
    began = time.monotonic()
    podman("stop", "-t", str(END), "portal")
    code = podman("inspect", "portal", "--format", "{{.State.ExitCode}}")
    say("stops when asked", code == "0", f"after {time.monotonic() - began:.1f} s")
    podman("start", "portal")
    healthy(podman)
    again = subprocess.run([*podman.begin, *add], capture_output=True, check=False)
    say("started again it knows the person", again.returncode == 1)


def healthy(podman: Podman) -> None:
    ends = time.monotonic() + PATIENCE
    check = [*podman.begin, "exec", "portal", "python", "deploy/healthy.py"]
    while subprocess.run(check, capture_output=True, check=False).returncode:
        if time.monotonic() > ends:
            say("healthy", False, podman("logs", "portal"))
        time.sleep(1)
    say("healthy", True)


def main() -> None:
    """Do all of it."""
    wishes = argparse.ArgumentParser(description=__doc__)
    wishes.add_argument("--own-base", action="store_true")
    with tempfile.TemporaryDirectory(prefix="rosette-image-") as name:
        podman = Podman(Path(name))
        more = own_base(podman, Path(name)) if wishes.parse_args().own_base else []
        podman(*BUILD, *more, "-f", str(FILE), "-t", "rosette", str(ROOT))
        walls = [*WALLS.split(), *LIMITS.split()]
        try:
            run_it(podman, walls)
        finally:
            podman("rm", "-f", "-t", str(END), "--all", check=False)


if __name__ == "__main__":
    main()
