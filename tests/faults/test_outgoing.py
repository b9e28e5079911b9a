"""Whom the whole portal connects to while it works, as the system saw it: nobody but who is named.

`docs/security.md` names them, and `deploy/outgoing.nft` lets nobody else be reached.
"""

import socket
import uuid

from sqlalchemy.engine import make_url

from portal.clock import utc_now
from portal.extensions import db
from portal.models import Image, ImageState
from portal.services.people import mails
from tests.demo.processes import wait_until
from tests.factories import make_person
from tests.faults.stage import Stage
from tests.faults.tracing import connections, needs_tracing
from tests.faults.visitor import Visitor
from tests.ports import free_port
from tests.post_box import running_box, settings_for

pytestmark = needs_tracing
US = "127.0.0.1"


def test_it_connects_to_credly_and_mail_and_wherever_it_is_led_to_nobody_else(stage, tmp_path):
    place, practice = stage.place(), (US, stage.practice.port)
    with socket.create_server((US, 0)) as elsewhere, running_box(free_port()) as box:
        there = f"http://{US}:{elsewhere.getsockname()[1]}"
        proxies = {
            name: there for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "https_proxy")
        }
        web = stage.web(JOBS="embedded", **settings_for(box.port), **proxies)
        with connections(web.pid, tmp_path / "calls") as seen:
            lena = Visitor(place)
            lena.look()
            assert lena.complete() == 302
            place.until("done")
            picture(stage, f"{there}/knot.png")
            picture(stage, f"http://{stage.practice.host}/knot.png", from_credly=True)
            box.wait_for(mail_to_somebody(stage), "password")
            place.plan({"status": 302, "headers": {"Location": f"{there}/v1/badges"}})
            place.complete()
            place.until("done", "held")
        assert seen - {database(stage)} == {practice, (US, box.port)}


def picture(stage: Stage, source: str, *, from_credly: bool = False) -> None:
    """Let the portal look at this address, and wait until it has."""
    with stage.inside():
        image = Image(source=source, from_credly=from_credly, due=utc_now())
        db.session.add(image)
        db.session.commit()
        image_id = image.id

    def looked() -> bool:
        with stage.inside():
            image = db.session.get_one(Image, image_id)
            return image.tries > 0 and image.state != ImageState.FETCHING

    wait_until(looked)


def mail_to_somebody(stage: Stage) -> str:
    """Put a mail out; return whom it goes to."""
    with stage.inside():
        person = make_person("Max Muster", email=f"{uuid.uuid4().hex}@example.org")
        mails.put_out(person=person, kind="password_changed", now=utc_now())
        db.session.commit()
        return person.email


def database(stage: Stage) -> tuple[str, int] | None:
    """Where PostgreSQL listens, if the stage is on it."""
    told = stage.database.get("DATABASE_URL")
    return (make_url(told).host or US, make_url(told).port or 5432) if told else None
