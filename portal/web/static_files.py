"""Addresses of static files: each changes with its file's content."""

import hashlib
import os
from functools import lru_cache
from pathlib import Path

from flask import current_app, request, url_for


@lru_cache(maxsize=256)
def _address(_root: str, folder: str, name: str, _changed: float) -> str:
    found = hashlib.sha256((Path(folder) / name).read_bytes()).hexdigest()[:12]
    return url_for("static", filename=name, v=found)


def static(name: str) -> str:
    """Return the address of a static file; it changes with the file's content."""
    folder = current_app.static_folder or ""
    changed = os.stat(f"{folder}/{name}").st_mtime  # for each of a dozen files a page
    return _address(request.script_root, folder, name, changed)
