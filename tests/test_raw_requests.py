"""Requests that no browser sends, byte by byte, to the portal as it is really served."""

import contextlib
import re
import socket

import pytest

from tests.demo.processes import serve

CHUNKED = b"Transfer-Encoding: chunked\r\n"
ANSWER = re.compile(rb"^HTTP/1\.[01] [0-9]{3} ", re.MULTILINE)
SMUGGLED = b"0\r\n\r\nGET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
HOST = b"Host: 127.0.0.1\r\n"
FORM = b"POST /login HTTP/1.1\r\n"

# What may be read in two ways is refused, and nothing behind it is taken for a request.
TWO_READINGS = {
    "length and chunks": FORM + HOST + b"Content-Length: 6\r\n" + CHUNKED + b"\r\n" + SMUGGLED,
    "chunks and length": FORM + HOST + CHUNKED + b"Content-Length: 6\r\n\r\n" + SMUGGLED,
    "two lengths": FORM + HOST + b"Content-Length: 5\r\nContent-Length: 0\r\n\r\n" + SMUGGLED,
    "a list of lengths": FORM + HOST + b"Content-Length: 5, 0\r\n\r\n" + SMUGGLED,
    "a signed length": FORM + HOST + b"Content-Length: +5\r\n\r\n" + SMUGGLED,
    "twice chunked": FORM + HOST + CHUNKED + CHUNKED + b"\r\n" + SMUGGLED,
    "another coding": FORM + HOST + b"Transfer-Encoding: xchunked\r\n\r\n" + SMUGGLED,
    "a space before the colon": FORM + HOST + b"Transfer-Encoding : chunked\r\n\r\n" + SMUGGLED,
    "chunks of the old days": b"POST /login HTTP/1.0\r\n" + HOST + CHUNKED + b"\r\n" + SMUGGLED,
    "two hosts": b"GET /login HTTP/1.1\r\n" + HOST + b"Host: evil.example\r\n\r\n",
    "a folded line": b"GET /login HTTP/1.1\r\n" + HOST + b"X: a\r\n b\r\n\nGET / HTTP/1.1\r\n\r\n",
}
# What is clear enough, and not for us.
NOT_OURS = {
    "another host": b"GET /login HTTP/1.1\r\nHost: evil.example\r\n\r\n",
    "no host": b"GET /login HTTP/1.1\r\n\r\n",
    "a method of its own": b"BREW /login HTTP/1.1\r\n" + HOST + b"\r\n",
    "a gibibyte": FORM + HOST + b"Content-Length: 1000000000\r\n\r\n",
    "NUL in the address": b"GET /login%00 HTTP/1.1\r\n" + HOST + b"\r\n",
    "a long head": b"GET /login HTTP/1.1\r\n" + HOST + b"X: " + b"x" * 400_000 + b"\r\n\r\n",
}


@pytest.fixture(scope="module")
def port(tmp_path_factory):
    with serve(tmp_path_factory.mktemp("raw") / "instance") as portal:
        line = portal.wait_for("is at http://127.0.0.1:")
        yield int(line.rpartition(":")[2])


def said(port: int, request: bytes) -> bytes:
    """Return everything the portal answers until it ends the connection or has nothing more."""
    with socket.create_connection(("127.0.0.1", port), 60) as line:
        # Whoever is refused early may not get rid of the rest; the answer is there all the same.
        with contextlib.suppress(ConnectionError):
            line.sendall(request)
        with contextlib.suppress(OSError):
            line.shutdown(socket.SHUT_WR)
        whole = b""
        try:
            while piece := line.recv(65536):
                whole += piece
        except ConnectionResetError:
            pass  # it did not read on, which is an answer as well
        return whole


@pytest.mark.parametrize("how", TWO_READINGS)
def test_what_can_be_read_in_two_ways_is_refused(port, how):
    answer = said(port, TWO_READINGS[how])
    assert answer.startswith((b"HTTP/1.1 400 ", b"HTTP/1.0 400 ", b"HTTP/1.1 501 ")), answer[:200]
    assert len(ANSWER.findall(answer)) == 1
    assert b"Traceback" not in answer


@pytest.mark.parametrize("how", NOT_OURS)
def test_what_is_not_for_us_is_answered_plainly(port, how):
    status = int(said(port, NOT_OURS[how]).split(b" ")[1])
    assert 400 <= status < 500


def test_another_host_in_the_first_line_leads_nowhere(port):
    answer = said(port, b"GET http://evil.example/login HTTP/1.1\r\n" + HOST + b"\r\n")
    assert b"evil.example" not in answer


def test_an_ordinary_request_is_answered(port):
    assert said(port, b"GET /setup HTTP/1.1\r\n" + HOST + b"\r\n").startswith(b"HTTP/1.1 200 ")
