"""The token goes only to a server that can prove its name."""

import contextlib
import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from portal.credly.client import Door
from portal.credly.errors import ConnectionTrouble, Unsure
from portal.credly.links import Hosts
from tests.credly.conftest import ORGANIZATION, TOKEN, Wire, http, organization


def make_certificate(folder, *, names, ends):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "practice")])
    start = datetime.now(UTC) - timedelta(days=9)
    built = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + ends)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "certificate.pem"
    plain = serialization.NoEncryption()
    pkcs8 = serialization.PrivateFormat.PKCS8
    pem = built.public_bytes(serialization.Encoding.PEM)
    file.write_bytes(key.private_bytes(serialization.Encoding.PEM, pkcs8, plain) + pem)
    return file


HERE = [x509.IPAddress(ip_address("127.0.0.1"))]
ELSEWHERE = [x509.DNSName("api.credly.com")]
LONG, OVER = timedelta(days=30), timedelta(days=1)


@contextlib.contextmanager
def secure_server(file):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    with contextlib.closing(Wire(context)) as wire:
        wire.plays(http(200, organization()))
        yield wire


def ask(wire, ca_file):
    hosts = Hosts(frozenset({f"https://{wire.place}"}))
    door = Door(hosts, connect_timeout=30, ca_file=ca_file)
    with contextlib.closing(door):
        return door.at(wire.place, ORGANIZATION, TOKEN).organization()


@pytest.mark.parametrize(
    ("names", "ends", "known"),
    [(HERE, LONG, False), (ELSEWHERE, LONG, True), (HERE, OVER, True)],
    ids=["signed by nobody we know", "for another name", "expired"],
)
def test_a_bad_certificate_never_sees_the_token(tmp_path, names, ends, known):
    file = make_certificate(tmp_path, names=names, ends=ends)
    with secure_server(file) as wire:
        with pytest.raises(ConnectionTrouble) as trouble:
            ask(wire, str(file) if known else None)
        assert trouble.value.cause == "certificate"
        assert wire.asked == []


def test_a_good_certificate_is_trusted(tmp_path):
    file = make_certificate(tmp_path, names=HERE, ends=LONG)
    with secure_server(file) as wire:
        assert ask(wire, str(file)).id == ORGANIZATION


def test_a_server_that_speaks_no_tls_is_unsure(wire):
    with pytest.raises(Unsure):
        ask(wire, None)
