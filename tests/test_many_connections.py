"""A class that opens the portal at once: browsers keep their connections, and others get in."""

import socket
from contextlib import ExitStack

from tests.demo.processes import serve

KEPT = 300
ASK = b"HEAD /setup HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
PATIENCE = 100.0  # seconds; waitress ends a connection that rests only after 120


def ask(connection: socket.socket) -> bytes:
    """Return how the answer begins; it is a head and no more."""
    connection.sendall(ASK)
    answer = b""
    while not answer.endswith(b"\r\n\r\n"):
        piece = connection.recv(4096)
        assert piece, "the portal ended the connection"
        answer += piece
    return answer[:15]


def test_three_hundred_connections_that_are_kept_shut_nobody_out(tmp_path):
    with serve(tmp_path / "instance") as portal, ExitStack() as kept:
        port = int(portal.wait_for("is at http://127.0.0.1:").rpartition(":")[2])
        for _number in range(KEPT):
            one = kept.enter_context(socket.create_connection(("127.0.0.1", port), PATIENCE))
            assert ask(one) == b"HTTP/1.1 200 OK"
