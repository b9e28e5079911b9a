"""QR codes of addresses, drawn here: nobody else learns what is in them."""

from io import BytesIO

from portal.later import later

segno = later("segno")


def as_picture(text: str, scale: int = 5) -> str:
    """Return a data: address of the code, dark on white in both themes."""
    return _made(text).svg_data_uri(scale=scale, border=4, light="#fff")


def as_png(text: str) -> bytes:
    """Return the code as a picture that is large enough for a poster."""
    written = BytesIO()
    _made(text).save(written, kind="png", scale=20, border=4)
    return written.getvalue()


def _made(text: str) -> "segno.QRCode":
    return segno.make(text, micro=False, error="m")
