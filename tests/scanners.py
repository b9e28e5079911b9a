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
  waits) while [ "$(cat "$0.mode")" = waits ]; do sleep 0.05; done ;;
  hangs) sleep 3600 & echo $! > "$0.began"; wait ;;
esac
! grep -qaF EICAR "$0.seen"
"""
# Clean only if the one who writes to the portal's database may be somebody else just now.
_SQLITE = """#!{python} -I
import sqlite3
box = sqlite3.connect({where!r}, timeout=0, isolation_level=None)
box.execute("BEGIN IMMEDIATE")
box.execute("ROLLBACK")
"""
# Clean only if nobody keeps a transaction open there without doing anything in it.
_POSTGRESQL = """#!{python} -I
import psycopg
idle = "datname = current_database() AND state LIKE 'idle in transaction%'"
with psycopg.connect({where!r}) as there:
    there.execute("SELECT 1 / (count(*) = 0)::int FROM pg_stat_activity WHERE " + idle)
"""


@dataclass(frozen=True)
class LittleScanner:
    """Where it is; what it was given last stands beside it."""

    path: Path

    def be(self, mode: str) -> None:
        """Be `well`, `broken` (ends with 2), one that `hangs`, or `waits` until it is well."""
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


def write_one_that_writes(folder: Path, postgresql: str | None) -> Path:
    """Write one that ends badly while a page holds up who writes to the portal's database.

    That is the one at this address, or the SQLite database in the folder.
    """
    where, text = postgresql or str(folder / "portal.db"), _POSTGRESQL if postgresql else _SQLITE
    return _written(folder / "writes", text.format(python=sys.executable, where=where))


def _written(path: Path, text: str) -> Path:
    path.write_text(text)
    path.chmod(0o700)
    return path
