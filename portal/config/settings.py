"""Settings: read once from a mapping into one frozen value. A bad value is named."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from cryptography.fernet import Fernet
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from portal.config.background import background
from portal.config.contact import security_contact
from portal.config.looks import brand_colour, portal_logo, portal_name, time_zone
from portal.config.reader import BadSetting, Reader, Told, make_folder
from portal.config.retention import retention
from portal.config.single_sign_on import (
    BESIDES_ISSUER,
    SingleSignOn,
    local_sign_in,
    single_sign_on,
)
from portal.config.uploads import Scan, uploads

LOOPBACK = {"127.0.0.1", "localhost", "::1", "[::1]"}
PLACEHOLDERS = ("changeme", "change-me", "secret", "placeholder", "example", "xxxxxxxx")
HOST_AND_PORT = re.compile(r"(https?://)?([a-z0-9.-]+|\[[0-9a-f:]+\])(:\d{1,5})?")


@dataclass(frozen=True)
class Settings:
    """What the environment and `instance/settings.env` say. Times are in seconds."""

    instance: Path
    secret_key: str = field(repr=False)
    sealing_keys: tuple[str, ...] = field(repr=False)
    database_url: str = field(repr=False)
    portal_name: str
    portal_logo: Path | None
    brand_colour: str
    host: str
    port: int
    public_url: str
    jobs: str
    redis_url: str = field(repr=False)
    time_zone: ZoneInfo
    credly_extra_hosts: tuple[str, ...]
    credly_rate: float
    credly_deadline: float
    worker_slots: int
    trusted_proxies: int
    security_contact: tuple[str, ...]
    upload_limit: int
    scan: Scan | None
    delivery_lease: float
    delivery_quiet: float
    delivery_patience: float
    delivery_waits: tuple[float, ...]
    kept_days: Mapping[str, int]
    staff_second_factor: bool
    local_sign_in: bool
    single_sign_on: SingleSignOn | None
    smtp_host: str
    smtp_port: int
    smtp_user: str
    smtp_password: str = field(repr=False)
    smtp_from: str
    smtp_tls: str
    log_format: str
    metrics_token: str = field(repr=False)
    told: tuple[Told, ...]
    unknown: tuple[str, ...]

    @property
    def said(self) -> frozenset[str]:
        """The names of what somebody set; all else has its default."""
        return frozenset(one.name for one in self.told if one.is_set and one.source != "default")

    @property
    def local(self) -> bool:
        """Whether only this machine reaches the portal."""
        return urlsplit(self.public_url).hostname in LOOPBACK and self.host in LOOPBACK

    @property
    def secure(self) -> bool:
        """Whether people reach the portal by https."""
        return self.public_url.startswith("https://")


def load_settings(env: Mapping[str, str], instance: Path) -> Settings:
    """Turn environment words into settings; `instance` is where files live. Raises BadSetting."""
    make_folder(instance)
    read = Reader(env, instance)
    port = read.whole("PORT", "5000", 1, 65535)
    host = read.text("HOST", "127.0.0.1")
    return Settings(
        instance=instance,
        secret_key=_secret_key(read),
        sealing_keys=_sealing_keys(read),
        database_url=_database_url(read),
        portal_name=portal_name(read),
        portal_logo=portal_logo(read),
        brand_colour=brand_colour(read),
        host=host,
        port=port,
        public_url=_public_url(read, host, port),
        **background(read),
        time_zone=time_zone(read),
        credly_extra_hosts=_extra_hosts(read),
        credly_rate=read.number("CREDLY_RATE", "10", 0, 1000),
        credly_deadline=read.number("CREDLY_DEADLINE", "30", 0.1, 120),
        worker_slots=read.whole("WORKER_SLOTS", "4", 1, 64),
        trusted_proxies=read.whole("TRUSTED_PROXIES", "0", 0, 5),
        security_contact=security_contact(read),
        **uploads(read),
        delivery_lease=read.number("DELIVERY_LEASE", "90", 0.2, 3600),
        delivery_quiet=read.number("DELIVERY_QUIET", "120", 0.1, 3600),
        delivery_patience=read.number("DELIVERY_PATIENCE", "604800", 1, 5184000),
        delivery_waits=_waits(read),
        kept_days=retention(read),
        staff_second_factor=_second_factor(read),
        local_sign_in=local_sign_in(read),
        single_sign_on=single_sign_on(read),
        **_smtp(read),
        log_format=read.choice("LOG_FORMAT", "text", ("text", "json")),
        metrics_token=_metrics_token(read),
        told=read.told(),
        unknown=read.unknown(BESIDES_ISSUER),
    )


def _secret_key(read: Reader) -> str:
    key = read.key_file("SECRET_KEY", "secret.key", lambda: secrets.token_urlsafe(48))
    if len(key) < 32:
        raise BadSetting("SECRET_KEY must have at least 32 characters.")
    if any(word in key.lower() for word in PLACEHOLDERS) or len(set(key)) < 8:
        raise BadSetting("SECRET_KEY is a placeholder; set a random value of its own.")
    return key


def _sealing_keys(read: Reader) -> tuple[str, ...]:
    text = read.key_file("SEALING_KEYS", "sealing.key", lambda: Fernet.generate_key().decode())
    keys = tuple(text.replace(",", " ").split())
    for key in keys or ("",):
        try:
            Fernet(key)
        except (ValueError, TypeError) as exc:
            raise BadSetting(
                "SEALING_KEYS holds something that is no key (32 bytes, URL-safe base64)."
            ) from exc
    return keys


def _database_url(read: Reader) -> str:
    url = read.secret("DATABASE_URL") or f"sqlite:///{read.instance / 'portal.db'}"
    if url.startswith(("postgres://", "postgresql://")):
        url = "postgresql+psycopg://" + url.split("://", 1)[1]
    if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise BadSetting("DATABASE_URL must begin with sqlite:/// or postgresql://.")
    if url.startswith("postgresql") and find_spec("psycopg") is None:
        raise BadSetting(
            "DATABASE_URL is PostgreSQL, which needs what requirements-scale.txt installs."
        )
    try:
        make_url(url)
    except (ArgumentError, ValueError) as exc:
        raise BadSetting(
            "DATABASE_URL cannot be read: write postgresql://name:password@host:port/database, and"
            " what is no letter or digit in the password as % and two digits."
        ) from exc
    return url


def _public_url(read: Reader, host: str, port: int) -> str:
    shown = "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104 — compared, not bound
    shown = f"[{shown}]" if ":" in shown else shown
    url = read.text("PUBLIC_URL", f"http://{shown}:{port}").rstrip("/")
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path:
        raise BadSetting(f"PUBLIC_URL is {url!r}; it must be http(s)://host[:port] with no path.")
    plain_allowed = read.choice("ALLOW_PLAIN_HTTP", "0", ("0", "1")) == "1"
    local = parts.hostname in LOOPBACK and host in LOOPBACK
    if parts.scheme == "http" and not local and not plain_allowed:
        raise BadSetting(
            "PUBLIC_URL is plain http beyond this machine. Put the portal behind https and set"
            " PUBLIC_URL to that address, or set ALLOW_PLAIN_HTTP=1 if you accept the risk."
        )
    return url


def _metrics_token(read: Reader) -> str:
    token = read.secret("METRICS_TOKEN")
    if token and not re.fullmatch(r"[A-Za-z0-9._~+/=-]{16,200}", token):
        raise BadSetting("METRICS_TOKEN must have 16 to 200 letters, digits and ._~+/=- only.")
    return token


def _extra_hosts(read: Reader) -> tuple[str, ...]:
    hosts = tuple(read.text("CREDLY_EXTRA_HOSTS").lower().replace(",", " ").split())
    for host in hosts:
        if not HOST_AND_PORT.fullmatch(host):
            raise BadSetting(f"CREDLY_EXTRA_HOSTS holds {host!r}; use entries like host:port.")
    return hosts


def _waits(read: Reader) -> tuple[float, ...]:
    text = read.text("DELIVERY_WAITS", "60 300 1800 7200 18000 36000 43200")
    parts = text.replace(",", " ").split()
    if not parts or not all(re.fullmatch(r"[0-9]{1,7}(\.[0-9]{1,3})?", part) for part in parts):
        raise BadSetting("DELIVERY_WAITS must be seconds, separated by spaces.")
    return tuple(float(part) for part in parts)


def _second_factor(read: Reader) -> bool:
    return read.choice("STAFF_SECOND_FACTOR", "optional", ("optional", "required")) == "required"


def _smtp(read: Reader) -> dict[str, Any]:
    return {
        "smtp_host": read.text("SMTP_HOST"),
        "smtp_port": read.whole("SMTP_PORT", "587", 1, 65535),
        "smtp_user": read.text("SMTP_USER"),
        "smtp_password": read.secret("SMTP_PASSWORD"),
        "smtp_from": _smtp_from(read),
        "smtp_tls": _smtp_tls(read),
    }


def _smtp_from(read: Reader) -> str:
    sender = read.text("SMTP_FROM")
    if read.text("SMTP_HOST") and "@" not in sender:
        raise BadSetting("SMTP_FROM must be an e-mail address when SMTP_HOST is set.")
    return sender


def _smtp_tls(read: Reader) -> str:
    way = read.choice("SMTP_TLS", "starttls", ("starttls", "tls", "none"))
    if way == "none" and read.text("SMTP_HOST") not in {"", *LOOPBACK}:
        raise BadSetting(
            "SMTP_TLS is 'none', but SMTP_HOST is not this machine: passwords and links would"
            " travel readable. Use 'starttls' or 'tls'."
        )
    return way
