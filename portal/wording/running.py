"""The words about what to do next and about settings, for whoever runs the portal."""

from flask_babel import lazy_gettext as _l

WORDS = {
    "todo_no_engine": _l(
        "No engine is at work, so nothing reaches Credly. Start a worker (flask --app app worker),"
        " or start the portal with JOBS=embedded."
    ),
    "todo_no_celery": _l(
        "No worker has heard anything for a minute, so nothing reaches Credly. Look whether Redis"
        " runs (REDIS_URL), beat (flask --app app beat) and the workers (flask --app app worker)."
    ),
    "todo_queue_old": _l(
        "A delivery that could leave has waited for %(minutes)s minutes. Look at the log, or start"
        " more workers."
    ),
    "todo_connection_held": _l(
        "Credly refuses the connection %(connection)s. Open it to see why, and replace its token."
    ),
    "todo_token": _l(
        "The token of the connection %(connection)s expires in %(days)s days. Make a new one at"
        " Credly and replace it."
    ),
    "todo_token_expired": _l(
        "The token of the connection %(connection)s has expired. Make a new one at Credly and"
        " replace it."
    ),
    "todo_needs_person": _l(
        "Deliveries that do not go on by themselves: %(count)s. Read the reason of each, then retry"
        " or cancel."
    ),
    "todo_no_backup": _l(
        "There is no backup yet. Make one now with flask --app app backup FILE, and one every"
        " night."
    ),
    "todo_backup_old": _l(
        "The last backup is %(days)s days old. Make one with flask --app app backup FILE, and see"
        " why the nightly one did not run."
    ),
    "todo_disk_low": _l(
        "Only %(mib)s MiB are free where the portal keeps its data. Make room; a full disk stops"
        " everything."
    ),
    "todo_key_open": _l(
        "Others on this machine can read %(file)s in the instance folder. Take the right away with"
        " chmod 600."
    ),
    "todo_setting_unknown": _l(
        "settings.env says %(name)s, which is the name of no setting there, so the portal goes on"
        " without it. Compare it with docs/settings.md and start the portal again."
    ),
    "todo_plain_http": _l(
        "PUBLIC_URL is plain http, so passwords travel readable. Put the portal behind https."
    ),
    "todo_no_mail": _l(
        "No mail is sent. Set SMTP_HOST, or hand over invitations and new passwords as links."
    ),
    "todo_scanner_ended": _l(
        "The malware scanner does not work: it ended with %(ended)s, and what people hand in is"
        " refused. See what it says with flask --app app scan FILE, and mend it; the next file that"
        " it checks clears this."
    ),
    "todo_scanner_slow": _l(
        "The malware scanner did not answer within %(seconds)s seconds, and what people hand in is"
        " refused. Look whether it runs, with flask --app app scan FILE, or give it longer"
        " (SCAN_SECONDS); the next file that it checks clears this."
    ),
    "todo_scanner_not_started": _l(
        "The malware scanner could not be started, and what people hand in is refused. Install it"
        " again or set SCAN_COMMAND anew; the next file that it checks clears this."
    ),
    "portal_name_missing": _l("Give the portal a name."),
    "brand_not_a_colour": _l("Write the colour as # and six digits, such as #2b5fb4."),
    "time_zone_unknown": _l("Choose one of the time zones that are offered."),
    "logo_too_small": _l("Use a picture of at least 32 pixels in width and height."),
    "logo_too_large": _l("Use a file of at most %(mib)s MiB."),
    "logo_not_an_image": _l("This file is no PNG, JPEG or GIF picture. Choose another."),
    "logo_broken": _l("This picture cannot be read to its end. Save it anew and try again."),
}
