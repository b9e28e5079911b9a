"""PostgreSQL servers of our own on loopback: `python -m tests.postgres start|stop [durable]`.

`start` prints the TEST_DATABASE_URL to use, of the server that runs already if there is one; `stop`
ends it and deletes its data. It never runs as root. The one for tests keeps nothing durable, so it
is quick; the durable one, for benchmarks, waits for the disk as a server in earnest does.
"""

import glob
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.ports import free_port

SUPERUSER = "rosette"
COMMON = "-c listen_addresses=127.0.0.1 -c max_connections=300 -c shared_buffers=128MB"
# Nothing outlives the tests, so nothing waits for a disk.
QUICK = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"
DURABLE = "-c fsync=on -c synchronous_commit=on -c full_page_writes=on"


@dataclass(frozen=True)
class Server:
    """One server: where its data lies, and how it is started."""

    place: Path
    options: str


_TEMPORARY = Path(tempfile.gettempdir())
FOR_TESTS = Server(_TEMPORARY / "rosette-test-postgresql", QUICK)
LIKE_IN_EARNEST = Server(_TEMPORARY / "rosette-durable-postgresql", DURABLE)


class NoServer(Exception):
    """PostgreSQL cannot be had here. The text is one sentence."""


def program(name: str) -> str:
    """Return where one of PostgreSQL's programs is; Debian keeps most of them off the PATH."""
    found = sorted(glob.glob(f"/usr/lib/postgresql/*/bin/{name}"), key=_version)
    here = found[-1] if found else shutil.which(name)
    if here is None:
        raise NoServer(f"There is no {name}; install Debian's package postgresql.")
    return here


def start(server: Server = FOR_TESTS) -> str:
    """Start a server unless it runs already; return its address."""
    if port := _port_in_use(server):
        return _address(port)
    stop(server)
    place = server.place
    place.mkdir(mode=0o700)
    if os.geteuid() == 0:
        shutil.chown(place, _owner())
    port = free_port()
    data, log = str(place / "data"), str(place / "log")
    _run("initdb", "-D", data, "-U", SUPERUSER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
    options = f"{COMMON} {server.options} -c port={port} -c unix_socket_directories={place}"
    _run("pg_ctl", "-D", data, "-l", log, "-w", "-t", "600", "-o", options, "start")
    return _address(port)


def stop(server: Server = FOR_TESTS) -> None:
    """End the server and delete what it kept; nothing happens when there is none."""
    if _port_in_use(server):
        _run("pg_ctl", "-D", str(server.place / "data"), "-m", "immediate", "-w", "stop")
    shutil.rmtree(server.place, ignore_errors=True)


def _address(port: int) -> str:
    return f"postgresql://{SUPERUSER}@127.0.0.1:{port}/postgres"


def _port_in_use(server: Server) -> int | None:
    """The port of a server that runs. The fourth line of its pid file names it."""
    try:
        lines = (server.place / "data" / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        port = int(lines[3])
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
    except (OSError, IndexError, ValueError):
        return None  # there is none, or it was killed and left its file behind
    return port


def _owner() -> str:
    """The account that Debian's package made, or the one that owns nothing."""
    accounts = Path("/etc/passwd").read_text(encoding="utf-8").splitlines()
    names = {line.partition(":")[0] for line in accounts}
    return "postgres" if "postgres" in names else "nobody"


def _run(name: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs; it refuses to be root, so root steps aside."""
    account = {"user": _owner(), "extra_groups": ()} if os.geteuid() == 0 else {}
    # To a file and not a pipe: the server inherits it, and a pipe would never end.
    with tempfile.TemporaryFile() as told:
        ended = subprocess.run(
            [program(name), *arguments], stdout=told, stderr=told, cwd="/", check=False, **account
        )
        told.seek(0)
        if ended.returncode:
            raise NoServer(f"{name} ended with {ended.returncode}: {told.read().decode()}")


def _version(path: str) -> float:
    return float(Path(path).parts[-3])


def main(arguments: list[str]) -> int:
    """Do what is asked; return the exit code."""
    server = LIKE_IN_EARNEST if arguments[1:] == ["durable"] else FOR_TESTS
    try:
        match arguments:
            case ["start"] | ["start", "durable"]:
                sys.stdout.write(f"{start(server)}\n")
            case ["stop"] | ["stop", "durable"]:
                stop(server)
            case _:
                sys.stderr.write("Use: python -m tests.postgres start|stop [durable]\n")
                return 2
    except NoServer as trouble:
        sys.stderr.write(f"{trouble}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
