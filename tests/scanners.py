"""A little malware scanner, a real program, that does as it is told beforehand."""

import sys
from dataclasses import dataclass
from pathlib import Path

# The harmless text that every scanner knows, in pieces: this file is to pass one, too.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTI" + b"VIRUS-TEST-FILE!$H+H*"
_SHELL = """#!/bin/sh
cat > "$0.seen"
env > "$0.environment"
echo "these words are read by nobody"
case "$(cat "$0.mode" 2>/dev/null)" in
  broken) exit 2 ;;
  hangs) sleep 3600 & echo $! > "$0.began"; wait ;;
esac
! grep -qaF EICAR "$0.seen"
"""
# Clean only if the one who writes to the portal's database may be somebody else just now.
_WRITER = """#!{python} -I
import sqlite3
box = sqlite3.connect({database!r}, timeout=0, isolation_level=None)
box.execute("BEGIN IMMEDIATE")
box.execute("ROLLBACK")
"""


@dataclass(frozen=True)
class LittleScanner:
    """Where it is; what it was given last stands beside it."""

    path: Path

    def be(self, mode: str) -> None:
        """Be `well`, `broken` (ends with 2), or one that `hangs`."""
        self.path.with_name(f"{self.path.name}.mode").write_text(mode)

    def beside(self, ending: str) -> Path:
        """The file of the scanner's own with this ending."""
        return self.path.with_name(f"{self.path.name}.{ending}")

    @property
    def asked(self) -> bool:
        """Whether it was ever asked."""
        return self.beside("seen").exists()


def write(folder: Path) -> LittleScanner:
    """Write the program; it knows the EICAR text when it sees it."""
    return LittleScanner(_written(folder / "scan it", _SHELL))


def write_one_that_writes(folder: Path, database: Path) -> Path:
    """Write one that finds something whenever it could not write to the SQLite database."""
    return _written(
        folder / "writes", _WRITER.format(python=sys.executable, database=str(database))
    )


def _written(path: Path, text: str) -> Path:
    path.write_text(text)
    path.chmod(0o700)
    return path
