"""What an installation is made of: its folder, its settings as they may be shown."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class SettingLine:
    """A setting as staff may see it. `value` is None for a secret; `is_set` says whether it is set.

    `source` is environment, file (settings.env), secret_file (NAME_FILE), made (a key file in the
    instance folder) or default.
    """

    name: str
    source: str
    value: str | None
    is_set: bool


@dataclass(frozen=True)
class Installation:
    """Where this portal lives and how it was set up.

    `unknown` are the names in settings.env that are those of no setting.
    """

    folder: Path
    settings: tuple[SettingLine, ...]
    unknown: tuple[str, ...]
    jobs: str
    is_plain_http: bool
    is_local: bool
