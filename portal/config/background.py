"""The settings that say who does the background work, and where its messages go."""

from importlib.util import find_spec
from urllib.parse import SplitResult, urlsplit

from portal.config.reader import BadSetting, Reader

_FORM = "redis://[:PASSWORD@]HOST[:PORT][/NUMBER], or rediss:// with TLS"


def background(read: Reader) -> dict[str, str]:
    """Return `jobs`, who does the background work, and `redis_url`. Raises BadSetting."""
    way = _jobs(read)
    return {"jobs": way, "redis_url": _redis_url(read, way)}


def _jobs(read: Reader) -> str:
    way = read.choice("JOBS", "embedded", ("embedded", "worker", "celery"))
    if way == "celery" and find_spec("celery") is None:
        raise BadSetting("JOBS is 'celery', which needs what requirements-scale.txt installs.")
    return way


def _redis_url(read: Reader, way: str) -> str:
    # With its password, if it has one; Celery alone needs it.
    url = read.secret("REDIS_URL")
    if way != "celery":
        return url
    if not url:
        raise BadSetting(f"REDIS_URL is not set, and JOBS is 'celery': write {_FORM}.")
    if not _can_be_read(url):
        raise BadSetting(f"REDIS_URL cannot be read: write {_FORM}.")
    return url


def _can_be_read(url: str) -> bool:
    try:
        parts: SplitResult = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    number = parts.path.strip("/")
    plain = not (parts.query or parts.fragment) and (not number or number.isdecimal())
    return parts.scheme in {"redis", "rediss"} and bool(parts.hostname) and plain and port != 0
