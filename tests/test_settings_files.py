"""Settings and keys as people's editors leave them: each is read, or named in one sentence."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from portal.config.reader import BadSetting
from portal.config.settings import load_settings

LIMITS = {
    "PORT": ("0", "65536"),
    "SMTP_PORT": ("0", "65536"),
    "TRUSTED_PROXIES": ("-1", "6"),
    "WORKER_SLOTS": ("0", "65"),
    "CREDLY_RATE": ("-1", "1001"),
    "CREDLY_DEADLINE": ("0.05", "120.5"),
    "DELIVERY_LEASE": ("0.1", "3601"),
    "DELIVERY_QUIET": ("0.05", "3601"),
    "DELIVERY_PATIENCE": ("0", "5184001"),
}


def refused(instance: Path, **words: str) -> str:
    with pytest.raises(BadSetting) as caught:
        load_settings(words, instance)
    return str(caught.value)


def test_a_mark_in_front_of_the_settings_is_none_of_them(tmp_path):
    (tmp_path / "settings.env").write_bytes(b"\xef\xbb\xbfPORTAL_NAME=Harbour\r\nPORT=5001\r\n")
    settings = load_settings({}, tmp_path)
    assert (settings.portal_name, settings.port) == ("Harbour", 5001)


@pytest.mark.parametrize("name", ["settings.env", "secret.key", "sealing.key"])
def test_a_file_that_is_no_text_is_named(tmp_path, name):
    (tmp_path / name).write_bytes(b"\xff\xfeP\x00")
    assert refused(tmp_path) == f"{tmp_path / name} is not a plain text file: save it as UTF-8."


def test_an_emptied_sealing_key_is_named(tmp_path):
    (tmp_path / "sealing.key").write_text("\n")
    assert refused(tmp_path).startswith("SEALING_KEYS holds something that is no key")


def test_processes_that_start_at_the_same_moment_find_the_same_keys(tmp_path):
    with ThreadPoolExecutor(8) as starting:
        for number in range(30):
            place, gate = tmp_path / str(number), threading.Barrier(8)
            place.mkdir()

            def start(place=place, gate=gate):
                gate.wait()
                settings = load_settings({}, place)
                return settings.secret_key, settings.sealing_keys

            found = {one.result() for one in [starting.submit(start) for _start in range(8)]}
            assert len(found) == 1
            assert not list(place.glob("*.part"))


def test_a_database_address_that_cannot_be_read_is_named_without_its_password(tmp_path):
    pytest.importorskip("psycopg")
    said = refused(tmp_path, DATABASE_URL="postgresql://rosette:hush#1@db:x/rosette")
    assert said.startswith("DATABASE_URL cannot be read")
    assert "hush" not in said


def test_an_ipv6_host_is_shown_in_brackets(tmp_path):
    assert load_settings({"HOST": "::1"}, tmp_path).public_url == "http://[::1]:5000"


def test_a_number_beyond_its_limits_is_named_with_them(tmp_path):
    for name, (least, most) in LIMITS.items():
        for value in (least, most, "soon", "1e3", "\u0663"):
            assert refused(tmp_path, **{name: value}).startswith(f"{name} is "), value
    assert refused(tmp_path, PORT="65536") == "PORT is 65536; it must be from 1 to 65535."


def test_the_limits_themselves_can_be_used(tmp_path):
    least = dict.fromkeys(("PORT", "SMTP_PORT", "WORKER_SLOTS", "DELIVERY_PATIENCE"), "1")
    least |= dict.fromkeys(("TRUSTED_PROXIES", "CREDLY_RATE"), "0")
    load_settings(least | {"DELIVERY_LEASE": "0.2", "DELIVERY_QUIET": "0.1"}, tmp_path)
    most = dict.fromkeys(("PORT", "SMTP_PORT"), "65535")
    most |= dict.fromkeys(("DELIVERY_LEASE", "DELIVERY_QUIET"), "3600")
    most |= {"WORKER_SLOTS": "64", "TRUSTED_PROXIES": "5", "CREDLY_RATE": "1000"}
    load_settings(most | {"CREDLY_DEADLINE": "120", "DELIVERY_PATIENCE": "5184000"}, tmp_path)


def test_a_name_in_the_file_that_is_no_setting_is_kept_apart(tmp_path):
    lines = ("PUBLIC_ULR=x", "OIDC_NAME=Harbour ID", "SMTP_PASSWORD_FILE=", "INSTANCE=/srv")
    (tmp_path / "settings.env").write_text("\n".join(lines))
    assert load_settings({"PATH": "/bin"}, tmp_path).unknown == ("INSTANCE", "PUBLIC_ULR")


def test_every_name_of_the_document_is_one_that_a_file_may_say(tmp_path):
    document = (Path(__file__).parents[1] / "docs" / "settings.md").read_text()
    names = set(re.findall(r"^\| `([A-Z_]+)` \|", document, re.MULTILINE)) - {"INSTANCE"}
    (tmp_path / "settings.env").write_text("\n".join(f"{name}_FILE=" for name in names))
    assert len(names) > 30
    assert load_settings({}, tmp_path).unknown == ()


CELERY = {"JOBS": "celery"}


@pytest.mark.parametrize(
    "url",
    [
        "localhost:6379",
        "http://:hush@cache:6379/0",
        "redis://",
        "redis://:hush@cache:port/0",
        "redis://:hush@cache:6379/first",
        "redis://:hush@cache:6379/0?ssl_cert_reqs=none",
        "redis://:hu#sh@cache:6379/0",
    ],
)
def test_a_redis_that_cannot_be_read_is_named_without_its_password(tmp_path, url):
    said = refused(tmp_path, REDIS_URL=url, **CELERY)
    assert said.startswith("REDIS_URL cannot be read")
    assert "hu" not in said


def test_celery_without_redis_is_named(tmp_path):
    assert refused(tmp_path, **CELERY).startswith("REDIS_URL is not set")


def test_where_redis_is_may_stand_in_a_file_and_is_shown_nowhere(tmp_path):
    file = tmp_path / "redis"
    file.write_text("rediss://portal:hush%23@cache:6380/2\n")
    settings = load_settings({"REDIS_URL_FILE": str(file), **CELERY}, tmp_path)
    assert settings.redis_url == "rediss://portal:hush%23@cache:6380/2"
    assert "hush" not in repr(settings)
    assert [one.value for one in settings.told if one.name == "REDIS_URL"] == [None]


def test_without_celery_nobody_asks_where_redis_is(tmp_path):
    assert load_settings({"JOBS": "worker", "REDIS_URL": "anything"}, tmp_path).jobs == "worker"
