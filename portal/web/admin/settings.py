"""Settings: what the portal is called, looks like and counts by."""

from dataclasses import dataclass

from flask import flash, redirect, render_template, url_for
from flask_babel import format_decimal
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.colours import ENOUGH, NIGHT, WHITE, bright, contrast, deep
from portal.errors import RuleBroken
from portal.models import Role
from portal.services.running import portal_settings
from portal.web.access import page
from portal.web.forms.settings import SettingsForm
from portal.web.means import means

bp = page("settings", Role.ADMIN)


@dataclass(frozen=True)
class Shade:
    """A colour as it is drawn in one theme, and how far it is from its ground, in words."""

    name: str
    colour: str
    contrast: str
    changed: bool


@bp.route("", methods=["GET", "POST"])
def index() -> str | Response:
    known = means().known
    form = SettingsForm.of(known.now, known.fixed)
    if form.validate_on_submit():
        try:
            portal_settings.change(**form.wanted(), means=means())
        except RuleBroken as broken:
            form.take(broken)
        else:
            flash(_("Saved."), "success")
            return redirect(url_for(".index"))
    return render_template(
        "admin/settings/index.html",
        form=form,
        known=known.now,
        fixed=known.fixed,
        shades=_shades(known.now.brand),
        enough=format_decimal(ENOUGH),
    )


def _shades(brand: str) -> tuple[Shade, Shade]:
    def shade(name: str, drawn: str, ground: str) -> Shade:
        far = format_decimal(round(contrast(drawn, ground), 1))
        return Shade(name, drawn, far, drawn != brand)

    return (
        shade("deep", deep(brand), WHITE),
        shade("bright", bright(brand), NIGHT),
    )
