"""The settings of single sign-on: a bad one is named."""

import pytest

from portal.config.reader import BadSetting
from portal.config.settings import load_settings


def test_settings_that_cannot_be_used_are_named(tmp_path):
    good = {"OIDC_ISSUER": "https://id.example", "OIDC_CLIENT_ID": "x"}
    assert load_settings(good, tmp_path).single_sign_on
    for name, env in (
        ("OIDC_ISSUER", {**good, "OIDC_ISSUER": "http://id.example"}),
        ("OIDC_ISSUER", {**good, "OIDC_ISSUER": "id.example"}),
        ("OIDC_CLIENT_ID", {"OIDC_ISSUER": "https://id.example"}),
        ("OIDC_ROLES", {**good, "OIDC_ROLES": "x=king", "OIDC_ROLES_CLAIM": "groups"}),
        ("OIDC_ROLES", {**good, "OIDC_ROLES_CLAIM": "groups"}),
        ("OIDC_ADD_PEOPLE", {**good, "OIDC_ADD_PEOPLE": "yes"}),
        ("OIDC_NAME", {**good, "OIDC_NAME": "x" * 41}),
        ("OIDC_REQUIRE_AMR", {**good, "OIDC_REQUIRE_AMR": ","}),
        ("OIDC_REQUIRE_ACR", {**good, "OIDC_REQUIRE_ACR": "stärk"}),
        ("LOCAL_SIGN_IN", {"LOCAL_SIGN_IN": "off"}),
        ("LOCAL_SIGN_IN", {"LOCAL_SIGN_IN": "no"}),
    ):
        with pytest.raises(BadSetting, match=name):
            load_settings(env, tmp_path)


def test_without_the_settings_there_is_no_such_page(tmp_path):
    assert load_settings({}, tmp_path).single_sign_on is None
