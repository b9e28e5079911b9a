"""A Redis server of our own on loopback, which keeps nothing on a disk."""

import atexit
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
from functools import cache
from pathlib import Path

from tests.demo.processes import wait_until
from tests.ports import free_port

PROGRAM = shutil.which("redis-server") or ""
NEEDS_REDIS = "needs Redis: install Debian's package redis-server"
DATABASES = 10_000


class Redis:
    """A server that may be killed and comes back, empty, at the same address.

    With a certificate, a file that holds its key as well, it speaks TLS alone.
    """

    def __init__(self, certificate: Path | None = None) -> None:
        self.port, self.certificate = free_port(), certificate
        self.url = f"redis{'s' if certificate else ''}://127.0.0.1:{self.port}"
        self._folder = tempfile.TemporaryDirectory(prefix="rosette-redis-")
        self._used = 0
        self.start()

    def start(self) -> None:
        """Start, and wait until it answers."""
        log = str(Path(self._folder.name) / "log")
        words = {"port": self.port, "bind": "127.0.0.1", "dir": self._folder.name, "logfile": log}
        words |= {"save": "", "appendonly": "no", "databases": DATABASES}
        if self.certificate:
            words |= {"port": 0, "tls-port": self.port, "tls-auth-clients": "no"}
            words |= dict.fromkeys(("tls-cert-file", "tls-key-file"), self.certificate)
            words["tls-ca-cert-file"] = self.certificate
        pairs = [word for name, value in words.items() for word in (f"--{name}", str(value))]
        self.process = subprocess.Popen([PROGRAM, *pairs])
        wait_until(lambda: self.say("PING") == "PONG")

    def kill(self) -> None:
        """Let it die with all that it holds."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def new_database(self) -> str:
        """Return the address of a database that nobody has used."""
        self._used += 1
        return f"{self.url}/{self._used}"

    def say(self, *words: str, database: str = "0") -> str:
        """Say one command to the server; return the line that it answers, or nothing."""
        try:
            with self._connected() as wire:
                wire.sendall(f"SELECT {database}\r\n{' '.join(words)}\r\n".encode())
                answers = wire.makefile()
                return [answers.readline().strip() for _command in range(2)][1].lstrip("+:")
        except OSError:
            return ""

    def _connected(self) -> socket.socket:
        wire = socket.create_connection(("127.0.0.1", self.port), timeout=60)
        if self.certificate is None:
            return wire
        return ssl.create_default_context(cafile=self.certificate).wrap_socket(
            wire, server_hostname="127.0.0.1"
        )

    def close(self) -> None:
        """End, and leave nothing behind."""
        if self.process.poll() is None:
            self.kill()
        self._folder.cleanup()


@cache
def shared_redis() -> Redis:
    """Return the server of this test process, started when it is first asked for."""
    started = Redis()
    atexit.register(started.close)
    return started


def end_shared_redis() -> None:
    """End that server, if there is one: a test process that is ended in a hurry does no more."""
    if shared_redis.cache_info().currsize:
        shared_redis().close()
