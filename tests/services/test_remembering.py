"""What takes long to count is kept for a minute, and not longer."""

from datetime import timedelta

from portal.services.remembering import MOST, Remembered


def test_it_is_found_anew_after_a_minute(now):
    kept, found = Remembered(), iter(range(9))
    assert kept.get("how many", lambda: next(found), now) == (now, 0)
    soon, later = now + timedelta(seconds=59), now + timedelta(seconds=60)
    assert kept.get("how many", lambda: next(found), soon) == (now, 0)
    assert kept.get("how many", lambda: next(found), later) == (later, 1)
    assert kept.get("how many", lambda: next(found), now) == (now, 2), "the clock was set back"
    assert kept.get("something else", lambda: next(found), now) == (now, 3)


def test_it_never_holds_more_than_a_few(now):
    kept = Remembered()
    for question in range(3 * MOST):
        kept.get(question, lambda: "an answer", now)
    assert len(kept._kept) == MOST
