"""A provider of single sign-on that runs beside the tests."""

from collections.abc import Iterator

import pytest

from tests.provider import Provider, running_provider


@pytest.fixture(scope="module")
def running() -> Iterator[Provider]:
    with running_provider() as provider:
        yield provider


@pytest.fixture
def provider(running, lena):
    running.be_honest()
    running.claims["email"] = lena.email.upper()
    return running
