"""For how many days what is needed no more is kept."""

from collections.abc import Mapping

from portal.config.reader import Reader

LONGEST = 3650


def retention(read: Reader) -> Mapping[str, int]:
    """Return the days by what they are for; at least one each, at most ten years."""
    return {
        "uploads": read.whole("KEEP_UPLOADS_DAYS", "30", 1, LONGEST),
        "events": read.whole("KEEP_EVENTS_DAYS", "30", 1, LONGEST),
        "mails": read.whole("KEEP_MAILS_DAYS", "90", 1, LONGEST),
        "notifications": read.whole("KEEP_NOTIFICATIONS_DAYS", "180", 1, LONGEST),
        "networks": read.whole("KEEP_NETWORKS_DAYS", "365", 1, LONGEST),
        "api_answers": read.whole("KEEP_API_ANSWERS_DAYS", "7", 1, LONGEST),
        "links": read.whole("KEEP_LINKS_DAYS", "30", 1, LONGEST),
    }
