"""One learner with unmistakable values goes the whole way and is erased: nothing of her is left.

And nothing secret of hers is readable at any time. What Credly and the mails' readers have is
theirs; a backup made before keeps her until it is restored (docs/privacy.md).
"""

import io
import logging
import re
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from itertools import chain
from pathlib import Path

import pyotp
import pytest

from portal.cli.backup import backup
from portal.clock import utc_now
from portal.extensions import db, set_reading
from portal.jobs.mailing import send_next
from portal.jobs.work import LINES
from portal.models import Award, Enrolment, Evidence, IssuedBadge, Person, Policy
from portal.services.people.forgotten import answer_next
from tests.factories import make_course
from tests.page import Browser
from tests.ports import free_port
from tests.post_box import Box, link_in, running_box, settings_for, text_of
from tests.searching import holding, pages, readable
from tests.world import World

MARK = "zyxqw"
EMAIL, OTHER, THIRD = (f"{MARK}.{name}@example.org" for name in ("first", "badges", "sign-in"))
PASSWORD, NEW_PASSWORD = f"{MARK}-password-7Yh2kQ9x", f"{MARK}-password-4mN8pR1t"
CLIENT_SECRET = "secret-of-the-sign-in-service-3Vb8"
PDF = f"%PDF-1.7\n1 0 obj {MARK} endobj\ntrailer\n%%EOF\n".encode()
FILE = f"""email,firstName,lastName,roles
{EMAIL},{MARK}ena,{MARK}berg,
{MARK} no address,{MARK}ena,{MARK}å dal,
"""


@pytest.fixture(scope="module")
def box() -> Iterator[Box]:
    with running_box(free_port()) as box:
        yield box


@pytest.fixture
def settings(box):
    oidc = {"OIDC_ISSUER": "http://127.0.0.1:9", "OIDC_CLIENT_ID": "rosette"}
    return {**settings_for(box.port), **oidc, "OIDC_CLIENT_SECRET": CLIENT_SECRET}


class Journey:
    """What she and the staff do, through the pages; `secrets` grows by what must not be kept."""

    def __init__(self, app, world: World, box: Box, ada: Person) -> None:
        self.app, self.world, self.box = app, world, box
        self.staff, self.she = Browser(app).sign_in(ada), Browser(app)
        self.secrets = {world.credly.token, CLIENT_SECRET, PASSWORD, NEW_PASSWORD}
        self.evidence = make_course(world.otto, "Rescue drill", policy=Policy.EVIDENCE).id

    def work(self) -> None:
        """Let every line of background work do what is due in the next hour."""
        set_reading(False)
        self.world.work(after=3600)
        mails = (answer_next, partial(send_next, self.app.extensions["mail_route"]))
        for moment in (utc_now(), utc_now() + timedelta(minutes=50)):
            for step in (*chain.from_iterable(LINES.values()), *mails):
                for _time in range(30):
                    if not step(self.world.means, moment):
                        break
        db.session.rollback()

    def mail(self) -> str:
        """Return the newest mail to her."""
        return next(text_of(one) for one in reversed(self.box.mails) if MARK in one["To"])

    def link(self, path: str) -> str:
        """Return the address in her newest mail; the code in it is a secret."""
        found = link_in(self.mail(), path).partition("127.0.0.1")[2].partition("/")[2]
        self.secrets.add(found.rpartition("/")[2])
        return f"/{found}"

    @property
    def id(self) -> int:
        query = db.select(Person.id).where(Person.email.contains(MARK))
        return db.session.scalars(query).one()

    def arrive(self) -> None:
        """Come in by a file with a bad row, be invited, choose a password, forget it."""
        file = (io.BytesIO(FILE.encode()), "people.csv")
        run = self.staff.post("/admin/people/import", file=file).location
        self.work()
        self.staff.post(f"{run}/start", page=run)
        self.work()
        assert MARK in self.staff.post(f"{run}/errors.csv", page=run, expect=200)
        self.staff.post(f"/admin/people/import/{run.rsplit('/', 1)[1]}/invite", page=run)
        self.work()
        self.she.submit(self.link("/invitation/"), password=PASSWORD)
        self.she.submit("/forgotten", email=EMAIL, expect=200)
        self.work()
        self.she.submit(self.link("/forgotten/"), password=NEW_PASSWORD)
        self.she.submit("/login", email=EMAIL, password=PASSWORD, expect=200)
        self.she.submit("/login", email=EMAIL, password=NEW_PASSWORD)

    def tell_of_herself(self) -> None:
        """Fill every field there is."""
        self.she.submit("/learner/profile/name", first_name=f"{MARK}ena", last_name=f"{MARK}å dal")
        profile = f"https://www.credly.com/users/{MARK}"
        self.she.submit("/learner/profile", language="sv", theme="dark", credly_profile=profile)
        for kind, email in (("badges", OTHER), ("sign-in", THIRD)):
            place = f"/learner/profile/addresses/{kind}"
            self.she.submit(place, email=email, password=NEW_PASSWORD)
            self.work()
            code = re.search(r"^(\d{4} \d{4})\r?$", self.mail(), re.MULTILINE).group(1)
            self.she.submit(f"{place}/code", code=code)
        self.she.submit("/learner/second-factor", password=NEW_PASSWORD)
        page = self.she.get("/learner/second-factor/set-up")
        shown = re.search(r"(?:[A-Z2-7]{4} ){7}[A-Z2-7]{4}", page).group()
        secret = shown.replace(" ", "")
        now = pyotp.TOTP(secret).now()
        page = self.she.submit("/learner/second-factor/set-up", code=now, expect=200)
        codes = re.findall(r"<li><code>([^<]+)</code>", page)
        self.secrets |= {shown, secret, *codes}

    def learn(self) -> None:
        """Hand in evidence that is sent back, complete, accept, show the badge to the world."""
        place = f"/learner/courses/{self.evidence}"
        self.she.post(f"{place}/enrol", page=place)
        given = {"text": f"I, {MARK}", "address": f"https://example.org/{MARK}"}
        file = (io.BytesIO(PDF), f"{MARK}.pdf")
        self.she.submit(f"{place}/evidence", **given, file=file)
        at = f"/author/evidence/{db.session.scalars(db.select(Evidence.id)).one()}"
        self.staff.post(f"{at}/reject", page=at, reason=f"Not enough, {MARK}.")
        place = f"/learner/courses/{self.world.course.id}"
        self.she.post(f"{place}/enrol", page=place)
        self.she.post(f"{place}/complete", page=place)
        self.work()
        issued = db.session.scalars(db.select(IssuedBadge)).one()
        self.world.credly.move({"id": issued.credly_id}, "accept")
        award = f"/learner/badges/{db.session.scalars(db.select(Award.id)).one()}"
        self.she.post(f"{award}/check", page=award)
        self.work()
        self.she.post(f"{award}/public/on", page=f"{award}/public")
        self.public = re.search(r"/b/[0-9a-f]{32}", self.she.get(f"{award}/public")).group()
        assert f"{MARK}å dal" in Browser(self.app).get(self.public)
        self.she.get(f"/learner/catalogue?q={MARK}")

    def be_taken_back(self) -> None:
        """Staff undo the completion and revoke the badge, with her name in every reason."""
        query = db.select(Enrolment.id).filter_by(learning_object_id=self.world.course.id)
        learners = f"/author/courses/{self.world.course.id}/learners"
        one = db.session.scalars(query).one()
        self.staff.submit(f"{learners}/{one}/undo", reason=f"It was not {MARK}.")
        award = db.session.scalars(db.select(Award.id)).one()
        at = f"/admin/awards/{award}/revoke"
        self.staff.submit(at, reason=f"Not {MARK}.", suppress_mail="")
        self.work()
        self.staff.get(f"/admin/people?q={MARK}")

    def erase(self) -> None:
        """Both steps."""
        at = f"/admin/people/{self.id}/erase"
        self.staff.submit(at, reason=f"{MARK} asked by phone.")
        self.staff.submit(f"{at}/for-good", email=THIRD, revoke="no")


def logged(caplog: pytest.LogCaptureFixture) -> bytes:
    """Return all that was logged, with the values that only some formats write."""
    return f"{caplog.text} {[vars(record) for record in caplog.records]}".encode()


def back_up(app, file: Path) -> None:
    answer = app.test_cli_runner().invoke(backup, [str(file)])
    assert answer.exit_code == 0, answer.output


def test_nothing_of_her_is_left_and_her_secrets_were_never_readable(
    app, world, box, ada, caplog, tmp_path
):
    caplog.set_level(logging.DEBUG)
    journey = Journey(app, world, box, ada)
    for part in (journey.arrive, journey.tell_of_herself, journey.learn, journey.be_taken_back):
        part()
    back_up(app, tmp_path / "before.zip")
    held = readable(tmp_path)
    assert {"person", "evidence", "audit_entry", "import_row", "mail"} <= set(holding(held, MARK))
    assert holding(held, "before.zip") == []
    said = {**held, **pages(app, journey.staff, "14"), "log": logged(caplog)}
    assert len(journey.secrets) > 12
    for secret in journey.secrets:
        assert not holding(said, secret), secret
    (tmp_path / "before.zip").unlink()

    journey.erase()
    journey.work()
    back_up(app, tmp_path / "after.zip")
    said = {**readable(tmp_path), **pages(app, journey.staff, "14"), "log": logged(caplog)}
    assert not holding(said, MARK)
    Browser(app).get(journey.public, expect=410)
