"""The server: connections that last, a store that survives a kill, an end when it should be."""

import os
import signal
import socket
import ssl
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from portal.practice.server import start_thread

ROOT = Path(__file__).parents[2]


def start(database, *more):
    """Start practice Credly as a process of its own and return it with its address."""
    command = [sys.executable, "-m", "portal.practice", "--port", "0"]
    child = subprocess.Popen(
        [*command, "--database", str(database), *more], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    return child, child.stdout.readline().split()[-1]


def make_certificate(folder):
    """Write a self-signed certificate for 127.0.0.1 and its key into one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "practice")])
    now = datetime.now(UTC)
    address = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    building = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    building = building.not_valid_before(now - timedelta(days=1))
    building = building.not_valid_after(now + timedelta(days=1)).add_extension(address, False)
    made = building.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)
    path = folder / "certificate.pem"
    packed = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(made + packed)
    return path


def read_answer(reader):
    """Read one answer off a connection: its status line, and the body by its length."""
    status, length = reader.readline(), 0
    while (line := reader.readline().strip().lower()) != b"":
        if line.startswith(b"content-length:"):
            length = int(line.partition(b":")[2])
    return status, reader.read(length)


def test_a_connection_is_used_again_and_again(desk):
    call = b"GET /v1/organizations HTTP/1.1\r\nHost: x\r\n\r\n"
    with socket.create_connection(("127.0.0.1", desk.practice.port), 60) as line:
        reader = line.makefile("rb")
        for _ in range(3):
            line.sendall(call)
            status, body = read_answer(reader)
            assert status == b"HTTP/1.1 401 UNAUTHORIZED\r\n"
            assert body.startswith(b'{"data"')
        reader.close()


def test_a_client_that_wants_to_close_is_let_go(desk):
    call = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    with socket.create_connection(("127.0.0.1", desk.practice.port), 60) as line:
        line.sendall(call)
        answer = b""
        while piece := line.recv(65536):
            answer += piece
    assert b"Connection: close" in answer


def test_nothing_answers_after_stop(desk):
    desk.call("GET", "", expect=200)
    desk.practice.stop()
    with pytest.raises(requests.ConnectionError):
        desk.call("GET", "")


def test_a_server_with_a_certificate_speaks_https(tmp_path):
    certificate = make_certificate(tmp_path)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    with start_thread(tmp_path / "practice.db", tls=tls) as practice:
        assert requests.get(practice.url, verify=str(certificate), timeout=60).ok
        with pytest.raises(requests.exceptions.SSLError):
            requests.get(practice.url, timeout=60)


def test_what_was_answered_survives_a_kill(tmp_path):
    database = tmp_path / "practice.db"
    child, url = start(database)
    made = requests.post(f"{url}/practice/organizations", json={"name": "STEM"}, timeout=60).json()
    child.kill()
    child.communicate()
    with start_thread(database) as again:
        path = f"{again.url}/v1/organizations/{made['organization']['id']}"
        assert requests.get(path, auth=(made["token"], ""), timeout=60).ok


def test_the_end_of_the_parent_is_its_own_end(tmp_path):
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as parent:
        child, url = start(tmp_path / "practice.db", "--parent-pid", str(parent.pid))
        assert requests.get(url, timeout=60).ok
        parent.kill()
    assert child.wait(60) == 0
    child.stdout.close()


def test_it_ends_in_peace_on_sigterm_with_a_call_in_flight(tmp_path):
    child, url = start(tmp_path / "practice.db")
    session = requests.Session()
    assert session.get(url, timeout=60).ok
    os.kill(child.pid, signal.SIGTERM)
    assert child.wait(60) == 0  # the connection would be kept for 75 seconds
    session.close()
    child.stdout.close()


def test_many_clients_at_once_book_each_badge_once(desk):
    template = desk.template()
    orders = [desk.order(template, issuer_earner_id=f"earner-{n % 2}") for n in range(20)]

    def send(order):
        url = f"{desk.root}/badges"
        return requests.post(url, json=order, auth=(desk.token, ""), timeout=60).status_code

    with ThreadPoolExecutor(10) as crowd:
        statuses = list(crowd.map(send, orders))
    assert (statuses.count(201), statuses.count(422)) == (2, 18)
    assert (len(desk.ledger()), len(desk.log())) == (2, 20)
