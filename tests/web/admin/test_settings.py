"""Settings: an administrator says what the portal is called, looks like and counts by."""

import re
from datetime import UTC, datetime
from io import BytesIO

import pytest
from PIL import Image

from portal.clock import count_in, months_later
from portal.colours import deep, triple
from portal.extensions import db
from portal.factory import create_app
from portal.models import AuditEntry, Award
from portal.services.issuing import public_pages
from portal.services.learning import completions
from portal.services.running.known import unpacked
from portal.services.running.portal_settings import LOGO_MOST
from tests.factories import make_badge, make_course
from tests.page import Browser

PAGE = "/admin/settings"
HARBOUR = {"name": "Harbour Academy", "brand": "#00777f", "time_zone": "Europe/Stockholm"}


def drawn(size=(900, 300), kind="PNG") -> BytesIO:
    written = BytesIO()
    Image.new("RGB", size, "#00777f").save(written, kind)
    written.seek(0)
    return written


@pytest.fixture
def admin(browser, ada):
    yield browser.sign_in(ada)
    count_in(UTC)


def save(browser, expect=302, **values):
    return browser.submit(PAGE, expect=expect, **{**HARBOUR, **values})


def logo_at(page) -> str:
    found = re.search(r'class="site-logo" src="([^"]+)"', page)
    return found[1] if found else ""


def picture(browser, address) -> Image.Image:
    with browser.client.get(address) as answer:
        assert answer.status_code == 200
        assert answer.content_type == "image/png"
        return Image.open(BytesIO(answer.data))


def notes(action):
    return db.session.query(AuditEntry).filter_by(action=action).all()


def test_what_is_saved_holds_on_every_page_at_once(admin, app):
    save(admin)
    stranger = Browser(app)
    page = stranger.get("/login")
    assert "Harbour Academy" in page
    assert '<meta name="theme-color" content="#00777f">' in page
    sheet = re.search(r'href="(/brand\.css\?v=\w+)"', page)[1]
    assert "--brand:#00777f" in stranger.get(sheet)
    told = stranger.client.get("/manifest.webmanifest").json
    assert (told["name"], told["theme_color"]) == ("Harbour Academy", "#00777f")


def test_another_process_sees_it_with_its_next_page(admin, app, lena, tmp_path, database):
    other = create_app(database, tmp_path)
    there = Browser(other)
    with other.app_context():
        assert "Rosette" in there.get("/login")
        there.sign_in(lena)
        assert "Rosette" in there.get("/learner/")
    save(admin)
    with other.app_context():
        assert "Harbour Academy" in there.get("/learner/")
        assert "Harbour Academy" in Browser(other).get("/login")
        db.session.remove()
        db.engine.dispose()
        other.extensions["means"].door.close()


def test_months_are_counted_in_the_zone_that_was_chosen(admin, app):
    save(admin, time_zone="Asia/Tokyo")
    assert app.extensions["means"].time_zone.key == "Asia/Tokyo"
    # In Tokyo this is 1 February already, so a month later is 1 March there.
    late = datetime(2026, 1, 31, 20, tzinfo=UTC)
    assert months_later(late, 1) == datetime(2026, 2, 28, 20, tzinfo=UTC)


def test_who_changed_what_stands_in_the_audit(admin, ada):
    save(admin)
    save(admin, name="Harbour School")
    first, second = notes("settings.name")
    assert first.details == {"before": "Rosette", "after": "Harbour Academy"}
    assert second.details == {"before": "Harbour Academy", "after": "Harbour School"}
    assert (second.actor_id, second.network) == (ada.id, "127.0.0.0/24")
    assert len(notes("settings.brand")) == len(notes("settings.time_zone")) == 1
    assert "Name of the portal changed" in admin.get("/admin/audit")


def test_a_logo_is_drawn_anew_and_stands_in_the_header(admin, app):
    save(admin, logo=(drawn(), "logo.png"))
    there = logo_at(Browser(app).get("/login"))
    assert picture(admin, there).size == (288, 96)
    icon = admin.client.get("/manifest.webmanifest").json["icons"][0]["src"]
    assert picture(admin, icon).size == (512, 512)


def test_a_logo_stays_when_something_else_is_saved_and_goes_when_it_is_removed(admin):
    save(admin, logo=(drawn(), "logo.png"))
    there = logo_at(admin.get(PAGE))
    save(admin, name="Harbour School")
    assert logo_at(admin.get(PAGE)) == there
    save(admin, without_logo="y")
    assert logo_at(admin.get(PAGE)) == ""
    assert admin.client.get(there).status_code == 404
    given, taken = notes("settings.logo")
    assert given.details["before"] is None
    assert taken.details == {"before": given.details["after"], "after": None}


def test_the_former_logo_goes_when_another_takes_its_place(admin):
    save(admin, logo=(drawn(), "logo.png"))
    former = logo_at(admin.get(PAGE))
    save(admin, logo=(drawn((300, 300), "JPEG"), "new.jpg"))
    assert picture(admin, logo_at(admin.get(PAGE))).size == (96, 96)
    assert admin.client.get(former).status_code == 404


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", " ", "Give the portal a name."),
        ("name", "x" * 61, "at most 60 characters"),
        ("brand", "blue", "# and six digits"),
        ("brand", "", "# and six digits"),
        ("time_zone", "Mars/Olympus", "Choose one of the values that are offered."),
        ("logo", (BytesIO(b"<svg></svg>"), "logo.svg"), "no PNG, JPEG or GIF"),
        ("logo", (drawn((20, 20)), "logo.png"), "at least 32 pixels"),
        ("logo", (BytesIO(b"\0" * (LOGO_MOST + 1)), "logo.png"), "at most 4 MiB"),
    ],
    ids=lambda one: one if isinstance(one, str) and len(one) < 12 else "",
)
def test_what_cannot_be_used_is_said_at_its_field(admin, field, value, said):
    page = save(admin, expect=200, **{field: value})
    assert said in page.partition(f'id="{field}-errors"')[2].partition("</div>")[0]
    assert not notes("settings.name")


def test_a_colour_that_is_too_pale_is_taken_and_drawn_darker(admin):
    save(admin, brand="#fd0")
    page = admin.get(PAGE)
    assert f"#ffdd00 would be too hard to read here; {deep('#ffdd00')} is used" in page
    assert f"--brand-deep:{deep('#ffdd00')}" in admin.get("/brand.css")


def test_cards_and_certificates_carry_colour_and_logo(admin, app, lena, otto, now):
    course = make_course(otto, badge=make_badge())
    completions.enrol(learner=lena, learning_object=course, now=now)
    completions.complete(learner=lena, course_id=course.id, now=now)
    award = db.session.query(Award).one()
    key = public_pages.turn_on(award=award, now=now).key
    reader = Browser(app).sign_in(lena)
    plain = reader.client.get(f"/learner/badges/{award.id}/certificate.pdf").data
    save(admin, logo=(drawn((640, 64)), "logo.png"))
    card = picture(reader, f"/b/{key}/card.png").convert("RGB")
    assert card.getpixel((600, 5)) == triple(deep("#00777f"))  # the bar at the top
    assert card.getpixel((200, 590)) == triple("#00777f")  # the logo below the badge
    branded = reader.client.get(f"/learner/badges/{award.id}/certificate.pdf").data
    assert plain.count(b"/Subtype /Image") + 1 == branded.count(b"/Subtype /Image")


class TestWhereTheEnvironmentSaysIt:
    """The environment wins, and the page says so."""

    @pytest.fixture
    def settings(self, tmp_path_factory):
        logo = tmp_path_factory.mktemp("logo") / "logo.png"
        logo.write_bytes(drawn((640, 320)).getvalue())
        return {"PORTAL_NAME": "Quay", "BRAND_COLOUR": "#7A1F4B", "PORTAL_LOGO": str(logo)}

    def test_its_fields_can_only_be_read(self, admin):
        page = admin.get(PAGE)
        assert page.count("</svg>read only</span>") == 3
        assert re.search(r'<input [^>]*id="name" value="Quay" readonly', page)
        assert re.search(r'<input [^>]*id="brand" value="#7a1f4b" readonly', page)
        for name in ("PORTAL_NAME", "BRAND_COLOUR", "PORTAL_LOGO"):
            assert f"Set by {name}" in page
        assert picture(admin, logo_at(page)).size == (192, 96)

    def test_what_is_sent_all_the_same_is_passed_over(self, admin, app):
        save(admin, logo=(drawn((300, 300)), "mine.png"), without_logo="y")
        page = admin.get(PAGE)
        assert "Quay" in page
        assert picture(admin, logo_at(page)).size == (192, 96)
        assert app.extensions["means"].time_zone.key == "Europe/Stockholm"
        assert not notes("settings.name") + notes("settings.logo") + notes("settings.brand")


def test_what_nobody_can_read_leaves_the_defaults(app):
    known = app.extensions["means"].known
    for stored in ("no JSON", "[1]", '{"time_zone": "Mars"}'):
        known.take(stored)
        assert (known.now.name, known.now.time_zone.key) == ("Rosette", "UTC")
    assert unpacked(None) == {}
