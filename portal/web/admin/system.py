"""The state of the portal: what runs, what is set, what to do next."""

from dataclasses import replace

from flask import render_template, url_for
from flask_babel import format_decimal
from flask_babel import gettext as _

from portal.clock import utc_now
from portal.models import Role
from portal.services.running import system
from portal.services.running.installation import SettingLine
from portal.services.running.known import VARIABLES, Logo
from portal.web.access import page
from portal.web.admin.units import in_words
from portal.web.means import means

bp = page("system", Role.ADMIN)
UNITS = ("B", "KiB", "MiB", "GiB", "TiB")


@bp.get("")
def index() -> str:
    found = system.look(means(), utc_now())
    return render_template(
        "admin/system/index.html",
        system=found,
        todos=[(todo.message, _where(todo)) for todo in found.todos],
        settings=[_shown(line) for line in means().installation.settings],
        in_words=in_words,
        jobs=means().installation.jobs,
        by_mail=means().mail_is_set_up,
        folder=means().installation.folder,
    )


def _where(todo: system.Todo) -> tuple[str, str] | None:
    """Return address and label of the page where this can be done."""
    if todo.about is not None:
        return url_for("admin.credly.show", connection_id=todo.about), _("Open the connection")
    if todo.message.code == "todo_needs_person":
        address = url_for("admin.deliveries.index", state="needs_person")
        return address, _("See the deliveries")
    if todo.message.code == "todo_queue_old":
        return url_for("admin.deliveries.index", state="open"), _("See the open deliveries")
    return None


def _shown(line: SettingLine) -> tuple[SettingLine, str]:
    """Return a setting as it is in force, and in words who set it."""
    known = means().known
    for field, name in VARIABLES.items():
        if name == line.name and known.is_saved(field):
            value = getattr(known.now, field)
            said = value.screen[:12] if isinstance(value, Logo) else str(value)
            return replace(line, value=said, is_set=True), _("the page Settings")
    return line, _source(line.source)


def _source(name: str) -> str:
    return {
        "environment": _("environment"),
        "file": _("settings.env"),
        "secret_file": _("a file that a setting names"),
        "made": _("key file in the instance folder"),
        "default": _("default"),
    }[name]


@bp.app_template_filter("bytes_said")
def bytes_said(size: float) -> str:
    """Write a number of bytes in the unit that reads best."""
    unit = 0
    while size >= 1024 and unit < len(UNITS) - 1:
        size, unit = size / 1024, unit + 1
    return f"{format_decimal(round(size, 1 if unit else 0))} {UNITS[unit]}"
