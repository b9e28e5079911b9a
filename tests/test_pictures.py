"""Pictures from outside become our own square PNGs, or are refused with a reason."""

import stat
import struct
import subprocess
import sys
import zlib
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, PngImagePlugin

from portal.pictures import BadPicture, PictureStore, as_square_png


def drawn(kind="PNG", size=(300, 400), mode="RGB", **more):
    file = BytesIO()
    Image.new(mode, size, 120).save(file, kind, **more)
    return file.getvalue()


def opened(png):
    return Image.open(BytesIO(png))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF"])
def test_the_accepted_kinds_become_a_transparent_square(kind):
    square = opened(as_square_png(drawn(kind)))
    assert (square.format, square.size, square.mode) == ("PNG", (400, 400), "RGBA")
    assert square.getpixel((0, 0))[3] == 0
    assert square.getpixel((200, 200))[3] == 255


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_every_way_of_storing_colours_is_understood(mode):
    assert opened(as_square_png(drawn(mode=mode))).mode == "RGBA"


def test_a_picture_of_16_bits_keeps_its_shades():
    file = BytesIO()
    Image.new("I;16", (300, 300), 32768).save(file, "PNG")
    assert opened(as_square_png(file.getvalue())).getpixel((150, 150)) == (128, 128, 128, 255)


def test_a_printers_jpeg_is_understood():
    assert opened(as_square_png(drawn("JPEG", mode="CMYK"))).mode == "RGBA"


def test_a_large_picture_is_made_smaller_and_a_small_one_left():
    assert opened(as_square_png(drawn(size=(2000, 1000)))).size == (600, 600)
    assert opened(as_square_png(drawn(size=(250, 250)))).size == (250, 250)


def test_a_camera_held_sideways_is_put_right():
    exif = Image.Exif()
    exif[274] = 6
    file = BytesIO()
    half = Image.new("RGB", (300, 300), "black")
    half.paste("white", (0, 0, 150, 300))
    half.save(file, "JPEG", exif=exif)
    square = opened(as_square_png(file.getvalue()))
    assert square.getpixel((150, 10))[0] > 200
    assert square.getpixel((150, 290))[0] < 50


def test_what_hides_in_a_file_is_dropped():
    secret = PngImagePlugin.PngInfo()
    secret.add_text("Comment", "<script>secret</script>")
    data = drawn(pnginfo=secret) + b"PK\x03\x04 a zip behind it"
    cleaned = as_square_png(data)
    assert b"secret" not in cleaned
    assert b"PK" not in cleaned


def test_a_progressive_jpeg_of_a_usual_size_is_taken():
    assert opened(as_square_png(progressive(1000))).size == (600, 600)


def test_of_a_gif_only_the_first_frame_is_read():
    frames = [Image.new("P", (300, 300), number) for number in range(50)]
    file = BytesIO()
    frames[0].save(file, "GIF", save_all=True, append_images=frames[1:])
    assert getattr(opened(as_square_png(file.getvalue())), "n_frames", 1) == 1


def huge(width, height):
    def chunk(kind, body):
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b""))
        + chunk(b"IEND", b"")
    )


def progressive(side, **more):
    return drawn("JPEG", (side, side), progressive=True, quality=20, **more)


NEEDS = """
import re, sys
from pathlib import Path
from portal.pictures import as_square_png

def most():
    return int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])

before = most()
with open(sys.argv[1], "rb") as file:
    as_square_png(file)
print((most() - before) // 1024)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs Linux's /proc")
def test_the_largest_picture_is_never_in_memory_twice(tmp_path):
    (tmp_path / "large").write_bytes(drawn(size=(4096, 4096), mode="RGBA", compress_level=1))
    words = [sys.executable, "-c", NEEDS, str(tmp_path / "large")]
    needed = int(subprocess.run(words, capture_output=True, check=True).stdout)
    assert 60 < needed < 110, f"{needed} MiB; its pixels alone take 64"


BAD = {
    "nothing": (b"", "not_an_image"),
    "text": (b"hello", "not_an_image"),
    "a page": (b"<html><img></html>", "not_an_image"),
    "SVG": (b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', "not_an_image"),
    "TIFF": (drawn("TIFF"), "not_an_image"),
    "BMP": (drawn("BMP"), "not_an_image"),
    "WEBP": (drawn("WEBP"), "not_an_image"),
    "one pixel": (drawn(size=(1, 1)), "too_small"),
    "too narrow": (drawn(size=(249, 900)), "too_small"),
    "4097 by 4096": (huge(4097, 4096), "too_many_pixels"),
    "10,000 squared": (huge(10_000, 10_000), "too_many_pixels"),
    "4096 squared, progressive": (progressive(4096, subsampling=0), "too_many_pixels"),
    "30,000 squared": (huge(30_000, 30_000), "too_many_pixels"),
    "cut off JPEG": (drawn("JPEG")[:-200], "broken"),
    "cut off PNG": (drawn()[:120], "broken"),
    "PNG without content": (huge(300, 300), "broken"),
    "damaged PNG": (drawn()[:100] + bytes(50) + drawn()[150:], "broken"),
}


@pytest.mark.parametrize(("data", "code"), BAD.values(), ids=BAD)
def test_a_bad_picture_is_refused_with_its_reason(data, code):
    with pytest.raises(BadPicture) as bad:
        as_square_png(data)
    assert bad.value.code == code


@pytest.fixture
def store(tmp_path):
    return PictureStore(tmp_path / "images")


def test_the_same_picture_is_kept_once_and_for_us_alone(store, tmp_path):
    key = store.save(b"png")
    assert store.save(b"png") == key
    assert [one.name for one in (tmp_path / "images").iterdir()] == [f"{key}.png"]
    assert stat.S_IMODE(store.path(key).stat().st_mode) == 0o600
    assert store.path(key).read_bytes() == b"png"


def test_removing_a_picture_twice_is_fine(store):
    key = store.save(b"png")
    store.remove(key)
    store.remove(key)
    assert not store.path(key).exists()


@pytest.mark.parametrize("key", ["", "../x", "a" * 63, "A" * 64, "a" * 64 + "\n", "a" * 65])
def test_only_a_key_leads_to_a_file(store, key):
    with pytest.raises(ValueError, match="64"):
        store.path(key)


def test_a_jpeg_of_countless_empty_scans_is_refused_before_it_is_decoded():
    whole = drawn("JPEG", size=(300, 300), mode="L", progressive=True)
    scan = whole[whole.rindex(b"\xff\xda") : -2]
    assert as_square_png(whole[:-2] + 9 * scan + b"\xff\xd9")
    with pytest.raises(BadPicture, match="broken"):
        as_square_png(whole[:-2] + 600 * scan + b"\xff\xd9")


def in_several_scans(side):
    """A plain JPEG of three layers whose every scan brings one of them."""
    grey = drawn("JPEG", size=(side, side), mode="L")
    frame, scan = grey.index(b"\xff\xc0"), grey.index(b"\xff\xda")
    layers = b"".join(bytes((number, 0x11, 0)) for number in (1, 2, 3))
    head = b"\xff\xc0\x00\x11" + grey[frame + 4 : frame + 9] + b"\x03" + layers
    behind = grey[frame + 2 + int.from_bytes(grey[frame + 2 : frame + 4], "big") : scan]
    first = grey[scan:-2]
    scans = b"".join(first[:5] + bytes((number,)) + first[6:] for number in (1, 2, 3))
    return grey[:frame] + head + behind + scans + b"\xff\xd9"


def test_a_plain_jpeg_in_several_scans_may_not_hold_its_layers_in_memory():
    assert as_square_png(in_several_scans(300))
    with pytest.raises(BadPicture, match="too_many_pixels"):
        as_square_png(in_several_scans(4096))
