"""Many rows go in and many values are found, whatever is in them; on both databases alike."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from portal.clock import utc_now
from portal.extensions import db
from portal.models import ImportRow, ImportRun, Outcome, Person, SourceRecord
from portal.services.in_bulk import FEW, among, insert_all, pairs_among
from tests.factories import make_person

AWKWARD = (
    "tab\tstop",
    "line\nbreak",
    "back\\slash",
    "\\N",
    "\\.",
    "",
    "Örtagård",
    "'; --",
    '"{,}"',
)


@pytest.fixture
def run(app):
    run = ImportRun(kind="course", file_name="course.csv", created_at=utc_now(), due=utc_now())
    db.session.add(run)
    db.session.flush()
    return run


def rows_of(run, names):
    return [
        {
            "import_run_id": run.id,
            "line": line,
            "outcome": Outcome.NEW,
            "source_id": name,
            "digest": "-",
            "cells": None,
            "changes": {name: [None, name]},
        }
        for line, name in enumerate(names, 2)
    ]


def test_awkward_texts_go_in_as_they_are(run):
    names = [*AWKWARD, *map(str, range(FEW))]
    insert_all(ImportRow.__table__, rows_of(run, names))
    kept = db.session.scalars(select(ImportRow).order_by(ImportRow.line)).all()
    assert [one.source_id for one in kept] == names
    assert [one.changes for one in kept] == [{name: [None, name]} for name in names]


@pytest.mark.parametrize("count", [1, 3 * FEW])
def test_many_rows_get_what_few_rows_get_where_they_say_nothing(run, count):
    insert_all(ImportRow.__table__, rows_of(run, map(str, range(count))))
    kept = db.session.scalars(select(ImportRow)).all()
    said = {(one.outcome, one.name, one.holds, one.noted, str(one.remarks)) for one in kept}
    assert said == {(Outcome.NEW, "", None, False, "[]")}
    assert len(kept) == count


def test_nothing_goes_in_without_rows(run):
    insert_all(ImportRow.__table__, [])
    assert db.session.scalar(select(func.count()).select_from(ImportRow)) == 0


def test_a_row_that_is_there_already_is_the_trouble_it_always_is(run):
    db.session.commit()
    rows = rows_of(run, ["same"] * (2 * FEW))
    rows[-1]["line"] = rows[0]["line"]
    with pytest.raises(IntegrityError):
        insert_all(ImportRow.__table__, rows)
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(ImportRow)) == 0


def test_what_is_looked_for_is_found_whatever_it_holds(run):
    insert_all(ImportRow.__table__, rows_of(run, [*AWKWARD, "x" * 255]))
    query = select(ImportRow.source_id)
    assert set(db.session.scalars(query.where(among(ImportRow.source_id, AWKWARD)))) == {*AWKWARD}
    # Cut off where the column ends, it would be found.
    longer = {"x" * 256, "nowhere"}
    assert not db.session.scalars(query.where(among(ImportRow.source_id, longer))).all()
    assert not db.session.scalars(query.where(among(ImportRow.source_id, []))).all()


def test_numbers_are_found_too(app):
    lena, otto = make_person("Lena Lind"), make_person("Otto Ek")
    found = db.session.scalars(select(Person.id).where(among(Person.id, {otto.id, otto.id + 99})))
    assert found.all() == [otto.id]
    assert lena.id != otto.id


def test_pairs_are_found_and_not_what_is_only_half_of_one(run):
    lena, otto = make_person("Lena Lind"), make_person("Otto Ek")
    kept = [(lena.id, "a"), (lena.id, "b"), (otto.id, "a"), (otto.id, "b")]
    rows = [
        {"kind": "x", "learner_id": one, "source_id": name, "values": {}, "import_run_id": run.id}
        for one, name in kept
    ]
    insert_all(SourceRecord.__table__, rows)
    table = SourceRecord
    query = select(table.learner_id, table.source_id)
    for wanted in ({kept[0], kept[3]}, {(otto.id, "c")}, set()):
        found = db.session.execute(
            query.where(pairs_among(table.learner_id, table.source_id, wanted))
        )
        assert set(map(tuple, found)) == wanted & set(kept)
