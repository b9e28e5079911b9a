"""Counting what this process does, and writing figures as Prometheus reads them."""

import os
import secrets
import socket
import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

STEPS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)  # seconds
Labels = dict[str, str]
Sample = tuple[str, Labels, float]  # what follows the family's name, labels, value


@dataclass(frozen=True)
class Family:
    """Figures of one name: `kind` is counter, gauge or histogram."""

    name: str
    kind: str
    help: str
    samples: tuple[Sample, ...]


class Meter:
    """What one process counts. Threads may count at once."""

    def __init__(self) -> None:
        self.name = f"{socket.gethostname()[:60]}:{os.getpid()}:{secrets.token_hex(2)}"
        self.started_at = datetime.now(UTC)
        self._lock = threading.Lock()
        self._requests: Counter[tuple[str, str, int]] = Counter()
        self._steps: Counter[tuple[str, float]] = Counter()
        self._seconds: Counter[str] = Counter()
        self._answers: Counter[str] = Counter()
        self._tries: Counter[str] = Counter()

    def answered(self, *, endpoint: str, method: str, status: int, seconds: float) -> None:
        """Count one answer."""
        area = endpoint.split(".")[0]
        step = next((one for one in STEPS if seconds <= one), None)
        with self._lock:
            self._requests[endpoint, method, status] += 1
            self._seconds[area] += seconds
            self._answers[area] += 1
            if step is not None:
                self._steps[area, step] += 1

    def tried(self, outcome: str) -> None:
        """Count one try of a delivery by how it ended."""
        with self._lock:
            self._tries[outcome] += 1

    def tries(self) -> dict[str, int]:
        """Return how many tries of this process ended how."""
        with self._lock:
            return dict(self._tries)

    def families(self) -> list[Family]:
        """Return what this process has answered so far."""
        with self._lock:
            asked = tuple(
                ("", {"endpoint": endpoint, "method": method, "status": str(status)}, count)
                for (endpoint, method, status), count in sorted(self._requests.items())
            )
            lasted = tuple(self._histogram())
        return [
            Family("rosette_requests_total", "counter", "Requests that were answered.", asked),
            Family(
                "rosette_request_seconds",
                "histogram",
                "How long an answer took, by area.",
                lasted,
            ),
        ]

    def _histogram(self) -> Iterator[Sample]:
        for area in sorted(self._answers):
            below = 0
            for step in STEPS:
                below += self._steps[area, step]
                yield "_bucket", {"area": area, "le": f"{step:g}"}, below
            yield "_bucket", {"area": area, "le": "+Inf"}, self._answers[area]
            yield "_sum", {"area": area}, self._seconds[area]
            yield "_count", {"area": area}, self._answers[area]


def written(families: Iterable[Family]) -> str:
    """Write figures in Prometheus' text format, version 0.0.4."""
    lines = []
    for family in families:
        lines.append(f"# HELP {family.name} {family.help}")
        lines.append(f"# TYPE {family.name} {family.kind}")
        for after, labels, value in family.samples:
            lines.append(f"{family.name}{after}{_labels(labels)} {value:.10g}")
    return "\n".join(lines) + "\n"


def _labels(labels: Labels) -> str:
    if not labels:
        return ""
    pairs = (f'{name}="{_escaped(value)}"' for name, value in labels.items())
    return f"{{{','.join(pairs)}}}"


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
