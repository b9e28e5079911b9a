"""The guarded fetcher: what it refuses, what it gives up, what it brings."""

import contextlib
import http.server
import ipaddress
import socket
import threading
import time
from collections.abc import Iterator

import pytest

from portal.addresses import is_forbidden
from portal.fetching import FetchFailed, FetchRefused, fetch_image, literal_is_forbidden


class Pictures(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.server.asked.append((self.path, dict(self.headers)))
        getattr(self, self.path.strip("/").partition("?")[0].replace("-", "_"))()

    def answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in ({"Content_Length": str(len(body))} | headers).items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def good(self) -> None:
        self.answer(200, b"picture")

    def big(self) -> None:
        self.answer(200, b"x" * 3000)

    def missing(self) -> None:
        self.answer(404)

    def half(self) -> None:
        self.answer(200, b"half", Content_Length="9999")

    def packed(self) -> None:
        self.answer(200, b"x", Content_Encoding="gzip")

    def onward(self) -> None:
        self.answer(302, Location="/good")

    def circle(self) -> None:
        self.answer(302, Location="/circle")

    def inward(self) -> None:
        self.answer(302, Location="http://127.0.0.1/good")

    def file(self) -> None:
        self.answer(302, Location="file:///etc/passwd")

    def drip(self) -> None:
        self.answer(200, Content_Length="9999")
        with contextlib.suppress(OSError):
            while True:
                time.sleep(0.05)
                self.wfile.write(b"x")

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def pictures() -> Iterator[http.server.HTTPServer]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Pictures)
    server.daemon_threads = True
    server.asked = []
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def fetch(server, path, **more):
    place = f"127.0.0.1:{server.server_port}"
    return fetch_image(f"http://{place}{path}", trusted_hosts=frozenset({place}), **more)


def test_a_picture_of_a_trusted_host_is_fetched(pictures):
    assert fetch(pictures, "/good?a=b%20c") == b"picture"
    path, headers = pictures.asked[0]
    assert path == "/good?a=b%20c"
    assert not {"Cookie", "Authorization"} & set(headers)


def test_a_redirect_is_followed_and_guarded_anew(pictures):
    assert fetch(pictures, "/onward") == b"picture"


@pytest.mark.parametrize("path", ["/inward", "/file"])
def test_a_redirect_to_where_nobody_may_go_is_refused(pictures, path):
    with pytest.raises(FetchRefused):
        fetch(pictures, path)
    assert len(pictures.asked) == 1


FAILURES = {
    "/missing": ("status", 60),
    "/big": ("too_large", 60),
    "/half": ("broken", 60),
    "/packed": ("encoded", 60),
    "/circle": ("too_many_redirects", 60),
    "/drip": ("timeout", 0.3),
}


@pytest.mark.parametrize(
    ("path", "code", "seconds"), [(path, *rest) for path, rest in FAILURES.items()]
)
def test_what_is_not_usable_is_said_with_a_code(pictures, path, code, seconds):
    with pytest.raises(FetchFailed) as failed:
        fetch(pictures, path, limit=2000, timeout=60, deadline=seconds)
    assert failed.value.code == code


def test_a_closed_port_is_said(pictures):
    with socket.socket() as taken:  # kept, and never listening: nobody else can have the port
        taken.bind(("127.0.0.1", 0))
        place = f"127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(FetchFailed) as failed:
            fetch_image(f"http://{place}/", trusted_hosts=frozenset({place}))
    assert failed.value.code == "connect"


def test_plain_http_behind_https_is_said(pictures):
    place = f"127.0.0.1:{pictures.server_port}"
    with pytest.raises(FetchFailed) as failed:
        fetch_image(f"https://{place}/", trusted_hosts=frozenset({place}), timeout=0.3)
    assert failed.value.code in {"tls", "timeout"}


def test_the_callers_own_list_narrows_further(pictures):
    with pytest.raises(FetchRefused, match="host_not_allowed"):
        fetch(pictures, "/good", allowed=lambda url: None)
    assert pictures.asked == []


def test_a_name_is_resolved_once_and_all_its_addresses_are_checked(monkeypatch):
    asked = []

    def resolver(host, port, **how):
        asked.append(host)
        kind = socket.SOCK_STREAM
        return [(socket.AF_INET, kind, 6, "", (one, port)) for one in ("93.184.215.14", "10.0.0.1")]

    monkeypatch.setattr(socket, "getaddrinfo", resolver)
    with pytest.raises(FetchRefused, match="forbidden_address"):
        fetch_image("http://two-faced.test/a.png")
    assert asked == ["two-faced.test"]


FORBIDDEN = [
    "http://127.0.0.1/",
    "http://127.1/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0177.0.0.1/",
    "http://0/",
    "http://127.0.0.1./",
    "http://\uff11\uff12\uff17.0.0.1/",
    "http://localhost/",
    "http://a.localhost/",
    "http://169.254.169.254/latest/meta-data",
    "http://10.0.0.1/",
    "http://100.64.0.1/",
    "http://224.0.0.1/",
    "http://192.88.99.1/",
    "http://[::1]/",
    "http://[::]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:8.8.8.8]/",
    "http://[64:ff9b::7f00:1]/",
    "http://[2002:7f00:1::]/",
    "http://[2001:0:1::1]/",
    "http://[fe80::1]/",
    "http://[fd00::1]/",
    "ftp://example.org/a.png",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "http://example.org:8080/a.png",
    "http://user@example.org/a.png",
    "http://example.org\\@127.0.0.1/",
    "http://exam\tple.org/",
    "http://example.org/a b",
    "http:///a.png",
    "//example.org/a.png",
    "http://example.org:0/",
    "http://example.org:99999/",
    "http://[::1/",
    "http://" + "a" * 64 + ".org/",
    "",
]


@pytest.mark.parametrize("url", FORBIDDEN, ids=ascii)
def test_a_forbidden_address_is_seen_without_asking_anyone(url, monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *place, **how: pytest.fail("asked"))
    assert literal_is_forbidden(url)


def test_a_forbidden_address_is_never_connected_to(pictures):
    with pytest.raises(FetchRefused):
        fetch_image(f"http://127.0.0.1:{pictures.server_port}/good")
    with pytest.raises(FetchRefused, match="forbidden_address"):
        fetch_image("http://127.1/good")
    assert pictures.asked == []


@pytest.mark.parametrize(
    "url", ["https://example.org/a.png?x=1", "http://8.8.8.8/", "http://d\u00e4.se/"]
)
def test_an_ordinary_address_may_be_tried(url):
    assert not literal_is_forbidden(url)


def test_a_trusted_place_may_be_tried_even_here():
    assert not literal_is_forbidden("http://127.0.0.1:5001/a", frozenset({"127.0.0.1:5001"}))


@pytest.mark.parametrize("address", ["2606:4700::1111", "1.1.1.1"])
def test_public_addresses_are_public(address):
    assert not is_forbidden(ipaddress.ip_address(address))
