"""The sample rows of the published format come in; however a file is cut, all of it comes in."""

from itertools import count

from hypothesis import given, settings
from hypothesis import strategies as some

from portal.extensions import db
from portal.models import Badge, BadgeState, ImageState
from tests.services.importing.conftest import HEADER, badge_of, drawn, file_of, row, zip_of

OLD_HEADER = "id,badgeName,badgeCreationDate,lastModifiedDate,state,imageUrl"
MADE = "2016-10-12T10:12:11.110Z"
SAMPLES = [
    f"1,B1,{MADE},,Active,badge1.png",
    f"2,B2,{MADE},{MADE},Active,badge2.jpg",
    f"3,B3,{MADE},{MADE},Retired,badge10.BMP",
    f"4,B4,{MADE},,Active,https://example.org/badge4.png",
    f"5,B5,{MADE},,Active,badge 5.GIF",
    f"6,B6,{MADE},,Active,badge6.SVG",
]
PICTURES = [
    ("badge1.png", drawn()),
    ("badge2.jpg", drawn("JPEG")),
    ("badge10.BMP", drawn("BMP")),
    ("badge 5.GIF", drawn("GIF")),
    ("badge6.SVG", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
]


def test_the_published_rows_come_in_without_their_pictures(desk):
    run = desk.bring(file_of(*SAMPLES, header=OLD_HEADER).rstrip())
    assert (run.new, run.failed, run.noted) == (6, 0, 5)
    assert badge_of(3).state is BadgeState.RETIRED
    assert (badge_of(1).changed_at, badge_of(2).changed_at) == (None, badge_of(2).made_at)
    assert badge_of(4).own_image.source == "https://example.org/badge4.png"


def test_the_published_rows_come_in_with_the_pictures_that_are_pictures(desk):
    content = file_of(*SAMPLES, header=OLD_HEADER)
    run = desk.bring(zip_of(("badge.csv", content), *PICTURES))
    assert desk.outcomes(run) == dict(
        zip(range(2, 8), ["new", "new", "error", "new", "new", "error"], strict=True)
    )
    assert badge_of(5).own_image.state is ImageState.STORED


def test_the_row_with_a_credly_template_comes_in_unchecked(desk):
    steward = (
        "41,Data Steward L1,2025-02-01T09:00:00.000Z,,Active,images/steward1.png,"
        "00000000-0000-4000-8000-000000000041,Credly"
    )
    run = desk.bring(file_of(steward, header=HEADER))
    assert run.new == 1
    assert ("externalBadgeId", "import_unchecked") in desk.said(run)
    assert badge_of(41).external_badge_id == "00000000-0000-4000-8000-000000000041"


ROUNDS = count()
ROWS = some.lists(
    some.tuples(
        some.integers(1, 5),
        some.sampled_from(["Knots", "Ropes", "", "n" * 256]),
        some.sampled_from(["Active", "Retired", "Aktiv"]),
    ),
    min_size=2,
    max_size=8,
    unique_by=lambda one: one[0],  # an id that stands twice is about its first row
)


def badges_of(mark: str) -> set[tuple[str, str, str]]:
    """The badges whose ids begin like this, without that beginning."""
    found = db.session.scalars(db.select(Badge).where(Badge.source_id.startswith(mark)))
    return {(badge.source_id[len(mark) :], badge.name, badge.state.value) for badge in found}


@settings(max_examples=15)
@given(rows=ROWS, cut=some.integers(0, 8))
def test_a_file_cut_in_two_gives_the_same_as_the_whole(desk, rows, cut):
    number = next(ROUNDS)

    def part(mark: str, some_rows: list) -> bytes:
        made = (row(f"{mark}{one}", name, state=state) for one, name, state in some_rows)
        return file_of(*made)

    whole, halves = f"w{number}-", f"h{number}-"
    desk.bring(part(whole, rows))
    for half in (rows[:cut], rows[cut:]):
        if half:
            desk.bring(part(halves, half))
    assert badges_of(halves) == badges_of(whole)
