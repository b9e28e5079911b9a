"""Tokens: how they are sent, what they may do, and when they stop."""

import base64

import pytest


def knock(desk, credentials, kind="Basic"):
    packed = base64.b64encode(credentials.encode()).decode()
    headers = {"Authorization": f"{kind} {packed}"}
    return desk.call("GET", "", auth=None, headers=headers)


def token(desk, **fields):
    return desk.control("POST", f"organizations/{desk.id}/tokens", fields)["token"]


@pytest.mark.parametrize("ending", [":", ""])
def test_a_token_is_taken_with_and_without_its_colon(desk, ending):
    assert knock(desk, desk.token + ending).status_code == 200


@pytest.mark.parametrize(("credentials", "kind"), [("wrong:", "Basic"), ("", "Basic")])
def test_an_unknown_token_is_401_in_the_usual_shape(desk, credentials, kind):
    answer = knock(desk, credentials, kind)
    assert answer.status_code == 401
    assert answer.json()["metadata"] == {}
    assert set(answer.json()["data"]) == {"message"}


@pytest.mark.parametrize("header", [None, "Bearer x", "Basic ###", "Basic /w=="])
def test_another_kind_of_credentials_is_401(desk, header):
    headers = {"Authorization": header} if header else {}
    assert desk.call("GET", "", auth=lambda call: call, headers=headers).status_code == 401


def test_an_expired_token_is_401(desk):
    desk.control("POST", f"organizations/{desk.id}/tokens/expire", {"token": desk.token})
    desk.call("GET", "", expect=401)


def test_a_token_lasts_180_days(desk):
    (shown,) = desk.data("GET", "/authorization_tokens")
    assert shown["token"] == desk.token
    assert shown["created_at"][:10] < shown["expires_at"][:10]


@pytest.mark.parametrize(
    ("missing", "method", "path"),
    [
        ("read_enabled", "GET", "/badges"),
        ("write_enabled", "POST", "/badges"),
        ("write_enabled", "PUT", "/badges/any/revoke"),
        ("delete_enabled", "DELETE", "/badges/any"),
    ],
)
def test_a_token_without_the_right_is_403(desk, missing, method, path):
    weak = token(desk, **{missing: False})
    desk.call(method, path, auth=(weak, ""), expect=403)


def test_another_organisation_does_not_exist_for_a_token(desk):
    other = desk.control("POST", "organizations", {"name": "Other"})["organization"]["id"]
    url = f"{desk.practice.url}/v1/organizations/{other}"
    assert desk.http.get(url, auth=(desk.token, ""), timeout=60).status_code == 404


def test_a_token_that_can_only_read_sees_only_its_kind(desk):
    weak = token(desk, write_enabled=False, delete_enabled=False)
    answer = desk.call("GET", "/authorization_tokens", auth=(weak, ""), expect=200)
    assert [shown["token"] for shown in answer.json()["data"]] == [weak]


def test_a_rotated_token_is_dead_and_the_new_one_lives(desk):
    new = desk.data("POST", "/authorization_tokens/rotate")["token"]
    desk.call("GET", "", expect=401)
    desk.call("GET", "", auth=(new, ""), expect=200)


def test_a_created_token_has_the_rights_that_were_asked_for(desk):
    made = desk.data("POST", "/authorization_tokens", {"write_enabled": True}, 201)
    assert (made["read_enabled"], made["write_enabled"], made["delete_enabled"]) == (
        True,
        True,
        False,
    )


def test_too_many_calls_in_a_minute_are_429_with_a_wait(desk):
    desk.set(rate_limit=1)
    answers = [desk.call("GET", "") for _ in range(3)]
    last = answers[-1]
    assert last.status_code == 429
    assert 1 <= int(last.headers["Retry-After"]) <= 61


@pytest.mark.parametrize("path", ["/v1/{}", "/api/v1/{}", "/v1/{}/", "/v1/{}.json"])
def test_both_prefixes_a_closing_slash_and_json_are_taken(desk, path):
    url = desk.practice.url + path.format(f"organizations/{desk.id}/badges")
    assert desk.http.get(url, auth=(desk.token, ""), timeout=60).json()["data"] == []


def test_what_is_not_there_is_404_and_not_that_way_405(desk):
    desk.call("GET", "/nothing", expect=404)
    desk.call("DELETE", "/badges", expect=405)


def test_no_token_is_in_the_log(desk):
    desk.call("GET", "", expect=200)
    answer = desk.http.get(f"{desk.practice.url}/practice/log", timeout=60)
    assert desk.token not in answer.text
    assert "Basic" not in answer.text
    assert len(answer.json()["entries"][0]["token"]) == 12
