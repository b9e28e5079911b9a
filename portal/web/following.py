"""Saying what a changed name or address means for the badges at Credly."""

from flask import flash
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.services.issuing.operations import Followed


def say_what_follows(followed: Followed) -> None:
    """Tell what a changed name or address means for the badges at Credly."""
    asked = followed.renamed + followed.moved
    if asked:
        text = ngettext(
            "%(num)s badge at Credly follows the change.",
            "%(num)s badges at Credly follow the change.",
            asked,
        )
        flash(text, "info")
    if followed.staying:
        text = _(
            "Badges that were accepted stay at the earlier address. Their owner adds the new"
            " address to the Credly account."
        )
        flash(text, "info")
