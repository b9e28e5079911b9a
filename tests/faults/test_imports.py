"""A worker that dies in the middle of an import: the next one goes on behind the last batch."""

import io
import signal

import pytest

from portal.clock import utc_now
from portal.extensions import db
from portal.models import Badge, ImportRow, ImportRun, ImportState
from portal.services.importing import imports
from tests.demo.processes import wait_until
from tests.faults.stage import Stage
from tests.services.importing.conftest import file_of, row

ROWS = 1_700  # four batches
WRITES = "(INSERT INTO|COPY)"  # PostgreSQL takes many rows as a COPY


def uploaded(stage: Stage) -> int:
    with stage.inside():
        run = imports.upload(
            actor=None,
            stream=io.BytesIO(file_of(*(row(number) for number in range(ROWS)))),
            file_name="badge.csv",
            kind="badges",
            means=stage.means,
            now=utc_now(),
        )
        return run.id


def state_of(stage: Stage, run_id: int) -> tuple[str, int]:
    with stage.inside():
        run = db.session.get_one(ImportRun, run_id)
        return run.state.value, run.new


def kept(stage: Stage) -> tuple[int, int]:
    """How many rows and badges there are."""
    with stage.inside():
        counted = (db.func.count(ImportRow.line), db.func.count(Badge.id))
        return tuple(db.session.scalar(db.select(one)) for one in counted)


def start(stage: Stage, run_id: int) -> None:
    with stage.inside():
        imports.start(actor=None, run=db.session.get_one(ImportRun, run_id), now=utc_now())


def let_the_lease_end(stage: Stage) -> None:
    with stage.inside():
        db.session.execute(db.update(ImportRun).values(due=utc_now()))
        db.session.commit()


@pytest.mark.parametrize("at", ["before_commit", "after_commit"])
def test_an_import_goes_on_where_its_worker_died(stage, at):
    run_id = uploaded(stage)
    ill = stage.ailing_worker({"die": {"at": at, "words": f"{WRITES} import_row ", "number": 3}})
    assert ill.process.ended() == -signal.SIGKILL
    rows, badges = kept(stage)
    assert (rows % 500, badges) == (0, 0), "whole batches, and nothing but the preview"
    assert state_of(stage, run_id) == (ImportState.READING, rows)
    let_the_lease_end(stage)

    ill = stage.ailing_worker({"die": {"at": at, "words": f"{WRITES} badge ", "number": 2}})
    wait_until(lambda: state_of(stage, run_id)[0] == ImportState.READY, ill.process)
    start(stage, run_id)
    assert ill.process.ended() == -signal.SIGKILL
    _rows, badges = kept(stage)
    assert badges == (500 if at == "before_commit" else 1000)
    assert state_of(stage, run_id) == (ImportState.RUNNING, badges)
    let_the_lease_end(stage)

    well = stage.worker()
    wait_until(lambda: state_of(stage, run_id)[0] == ImportState.DONE, well)
    assert state_of(stage, run_id) == (ImportState.DONE, ROWS)
    assert kept(stage) == (ROWS, ROWS)
