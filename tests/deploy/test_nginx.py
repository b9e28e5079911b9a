"""nginx with TLS in front of the portal: the site in deploy/ with ports and files of the test."""

import re
import shutil
import socket
import ssl
import subprocess
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests
import urllib3

from tests.demo import processes
from tests.ports import free_port

NGINX = shutil.which("nginx") or ("/usr/sbin/nginx" if Path("/usr/sbin/nginx").exists() else "")
SITE = Path(__file__).resolve().parents[2] / "deploy" / "nginx.conf"
HOST = "learn.example.org"
pytestmark = [
    pytest.mark.skipif(not NGINX, reason="needs nginx: apt-get install nginx-light"),
    pytest.mark.filterwarnings("ignore::urllib3.exceptions.InsecureRequestWarning"),
]


@dataclass
class Front:
    """What visitors see: one port for http, one for https."""

    plain: int
    tls: int

    def ask(self, method: str, path: str, *, port: int = 0, **rest) -> requests.Response:
        headers = {"Host": HOST, **rest.pop("headers", {})}
        address = f"https://127.0.0.1:{self.tls}{path}"
        if port:
            address = f"http://127.0.0.1:{port}{path}"
        return requests.request(
            method,
            address,
            headers=headers,
            verify=False,
            allow_redirects=False,
            timeout=60,
            **rest,
        )


def certificate(folder: Path) -> tuple[Path, Path]:
    """A self-signed certificate for the host, and its key."""
    chain, key = folder / "fullchain.pem", folder / "privkey.pem"
    words = f"openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN={HOST}"
    files = ["-keyout", str(key), "-out", str(chain)]
    subprocess.run([*words.split(), *files], check=True, capture_output=True, timeout=60)
    return chain, key


def configuration(folder: Path, plain: int, tls: int, behind: int) -> Path:
    """The shipped site with ports and files of the test, and what nginx needs around it."""
    chain, key = certificate(folder)
    site = SITE.read_text()
    site = re.sub(r"\n +listen \[::\].*", "", site)
    site = site.replace("listen 80;", f"listen 127.0.0.1:{plain};")
    site = site.replace("listen 443 ssl;", f"listen 127.0.0.1:{tls} ssl;")
    site = site.replace("http://127.0.0.1:5000", f"http://127.0.0.1:{behind}")
    site = re.sub(r"ssl_certificate .*;", f"ssl_certificate {chain};", site)
    site = re.sub(r"ssl_certificate_key .*;", f"ssl_certificate_key {key};", site)
    places = "".join(
        f"{kind}_temp_path {folder}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    whole = folder / "nginx.conf"
    whole.write_text(
        f"daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log;\n"
        f"events {{}}\nhttp {{\naccess_log off;\n{places}{site}\n}}\n"
    )
    return whole


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    folder = tmp_path_factory.mktemp("nginx")
    plain, tls, behind = (free_port() for _one in range(3))
    words = {"PUBLIC_URL": f"https://{HOST}", "TRUSTED_PROXIES": "1", "PORT": str(behind)}
    (folder / "instance").mkdir()
    with processes.Process(folder / "instance", "app.py", **words) as portal:
        portal.wait_for("One-time code")
        nginx = subprocess.Popen(
            [NGINX, "-c", str(configuration(folder, plain, tls, behind)), "-p", str(folder)]
        )
        try:
            processes.wait_until(lambda: answers(tls))
            yield Front(plain, tls)
        finally:
            nginx.terminate()
            nginx.wait(120)


def answers(port: int) -> bool:
    try:
        urllib3.connection_from_url(f"https://127.0.0.1:{port}", cert_reqs="CERT_NONE").request(
            "GET", "/health", headers={"Host": HOST}, retries=False, timeout=60
        )
    except (OSError, urllib3.exceptions.HTTPError):
        return False
    return True


def test_plain_http_is_led_to_https(front):
    answer = front.ask("GET", "/login", port=front.plain)
    assert (answer.status_code, answer.headers["Location"]) == (308, f"https://{HOST}/login")


def test_what_machines_send_is_not_led_to_https(front):
    """A secret that came in clear is burnt: nobody must take such an address for a good one."""
    for path in ("/hooks/credly/a-secret", "/metrics", "/api/v1/completions"):
        answer = front.ask("POST", path, port=front.plain)
        assert answer.status_code == 403, path


def test_an_old_tls_is_refused(front):
    context = ssl._create_unverified_context()
    context.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that it is old
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    place, good = ("127.0.0.1", front.tls), ssl._create_unverified_context()
    with socket.create_connection(place, 20) as plain, pytest.raises(ssl.SSLError):
        context.wrap_socket(plain, server_hostname=HOST)
    with socket.create_connection(place, 20) as plain, good.wrap_socket(plain) as line:
        assert line.version() in {"TLSv1.2", "TLSv1.3"}
        assert line.cipher()[2] >= 128


def test_the_page_comes_over_https_with_its_headers(front):
    answer = front.ask("GET", "/setup")
    assert answer.status_code == 200
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-session=")
    said = set(cookie.split("; ")[1:])
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= said
    assert not [one for one in said if one.lower().startswith("domain")]


def test_a_form_is_taken_through_the_proxy(front):
    first = front.ask("GET", "/setup")
    token = re.search(r'name="csrf_token" value="([^"]+)"', first.text)[1]
    # The cookie is for the host's name, which this test reaches by its number.
    said = {"Cookie": first.headers["Set-Cookie"].split(";")[0], "Referer": f"https://{HOST}/setup"}
    sent = front.ask("POST", "/setup", headers=said, data={"csrf_token": token})
    assert sent.status_code == 200
    assert "Nothing was saved yet" in sent.text


def test_another_host_is_refused(front):
    assert front.ask("GET", "/login", headers={"Host": "evil.example"}).status_code == 400


def test_what_a_visitor_says_of_the_way_is_not_believed(front):
    forged = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http"}
    answer = front.ask("GET", "/", headers=forged)
    assert answer.status_code in {302, 303}
    assert "evil.example" not in answer.headers["Location"]


def test_a_file_over_every_limit_is_refused_before_it_is_read(front):
    with socket.create_connection(("127.0.0.1", front.tls), 20) as plain:
        context = ssl._create_unverified_context()
        with context.wrap_socket(plain, server_hostname=HOST) as line:
            size = 200 * 2**20
            line.sendall(f"POST /login HTTP/1.1\r\nHost: {HOST}\r\n".encode())
            line.sendall(f"Content-Length: {size}\r\n\r\n".encode())
            assert line.recv(4096).startswith(b"HTTP/1.1 413 ")


def test_assets_are_compressed_on_the_way(front):
    page = front.ask("GET", "/setup").text
    sheet = re.search(r'href="(/static/[^"]+tabler[^"]+)"', page)[1].replace("&amp;", "&")
    answer = front.ask("GET", sheet, headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
