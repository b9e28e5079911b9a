"""Pictures by web address: fetched in the background; whatever is wrong, the badge says why."""

import http.server
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from portal.extensions import db
from portal.models import Image, ImageState
from portal.services.issuing.images import MOST_TRIES, fetch_next
from tests.services.importing.conftest import drawn
from tests.test_fetching import Pictures


class Served(Pictures):
    """Pictures as they are found on the web."""

    def knot(self) -> None:
        self.answer(200, drawn("JPEG"))

    def page(self) -> None:
        self.answer(200, b"<html>Sign in</html>")

    def bitmap(self) -> None:
        self.answer(200, drawn("BMP"))

    def error(self) -> None:
        self.answer(500)


@pytest.fixture
def place() -> Iterator[str]:
    """The host and port of a server with such pictures."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Served)
    server.asked = []
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def fetched(app, now, place):
    """Fetch one picture as often as it is due; return what is known of it then."""
    means = replace(app.extensions["means"], credly_trusted_hosts=frozenset({place}))

    def fetch(address: str, *, trusted: bool = True) -> Image:
        image = Image(source=address.format(place=place), from_credly=trusted, due=now)
        db.session.add(image)
        db.session.commit()
        image_id, later = image.id, now
        while fetch_next(means, later):
            later += timedelta(days=1)
        db.session.expire_all()
        return db.session.get_one(Image, image_id)

    return fetch


def test_a_picture_is_kept_as_our_own(app, fetched):
    image = fetched("http://{place}/knot")
    assert (image.state, image.reason, image.tries) == (ImageState.STORED, None, 1)
    kept = app.extensions["means"].pictures.path(image.key)
    assert kept.read_bytes().startswith(b"\x89PNG")


WRONG = {
    "http://{place}/missing": ("image_not_reached", MOST_TRIES),
    "http://{place}/error": ("image_not_reached", MOST_TRIES),
    "http://{place}/circle": ("image_not_reached", MOST_TRIES),
    "http://{place}/half": ("image_not_reached", MOST_TRIES),
    "http://{place}/inward": ("image_address_refused", 1),
    "http://{place}/file": ("image_address_refused", 1),
    "http://{place}/page": ("image_not_an_image", 1),
    "http://{place}/bitmap": ("image_not_an_image", 1),
    "ftp://{place}/knot": ("image_address_refused", 1),
}


def test_what_is_wrong_is_said_and_no_picture_is_shown(fetched, subtests):
    for address, (code, tries) in WRONG.items():
        with subtests.test(address):
            image = fetched(address)
            assert (image.state, image.key) == (ImageState.FAILED, None)
            assert (image.reason["code"], image.tries) == (code, tries)


@pytest.mark.parametrize("host", ["{place}", "localhost", "127.1", "[::1]"])
def test_an_address_that_people_typed_never_leads_into_this_network(fetched, host):
    image = fetched(f"http://{host}/knot", trusted=False)
    assert (image.state, image.reason["code"]) == (ImageState.FAILED, "image_address_refused")
