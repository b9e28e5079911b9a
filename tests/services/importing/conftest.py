"""A desk where files are handed in: upload, preview and run, as the background job does it."""

import io
import zipfile
from datetime import datetime

import pytest
from flask import Flask
from PIL import Image

from portal.extensions import db
from portal.messages import from_stored
from portal.models import Badge, Connection, ImportRow, ImportRun, Person
from portal.services.importing import imports
from portal.services.importing.running import run_next
from portal.services.means import Means
from portal.wording import words

HEADER = (
    "id,badgeName,badgeCreationDate,lastModifiedDate,state,imageUrl,"
    "externalBadgeId,externalBadgeProvider"
)
MADE = "2016-10-12T10:12:11.110Z"


def row(number: object = 1, name: str = "Knots", **cells: str) -> str:
    """A row that is right, but for the cells that are named."""
    usual = {"made": MADE, "modified": "", "state": "Active", "image": "b.png"}
    values = {**usual, "template": "", "provider": "", **cells}
    return ",".join([str(number), name, *values.values()])


def file_of(*rows: str, header: str = HEADER) -> bytes:
    """A whole badge.csv."""
    return "\r\n".join([header, *rows, ""]).encode()


def zip_of(*files: tuple[str, bytes]) -> bytes:
    """A zip of these files, by their paths."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files:
            archive.writestr(path, content)
    return file.getvalue()


def drawn(kind: str = "PNG", size: tuple[int, int] = (300, 300), colour: int = 120) -> bytes:
    """A picture of one colour."""
    file = io.BytesIO()
    Image.new("RGB", size, (colour, 40, 90)).save(file, kind)
    return file.getvalue()


class ImportDesk:
    """Hands files in and lets the background job work until nothing is due."""

    def __init__(self, app: Flask, now: datetime) -> None:
        self.means: Means = app.extensions["means"]
        self.now = now
        self.kind = "badges"
        self.actor: Person | None = None

    def upload(self, content: bytes, connection: Connection | None = None) -> ImportRun:
        return imports.upload(
            actor=self.actor,
            stream=io.BytesIO(content),
            file_name="badges.zip" if content[:2] == b"PK" else "badge.csv",
            kind=self.kind,
            connection_id=connection.id if connection else 0,
            means=self.means,
            now=self.now,
        )

    def work(self) -> None:
        while run_next(self.means, datetime.now(self.now.tzinfo)):
            pass
        db.session.expire_all()

    def preview(self, content: bytes, connection: Connection | None = None) -> ImportRun:
        run = self.upload(content, connection)
        self.work()
        return run

    def start(self, run: ImportRun) -> ImportRun:
        imports.start(actor=None, run=run, now=datetime.now(self.now.tzinfo))
        self.work()
        return run

    def bring(self, content: bytes, connection: Connection | None = None) -> ImportRun:
        return self.start(self.preview(content, connection))

    def rows(self, run: ImportRun) -> dict[int, ImportRow]:
        query = db.select(ImportRow).filter_by(import_run_id=run.id)
        return {one.line: one for one in db.session.scalars(query)}

    def outcomes(self, run: ImportRun) -> dict[int, str]:
        return {line: one.outcome.value for line, one in self.rows(run).items()}

    def said(self, run: ImportRun, line: int = 2) -> list[tuple[str, str]]:
        """The column and code of everything that is said about a line."""
        remarks = self.rows(run)[line].remarks
        return [(remark["column"], remark["code"]) for remark in remarks]

    def refusal(self, run: ImportRun) -> str:
        """Why the file was refused, in words, with what else is said about it."""
        assert run.reason, f"the file is {run.state}"
        return " ".join(words(from_stored(one)) for one in [run.reason, *run.notes])


@pytest.fixture
def desk(app: Flask, now: datetime) -> ImportDesk:
    return ImportDesk(app, now)


def badge_of(source_id: object) -> Badge | None:
    """The badge that came in under this id."""
    return db.session.scalar(db.select(Badge).filter_by(source_id=str(source_id)))
