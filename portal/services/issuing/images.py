"""Fetching pictures in the background: guarded, decoded, re-encoded, served by us."""

from datetime import datetime, timedelta

from portal.extensions import db
from portal.fetching import FetchFailed, FetchRefused, fetch_image
from portal.messages import Message, say
from portal.models import Image, ImageState
from portal.pictures import BadPicture, as_square_png
from portal.services.issuing.calling import end_transaction
from portal.services.issuing.claims import claim_next, still_mine
from portal.services.means import Means

LEASE = timedelta(minutes=2)
MOST_TRIES = 5
WAIT = timedelta(minutes=5)
_BAD = {"too_small": "image_too_small", "too_many_pixels": "image_too_large"}


def fetch_next(means: Means, now: datetime) -> bool:
    """Fetch one picture that is due; say whether there was one."""
    states = (ImageState.WAITING, ImageState.FETCHING)
    taken = claim_next(Image, states=states, busy=ImageState.FETCHING, lease=LEASE, now=now)
    if taken is None:
        return False
    image_id, owner = taken
    image = db.session.get_one(Image, image_id, populate_existing=True)
    source, from_credly, tries = image.source, image.from_credly, image.tries
    end_transaction()
    trusted = means.credly_trusted_hosts if from_credly else frozenset()
    try:
        # A picture of Credly's is made square whatever its size: it is what people know it by.
        smallest = 1 if from_credly else 250
        png = as_square_png(fetch_image(source, trusted_hosts=trusted), smallest=smallest)
    except FetchFailed:
        _put_off(image_id, owner, tries, now)
    except FetchRefused:
        _give_up(image_id, owner, say("image_address_refused"))
    except BadPicture as bad:
        _give_up(image_id, owner, say(_BAD.get(bad.code, "image_not_an_image")))
    else:
        key = means.pictures.save(png)
        still_mine(
            Image, image_id, owner, state=ImageState.STORED, key=key, owner=None, reason=None
        )
        db.session.commit()
    return True


def _put_off(image_id: int, owner: str, tries: int, now: datetime) -> None:
    reason = say("image_not_reached").stored()
    state = ImageState.WAITING if tries < MOST_TRIES else ImageState.FAILED
    due = now + WAIT * 2 ** min(tries, 8)
    still_mine(Image, image_id, owner, state=state, due=due, owner=None, reason=reason)
    db.session.commit()


def _give_up(image_id: int, owner: str, why: Message) -> None:
    still_mine(Image, image_id, owner, state=ImageState.FAILED, owner=None, reason=why.stored())
    db.session.commit()
