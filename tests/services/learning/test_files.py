"""Files that people send: taken by what is in them, kept outside static, forgotten when stray."""

import os
from io import BytesIO

import pytest
from PIL import Image

from portal.errors import NotFound, RuleBroken
from portal.extensions import db
from portal.models import Module
from portal.services.learning import files
from tests.factories import make_course

PDF = b"%PDF-1.7\n1 0 obj\nendobj\ntrailer\n%%EOF\n"


@pytest.fixture
def means(app):
    return app.extensions["means"]


def picture(kind: str) -> bytes:
    written = BytesIO()
    Image.new("RGB", (40, 30), "navy").save(written, format=kind)
    return written.getvalue()


def keep(data: bytes, name: str, means) -> files.KeptFile:
    return files.keep(BytesIO(data), name, allowed=files.DOCUMENTS, means=means)


@pytest.mark.parametrize(
    ("data", "sent_as", "name", "kind"),
    [
        (PDF, "C:\\docs\\proof.PDF", "proof.pdf", files.PDF),
        (picture("PNG"), "../../proof.exe", "proof.exe.png", files.PNG),
        (picture("JPEG"), ".jpeg", "file.jpg", files.JPEG),
    ],
)
def test_what_is_in_a_file_says_what_it_is(means, data, sent_as, name, kind):
    kept = keep(data, sent_as, means)
    assert (kept.name, kept.type) == (name, kind)
    assert files.read(kept.key, means) == data
    assert os.stat(files.path_of(kept.key, means)).st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file_empty"),
        (b"<html><script>alert(1)</script></html>", "file_type_not_taken"),
        (b"MZ\x90\x00", "file_type_not_taken"),
        (PDF[:12], "file_broken"),
        (picture("PNG")[:60], "file_broken"),
        (picture("JPEG")[:-20], "file_broken"),
        (b"%PDF-" + bytes(files.MOST), "file_too_large"),
    ],
)
def test_what_cannot_be_taken_is_said_at_the_field_and_not_kept(means, data, code):
    with pytest.raises(RuleBroken) as broken:
        keep(data, "proof.pdf", means)
    assert (broken.value.message.code, broken.value.field) == (code, "file")
    assert list(means.files.iterdir()) == []


@pytest.mark.parametrize("key", [None, "", "../portal.db", "a" * 64])
def test_a_name_that_is_not_ours_finds_nothing(means, key):
    with pytest.raises(NotFound):
        files.path_of(key, means)


def test_strays_go_after_a_day_and_what_a_row_names_stays(means, otto, now):
    named, stray, fresh = (keep(PDF, "a.pdf", means) for _number in range(3))
    course = make_course(otto)
    db.session.add(Module(course_id=course.id, position=0, title="Plan", file_key=named.key))
    db.session.commit()
    for kept in (named, stray):
        old = now.timestamp() - files.STRAY_AFTER - 60
        os.utime(means.files / kept.key, (old, old))
    files.remove_strays(means, now)
    assert {path.name for path in means.files.iterdir()} == {named.key, fresh.key}
