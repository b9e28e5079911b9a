"""A zip with badge.csv and its pictures: what is taken of it, and what is refused."""

import io
import struct
import zipfile
from collections.abc import Callable
from contextlib import closing

import pytest
from PIL import Image as Picture

from portal.clock import utc_now
from portal.extensions import db
from portal.messages import say
from portal.models import Image, ImageState, ImportState
from portal.services.importing import archives, imports, uploads
from portal.services.importing.archives import Archive
from portal.services.importing.bytes_of_file import FileRefused
from portal.services.importing.running import Pace, work_on
from tests.services.importing.conftest import badge_of, drawn, file_of, row, zip_of
from tests.test_pictures import huge

GOOD = file_of(row(1, image="images/my knot.png"))


def entry(path: str, mode: int = 0o100644, **more) -> zipfile.ZipInfo:
    """A file of a zip as Unix systems describe it."""
    info = zipfile.ZipInfo(path)
    info.external_attr = mode << 16
    for name, value in more.items():
        setattr(info, name, value)
    return info


def written(*files: tuple[zipfile.ZipInfo, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for info, content in files:
            archive.writestr(info, content)
    return file.getvalue()


def locked(content: bytes) -> bytes:
    """The zip, whose entries say that they need a password."""
    for sign, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = -1
        while (place := content.find(sign, place + 1)) >= 0:
            flags = struct.unpack_from("<H", content, place + at)[0] | 1
            content = content[: place + at] + struct.pack("<H", flags) + content[place + at + 2 :]
    return content


def bomb(*files: tuple[str, bytes], size: int) -> bytes:
    """A zip whose last file says that it is this large."""
    content = zip_of(*files)
    where = content.rfind(b"PK\x01\x02")
    return content[: where + 24] + struct.pack("<I", size) + content[where + 28 :]


def many(count: int) -> bytes:
    return zip_of(("badge.csv", GOOD), *((f"{number}", b"") for number in range(count)))


REFUSED: dict[str, tuple[Callable[[], bytes], object]] = {
    "no zip": (lambda: b"PK\x03\x04 but then something else", say("import_zip_broken")),
    "cut off": (lambda: zip_of(("badge.csv", GOOD))[:-30], say("import_zip_broken")),
    "no badge.csv": (
        lambda: zip_of(("badges.csv", GOOD)),
        say("import_zip_without", file="badge.csv"),
    ),
    "two of them": (
        lambda: zip_of(("badge.csv", GOOD), ("old/badge.csv", GOOD)),
        say("import_zip_twice", file="badge.csv", paths="badge.csv, old/badge.csv"),
    ),
    "a link": (
        lambda: written((entry("badge.csv", 0o120777), b"/etc/passwd")),
        say("import_zip_locked", file="badge.csv"),
    ),
    "a password": (
        lambda: locked(zip_of(("badge.csv", GOOD))),
        say("import_zip_locked", file="badge.csv"),
    ),
    "an unusual packing": (
        lambda: written((entry("badge.csv", compress_type=zipfile.ZIP_LZMA), GOOD)),
        say("import_zip_locked", file="badge.csv"),
    ),
    "too many entries": (lambda: many(20_000), say("import_zip_entries", most=20_000)),
    "257 MiB unpacked": (
        lambda: bomb(("badge.csv", GOOD), ("bomb", b""), size=257 << 20),
        say("import_zip_too_large", most=256),
    ),
    "a badge.csv of 129 MiB": (
        lambda: bomb(("badge.csv", GOOD), size=129 << 20),
        say("import_zip_csv_too_large", most=128),
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_bad_zip_is_refused_with_its_reason(tmp_path, name):
    make, reason = REFUSED[name]
    path = tmp_path / "upload"
    path.write_bytes(make())
    with pytest.raises(FileRefused) as refused, closing(Archive(path)) as archive:
        archive.find("badge.csv")
    assert refused.value.message == reason


def test_a_directory_that_would_fill_the_memory_is_never_read(tmp_path):
    (tmp_path / "upload").write_bytes(many(1))
    file = archives._Watched(tmp_path / "upload")
    with pytest.raises(FileRefused), file:
        file.read(33 << 20)


def test_a_file_called_zip_that_is_none_is_refused_as_a_whole(desk):
    run = desk.preview(b"PK no zip")
    assert (run.state, run.reason["code"]) == (ImportState.REFUSED, "import_zip_broken")


def test_a_picture_of_the_zip_becomes_the_badges(desk):
    run = desk.bring(zip_of(("badge.csv", GOOD), ("images/my knot.png", drawn())))
    assert (run.state, run.new, run.noted) == (ImportState.DONE, 1, 0)
    image = badge_of(1).own_image
    assert (image.source, image.state) == ("images/my knot.png", ImageState.STORED)
    assert desk.means.pictures.path(badge_of(1).picture).read_bytes().startswith(b"\x89PNG")


def test_the_preview_looks_at_pictures_and_keeps_none(desk):
    desk.preview(zip_of(("badge.csv", GOOD), ("images/my knot.png", drawn())))
    folder = desk.means.pictures.path("a" * 64).parent
    assert list(folder.iterdir()) == []


def test_a_zip_of_a_folder_is_as_good(desk):
    files = (("sprint 1/badge.csv", GOOD), ("sprint 1/images/my knot.png", drawn()))
    more = (("__MACOSX/sprint 1/badge.csv", b""),)
    run = desk.bring(zip_of(*files, *more))
    assert (run.new, run.noted, run.member) == (1, 0, "sprint 1/badge.csv")


def test_a_zip_of_a_mac_or_of_windows_has_the_same_paths(desk):
    content = file_of(row(1, image="images/kn\u00f6l.png"), row(2, image="images/b.png"))
    files = (("images/kno\u0308l.png", drawn()), ("images\\b.png", drawn()))
    assert desk.preview(zip_of(("badge.csv", content), *files)).noted == 0


def test_a_path_that_is_not_in_the_zip_is_noted(desk):
    run = desk.bring(zip_of(("badge.csv", GOOD)))
    assert (run.new, desk.said(run)) == (1, [("imageUrl", "import_image_not_here")])
    assert badge_of(1).own_image is None


def test_a_csv_alone_has_no_pictures_by_path(desk):
    assert desk.said(desk.preview(GOOD)) == [("imageUrl", "import_image_not_here")]


NO_IMAGE = "import_picture_no_image"
BAD: dict[str, tuple[bytes, str]] = {
    "a page": (b"<html><img></html>", NO_IMAGE),
    "SVG": (b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', NO_IMAGE),
    "TIFF": (drawn("TIFF"), NO_IMAGE),
    "BMP": (drawn("BMP"), NO_IMAGE),
    "text": (b"hello", NO_IMAGE),
    "nothing": (b"", NO_IMAGE),
    "one pixel": (drawn(size=(1, 1)), "import_picture_small"),
    "too narrow": (drawn(size=(249, 900)), "import_picture_small"),
    "30000 squared": (huge(30_000, 30_000), "import_picture_large"),
    "cut off JPEG": (drawn("JPEG")[:-200], "import_picture_broken"),
}


def test_what_is_no_usable_picture_fails_its_row_alone_with_its_reason(desk):
    rows = [row(number, image=f"{name}.png") for number, name in enumerate(BAD)]
    files = [(f"{name}.png", content) for name, (content, _code) in BAD.items()]
    run = desk.bring(zip_of(("badge.csv", file_of(*rows, row("good"))), *files))
    said = [desk.said(run, line) for line in range(2, 2 + len(BAD))]
    assert said == [[("imageUrl", code)] for _content, code in BAD.values()]
    assert (run.failed, run.new) == (len(BAD), 1)


def test_a_gif_of_many_frames_is_its_first(desk):
    file, frames = io.BytesIO(), [Picture.new("P", (250, 250), one % 256) for one in range(300)]
    frames[0].save(file, "GIF", save_all=True, append_images=frames[1:])
    files = (("badge.csv", file_of(row(1, image="a.gif"))), ("a.gif", file.getvalue()))
    assert desk.bring(zip_of(*files)).new == 1


def test_a_link_a_folder_and_a_picture_of_100_mib_fail_their_rows(desk):
    names = ("link.png", "folder/", "huge.png")
    content = file_of(*(row(number, image=name) for number, name in enumerate(names)))
    zipped = written(
        (entry("badge.csv"), content),
        (entry("link.png", 0o120777), b"../../etc/passwd"),
        (entry("folder/", 0o040755), b""),
        (entry("huge.png"), b""),
    )
    where = zipped.rfind(b"PK\x01\x02")
    zipped = zipped[: where + 24] + struct.pack("<I", 100 << 20) + zipped[where + 28 :]
    run = desk.preview(zipped)
    codes = [desk.said(run, line)[0][1] for line in (2, 3, 4)]
    assert codes == ["import_picture_link", "import_picture_link", "import_picture_large"]


def test_the_same_zip_again_changes_nothing(desk):
    content = zip_of(("badge.csv", GOOD), ("images/my knot.png", drawn()))
    desk.bring(content)
    before = badge_of(1).own_image_id
    run = desk.bring(content)
    assert (run.unchanged, badge_of(1).own_image_id) == (1, before)


def test_another_picture_under_the_same_path_changes_the_badge(desk):
    desk.bring(zip_of(("badge.csv", GOOD), ("images/my knot.png", drawn())))
    before = badge_of(1).picture
    run = desk.bring(zip_of(("badge.csv", GOOD), ("images/my knot.png", drawn(colour=9))))
    old, new = desk.rows(run)[2].changes["imageUrl"]
    assert old.startswith("images/my knot.png (")
    assert (old != new, run.changed, badge_of(1).picture != before) == (True, 1, True)


def test_one_picture_of_many_badges_is_kept_once(desk):
    content = file_of(*(row(number, image="a.png") for number in range(3)))
    desk.bring(zip_of(("badge.csv", content), ("a.png", drawn())))
    assert len({image.key for image in db.session.scalars(db.select(Image))}) == 1


def test_a_run_goes_on_in_the_middle_of_a_zip(desk):
    content = file_of(*(row(number, image="a.png") for number in range(60)))
    run = desk.preview(zip_of(("badge.csv", content), ("a.png", drawn())))
    imports.start(actor=None, run=run, now=desk.now)
    while work_on(run.id, desk.means, utc_now(), Pace(rows=7, seconds=-1.0)):
        pass
    db.session.refresh(run)
    assert (run.state, run.new) == (ImportState.DONE, 60)


def test_a_zip_that_was_damaged_behind_its_preview_stops_the_run(desk):
    run = desk.preview(zip_of(("badge.csv", GOOD)))
    path = uploads.path_of(run, desk.means)
    path.write_bytes(path.read_bytes().replace(b"PK", b"QK"))
    desk.start(run)
    assert (run.state, run.reason["code"]) == (ImportState.STOPPED, "import_zip_broken")
