"""What went out comes in again: a generated catalogue, out, and into an empty portal."""

import csv
import io
import zipfile
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from portal.extensions import db
from portal.factory import create_app
from portal.models import Award, Badge, Enrolment, LearningObject, Person, ReachedLevel
from portal.services.importing.catalogue import bundles, packing
from portal.services.importing.running import run_next
from tests.databases import fresh_database, make_schema
from tests.generated_catalogue import Size, generate
from tests.services.importing.conftest import zip_of


def zipped(files) -> bytes:
    """The zip of these files."""

    def text(rows) -> bytes:
        written = io.StringIO()
        csv.writer(written, quoting=csv.QUOTE_ALL).writerows(rows)
        return written.getvalue().encode()

    return zip_of(*((f"{name}.csv", text(rows)) for name, rows in files.items()))


def brought_in(app: Flask, content: bytes, now):
    means = app.extensions["means"]
    catalogue = bundles.upload(
        actor=None, stream=io.BytesIO(content), file_name="c.zip", means=means, now=now
    )
    later = now + timedelta(days=1)  # a slow machine takes several turns
    while run_next(means, later):
        pass
    bundles.start(actor=None, catalogue=bundles.get(catalogue.id), issues=False, now=now)
    while run_next(means, later):
        pass
    return bundles.get(catalogue.id)


def gone_out(app: Flask, folder) -> dict[str, list[str]]:
    """Every file's lines, sorted."""
    folder.mkdir()
    names = packing.write_to(folder, app.extensions["means"])
    return {name: sorted((folder / name).read_text("utf-8-sig").splitlines()) for name in names}


def awards():
    query = (
        db.select(Person.email, Badge.source_id, LearningObject.source_id, Award.earned_at)
        .add_columns(Award.not_sent_because, Award.expires_at)
        .join(Award.learner)
        .join(Award.badge)
        .outerjoin(LearningObject, LearningObject.id == Award.learning_object_id)
    )
    return sorted(map(repr, db.session.execute(query)))


@pytest.fixture
def another(tmp_path: Path, postgresql: str) -> Iterator[Flask]:
    """A second portal, as empty as the first."""
    folder = tmp_path / "another"
    folder.mkdir()
    with fresh_database() if postgresql else nullcontext() as address:
        env = {"DATABASE_URL": address} if address else {}
        make_schema(env, folder)
        app = create_app({**env, "CREDLY_RATE": "0"}, folder)
        yield app
        with app.app_context():
            db.engine.dispose()
        app.extensions["means"].door.close()


def test_a_generated_catalogue_goes_in_and_out_and_in_again(app, another, now, tmp_path):
    catalogue = brought_in(app, zipped(generate(Size())), now)
    failed = {run.kind: run.failed for run in catalogue.runs if run.failed}
    assert failed == {}
    out, earned = gone_out(app, tmp_path / "first"), awards()
    assert len(earned) > 2000
    again = zip_of(*((name, (tmp_path / "first" / name).read_bytes()) for name in out))
    with another.app_context():
        second = brought_in(another, again, now)
        assert {run.kind: run.failed for run in second.runs if run.failed} == {}
        assert gone_out(another, tmp_path / "second") == out
        assert awards() == earned
        assert db.session.scalar(db.select(db.func.count(Enrolment.id)))
        assert db.session.scalar(db.select(db.func.count()).select_from(ReachedLevel))


def test_a_zip_that_goes_out_holds_every_file(app):
    pieces = packing.export(app.extensions["means"])
    with zipfile.ZipFile(io.BytesIO(b"".join(pieces))) as archive:
        assert archive.namelist() == [kind.file_name for kind in bundles.ORDER]
