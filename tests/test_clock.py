"""The clock: months are counted where the portal is."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from portal.clock import count_in, months_later


@pytest.fixture
def stockholm():
    count_in(ZoneInfo("Europe/Stockholm"))
    yield
    count_in(UTC)


def test_months_are_counted_where_the_portal_is(stockholm):
    # Ten past midnight on 31 January in Stockholm is 30 January in UTC.
    late = datetime(2026, 1, 30, 23, 10, tzinfo=UTC)
    assert months_later(late, 1) == datetime(2026, 2, 27, 23, 10, tzinfo=UTC)
    # In summer the same local time is an hour earlier in UTC.
    assert months_later(late, 6) == datetime(2026, 7, 30, 22, 10, tzinfo=UTC)
    assert months_later(late, 13) == datetime(2027, 2, 27, 23, 10, tzinfo=UTC)
