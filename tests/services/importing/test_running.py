"""Preview and run: what goes in, what stays out, and what happens when a worker dies."""

import io
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from portal.extensions import db
from portal.models import Badge, BadgeState, ImageState, ImportState, Outcome
from portal.services.importing import imports, uploads
from portal.services.importing.running import Pace, run_next, work_on
from portal.services.importing.turns import take
from tests.services.importing.conftest import badge_of, file_of, row

SMALL = Pace(rows=2, seconds=-1.0)  # one batch a turn


def test_the_preview_changes_nothing(desk):
    run = desk.preview(file_of(row(1), row(2, "Ropes")))
    assert (run.state, run.rows, run.new) == (ImportState.READY, 2, 2)
    assert db.session.scalars(db.select(Badge)).all() == []


def test_a_started_import_makes_the_badges(desk):
    run = desk.bring(file_of(row(1, state="Retired", image="https://example.org/a.png")))
    assert (run.state, run.new, run.failed) == (ImportState.DONE, 1, 0)
    badge = badge_of(1)
    assert (badge.name, badge.state) == ("Knots", BadgeState.RETIRED)
    assert badge.made_at.isoformat() == "2016-10-12T10:12:11.110000+00:00"
    assert (badge.own_image.source, badge.own_image.state) == (
        "https://example.org/a.png",
        ImageState.WAITING,
    )


def test_the_same_file_again_changes_nothing(desk):
    content = file_of(
        row(1, image="https://example.org/a.png", modified="2017-01-01T00:00:00.000Z")
    )
    desk.bring(content)
    before = db.session.scalars(db.select(Badge.own_image_id)).all()
    run = desk.bring(content)
    assert (run.new, run.changed, run.unchanged) == (0, 0, 1)
    assert db.session.scalars(db.select(Badge.own_image_id)).all() == before


def test_good_rows_go_in_beside_bad_ones(desk):
    run = desk.bring(file_of(row(1), row(2, state="Aktiv"), row(3)))
    assert desk.outcomes(run) == {2: "new", 3: "error", 4: "new"}
    assert badge_of(2) is None


def test_a_changed_row_says_old_and_new(desk):
    desk.bring(file_of(row(1, "Knots")))
    run = desk.preview(file_of(row(1, "Better knots", state="retired")))
    assert desk.rows(run)[2].changes == {
        "badgeName": ["Knots", "Better knots"],
        "state": ["active", "retired"],
    }
    desk.start(run)
    assert (badge_of(1).name, badge_of(1).state) == ("Better knots", BadgeState.RETIRED)


def test_a_file_split_in_two_gives_the_same_as_the_whole(desk):
    desk.bring(file_of(row(1)))
    desk.bring(file_of(row(2, "Ropes"), row(1)))
    assert (badge_of(1).name, badge_of(2).name) == ("Knots", "Ropes")


def test_a_worker_that_died_in_the_middle_is_taken_over_behind_its_last_batch(desk):
    run = desk.preview(file_of(*(row(number) for number in range(5))))
    imports.start(actor=None, run=run, now=desk.now)
    assert work_on(run.id, desk.means, desk.now, SMALL)
    db.session.refresh(run)
    assert (run.new, run.done_line) == (2, 3)
    run.owner, run.due = "somebody who died", desk.now + timedelta(seconds=60)
    db.session.commit()
    assert not work_on(run.id, desk.means, desk.now)
    while work_on(run.id, desk.means, desk.now + timedelta(minutes=2), SMALL):
        pass
    db.session.refresh(run)
    assert (run.state, run.new) == (ImportState.DONE, 5)


def test_two_imports_at_once_run_one_after_the_other(desk):
    first, second = desk.preview(file_of(row(1))), desk.preview(file_of(row(2)))
    imports.start(actor=None, run=second, now=desk.now)
    imports.start(actor=None, run=first, now=desk.now + timedelta(seconds=1))
    later = desk.now + timedelta(minutes=1)
    assert not work_on(first.id, desk.means, later)
    assert work_on(second.id, desk.means, later)
    assert work_on(first.id, desk.means, later)


def test_a_cancelled_import_stops_between_two_batches(desk):
    run = desk.preview(file_of(row(1), row(2), row(3)))
    imports.start(actor=None, run=run, now=desk.now)
    assert work_on(run.id, desk.means, desk.now, SMALL)
    imports.cancel(run=run, now=desk.now)
    desk.work()
    assert (run.state, run.new) == (ImportState.CANCELLED, 2)
    assert badge_of(3) is None


def test_whoever_lost_an_import_to_its_cancelling_leaves_nothing_of_the_last_batch(desk):
    run = desk.preview(file_of(row(1)))
    imports.start(actor=None, run=run, now=desk.now)
    turn = take(run.id, desk.means, desk.now)
    imports.cancel(run=run, now=desk.now)
    db.session.add(Badge(own_name="Of the last batch"))
    turn.end(ImportState.DONE, new=1)
    db.session.refresh(run)
    assert (run.state, run.new) == (ImportState.CANCELLED, 0)
    assert db.session.scalar(select(Badge.own_name)) is None


def test_an_import_that_is_interrupted_again_and_again_stops_and_can_go_on(desk):
    run = desk.preview(file_of(row(1)))
    imports.start(actor=None, run=run, now=desk.now)
    run.tries = 5
    db.session.commit()
    desk.work()
    assert (run.state, run.reason["code"]) == (ImportState.STOPPED, "import_interrupted")
    imports.go_on(run=run, now=desk.now)
    desk.work()
    assert (run.state, run.new) == (ImportState.DONE, 1)


def test_a_file_that_is_gone_stops_the_run_with_words(desk):
    run = desk.preview(file_of(row(1)))
    uploads.remove(run.upload, desk.means)
    desk.start(run)
    assert (run.state, run.reason["code"]) == (ImportState.STOPPED, "import_file_gone")


def test_a_row_that_turned_bad_since_the_preview_stays_out(desk):
    run = desk.preview(
        file_of(row(1, template="0" * 8 + "-0000-4000-8000-000000000001", provider="Credly"))
    )
    other = Badge(own_name="Ropes", external_badge_id="00000000-0000-4000-8000-000000000001")
    db.session.add(other)
    db.session.commit()
    desk.start(run)
    assert (run.failed, run.new) == (1, 0)
    assert desk.rows(run)[2].cells[1] == "Knots"


def test_what_the_preview_called_an_error_is_never_imported(desk):
    other = Badge(own_name="Ropes", external_badge_id="00000000-0000-4000-8000-000000000001")
    db.session.add(other)
    db.session.commit()
    run = desk.preview(file_of(row(1, template=other.external_badge_id, provider="Credly")))
    other.state = BadgeState.RETIRED
    db.session.commit()
    desk.start(run)
    assert desk.outcomes(run) == {2: "error"}


class Broken(io.BytesIO):
    """An upload whose sender goes away after the first piece."""

    def read(self, size=-1, /):
        if self.tell():
            raise ConnectionResetError
        return super().read(size)


def test_an_upload_that_breaks_off_leaves_nothing(desk):
    with pytest.raises(ConnectionResetError):
        uploads.save(Broken(file_of(row(1))), desk.means)
    assert list(desk.means.uploads.iterdir()) == []


def test_bytes_and_rows_are_deleted_after_thirty_days(desk):
    run = desk.preview(file_of(row(1)))
    path = uploads.path_of(run, desk.means)
    assert path.stat().st_mode & 0o777 == 0o600
    assert run_next(desk.means, desk.now + timedelta(days=31))
    db.session.expire_all()
    assert not path.exists()
    assert (run.upload, run.state, run.rows) == (None, ImportState.CANCELLED, 1)
    assert desk.rows(run) == {}


@pytest.mark.parametrize("rows", [1, 3])
def test_every_row_is_counted_once(desk, rows):
    run = desk.bring(file_of(*(row(number) for number in range(rows))))
    assert run.dealt_with == rows
    assert set(desk.outcomes(run).values()) == {Outcome.NEW}


# Only SQLite can be told how large it may grow; the service is the same on both.
@pytest.mark.parametrize("database", [{}], ids=["SQLite"])
def test_a_full_disk_stops_the_import_with_its_reason_and_it_can_go_on(database, desk):
    run = desk.upload(file_of(*(row(number, "n" * 200) for number in range(600))))
    pages = db.session.scalar(text("PRAGMA page_count"))
    db.session.scalar(text(f"PRAGMA max_page_count={pages + 8}"))
    db.session.commit()
    desk.work()
    assert (run.state, run.reason["code"]) == (ImportState.STOPPED, "import_storage")
    db.session.scalar(text("PRAGMA max_page_count=1000000"))
    db.session.commit()
    imports.go_on(run=run, now=desk.now)
    desk.work()
    assert (run.state, run.new, run.reason) == (ImportState.READY, 600, None)


def test_two_workers_never_have_the_same_import(desk):
    run = desk.upload(file_of(row(1)))
    assert take(run.id, desk.means, desk.now)
    assert take(run.id, desk.means, desk.now) is None


def test_a_worker_that_wakes_up_late_writes_nothing(desk):
    run = desk.upload(file_of(row(1)))
    late = take(run.id, desk.means, desk.now)
    fresh = take(run.id, desk.means, desk.now + timedelta(minutes=2))
    assert late.stay(rows=7) is False
    assert fresh.stay(rows=8) is True


def test_a_worker_loses_the_import_that_is_cancelled_under_its_hands(desk):
    run = desk.upload(file_of(row(1)))
    turn = take(run.id, desk.means, desk.now)
    imports.cancel(run=run, now=desk.now)
    assert turn.stay(rows=7) is False
