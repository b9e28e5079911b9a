"""What takes long to count, kept for a minute by each process."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")
FOR = timedelta(minutes=1)
MOST = 64


@dataclass
class Remembered(Generic[T]):
    """Answers by their questions, each with the moment it was found."""

    _kept: dict[Hashable, tuple[datetime, T]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def get(self, question: Hashable, find: Callable[[], T], now: datetime) -> tuple[datetime, T]:
        """Return when it was found and what: anew when that is more than a minute ago.

        Two who ask at once may both find it; nobody waits for another.
        """
        with self._lock:
            kept = self._kept.get(question)
        if kept is None or not now - FOR < kept[0] <= now:
            kept = now, find()
            with self._lock:
                self._kept.pop(question, None)
                self._kept[question] = kept
                while len(self._kept) > MOST:
                    del self._kept[next(iter(self._kept))]
        return kept
