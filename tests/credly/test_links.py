"""Which hosts may be spoken to and which addresses may be shown."""

import socket

import pytest

from portal.credly.links import BadHost, Hosts

HOSTS = Hosts(frozenset({"127.0.0.1:5001", "https://127.0.0.1:8443", "credly.example.org:8443"}))

FORBIDDEN = {
    "": "empty",
    "   ": "empty",
    "api. credly.com": "strange_characters",
    " api.credly.com": "strange_characters",
    "http://api.credly.com": "scheme",
    "https://api.credly.com": "scheme",
    "api.credly.com/v1": "path",
    "api.credly.com:443": "port",
    "api.credly.com@evil.test": "user_info",
    "api.credly.com\\@evil.test": "strange_characters",
    "api.credly.com#x": "path",
    "api.credly.com.": "trailing_dot",
    "api.credly.com.evil.test": "not_allowed",
    "evil-api.credly.com": "not_allowed",
    "\uff41pi.credly.com": "strange_characters",
    "api.credly.com\u212a": "strange_characters",
    "127.0.0.1": "not_allowed",
    "localhost": "not_allowed",
    "[::1]": "not_allowed",
    "2130706433": "not_allowed",
    "127.1": "not_allowed",
    "0x7f.1": "not_allowed",
    "169.254.169.254": "not_allowed",
    "metadata.google.internal": "not_allowed",
    "10.0.0.1": "not_allowed",
    "::ffff:127.0.0.1": "not_allowed",
    "a" * 254: "too_long",
    "api.credly.com\x00": "strange_characters",
    "api.credly.com\r\nX-Header: 1": "strange_characters",
    "api.credly.com\t": "strange_characters",
    "\U0001f600": "strange_characters",
    "127.0.0.1:5002": "port",
}


@pytest.mark.parametrize(("typed", "code"), FORBIDDEN.items(), ids=ascii)
def test_a_host_that_is_not_written_down_is_refused_and_never_looked_up(typed, code, monkeypatch):
    asked = []
    monkeypatch.setattr(socket, "getaddrinfo", lambda *place, **how: asked.append(place))
    with pytest.raises(BadHost) as bad:
        HOSTS.api_host(typed)
    assert bad.value.code == code
    assert asked == []


ROOTS = {
    "api.credly.com": "https://api.credly.com/v1",
    "API.CREDLY.COM": "https://api.credly.com/v1",
    "sandbox-api.credly.com": "https://sandbox-api.credly.com/v1",
    "127.0.0.1:5001": "http://127.0.0.1:5001/v1",
    "127.0.0.1:8443": "https://127.0.0.1:8443/v1",
    "Credly.Example.org:8443": "https://credly.example.org:8443/v1",
}


@pytest.mark.parametrize(("typed", "root"), ROOTS.items())
def test_only_a_loopback_entry_is_spoken_to_in_plain_http(typed, root):
    assert HOSTS.root(HOSTS.api_host(typed)) == root


@pytest.mark.parametrize("entry", ["", "a b", "http://credly.example.org:80", "x:99999", "u@x:1"])
def test_a_bad_entry_of_the_operator_is_refused(entry):
    with pytest.raises(BadHost):
        Hosts(frozenset({entry}))


def test_people_are_led_to_the_front_page_of_the_same_credly():
    assert HOSTS.web_front("api.credly.com") == "https://www.credly.com/"
    assert HOSTS.web_front("sandbox-api.credly.com") == "https://sandbox.credly.com/"
    assert HOSTS.web_front("127.0.0.1:5001") == "http://127.0.0.1:5001/"


SAFE = [
    "https://www.credly.com/badges/3d566829-ce3c-4719-9588-a89fb8646742",
    "https://credly.com/x",
    "https://images.credly.com/images/a/H\u00e9ro.png?x=1#y",
    "https://sandbox-images.youracclaim.com:443/a",
    "http://127.0.0.1:5001/images/a.png",
    "https://127.0.0.1:8443/a",
]
UNSAFE = [
    None,
    7,
    "",
    "javascript:alert(1)",
    "http://www.credly.com/a",
    "//www.credly.com/a",
    "https://evil.test/www.credly.com",
    "https://credly.com.evil.test/",
    "https://evilcredly.com/",
    "https://www.credly.com@evil.test/",
    "https://u:p@www.credly.com/",
    "https://www.credly.com\\@evil.test/",
    "https://www.credly.com\t.evil.test/",
    "https://www.credly.com/a b",
    "https://www.credly.com/\r\nX: 1",
    "https://www.credly.com:8443/",
    "https://www.credly.com:99999/",
    "https://[::1/",
    "https://www.credly.com/" + "a" * 2000,
    "https://127.0.0.1:5001/a",
    "http://127.0.0.1:8443/a",
    "http://127.0.0.1:5002/a",
    'https://www.credly.com/"><script>',
]


@pytest.mark.parametrize("url", SAFE)
def test_an_address_at_credly_may_be_shown(url):
    assert HOSTS.safe_link(url) == HOSTS.safe_image(url) == url


@pytest.mark.parametrize("url", UNSAFE, ids=ascii)
def test_any_other_address_is_not_linked(url):
    assert HOSTS.safe_link(url) is None


PROFILES = {
    "https://www.credly.com/users/lena-lind": "https://www.credly.com/users/lena-lind",
    " www.credly.com/users/lena-lind.1a2b3c4d/badges ": (
        "https://www.credly.com/users/lena-lind.1a2b3c4d"
    ),
    "https://WWW.Credly.com/users/lena/?a=b#c": "https://www.credly.com/users/lena",
    "http://127.0.0.1:5001/users/lena": "http://127.0.0.1:5001/users/lena",
    "https://www.credly.com/org/lena": None,
    "https://www.credly.com/users/": None,
    "https://www.credly.com/users/../org": None,
    "https://evil.test/users/lena": None,
    "lena": None,
    "javascript://www.credly.com/users/lena": None,
}


@pytest.mark.parametrize(("typed", "kept"), PROFILES.items())
def test_a_typed_profile_is_kept_only_if_it_is_one_at_credly(typed, kept):
    assert HOSTS.safe_profile(typed) == kept


def test_a_foreign_letter_does_not_pass_for_one_of_ours_when_lowered():
    hosts = Hosts(frozenset({"k.example.org"}))
    assert hosts.api_host("K.example.org") == "k.example.org"
    with pytest.raises(BadHost):
        hosts.api_host("\u212a.example.org")
