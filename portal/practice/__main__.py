"""`python -m portal.practice --port N --database PATH`: practice Credly on its own."""

import argparse
import sys
from pathlib import Path

from portal.practice.server import serve


def main() -> None:
    parser = argparse.ArgumentParser(prog="portal.practice", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--database", type=Path, required=True)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--parent-pid", type=int, help="end when this process ends")
    wishes = parser.parse_args()

    def ready(port: int) -> None:
        sys.stdout.write(f"Practice Credly listens on http://{wishes.host}:{port}\n")
        sys.stdout.flush()

    serve(
        wishes.database,
        host=wishes.host,
        port=wishes.port,
        ready=ready,
        parent_pid=wishes.parent_pid,
    )


if __name__ == "__main__":
    main()
