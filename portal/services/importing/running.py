"""Being written."""

from datetime import datetime

from portal.services.means import Means


def run_next(means: Means, now: datetime) -> bool:
    return False
