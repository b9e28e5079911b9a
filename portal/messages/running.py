"""What whoever runs the portal should do next, and what its settings cannot be."""

CODES: dict[str, tuple[str, ...]] = {
    "todo_no_engine": (),
    "todo_queue_old": ("minutes",),
    "todo_connection_held": ("connection",),
    "todo_token": ("connection", "days"),
    "todo_token_expired": ("connection",),
    "todo_needs_person": ("count",),
    "todo_no_backup": (),
    "todo_backup_old": ("days",),
    "todo_disk_low": ("mib",),
    "todo_key_open": ("file",),
    "todo_setting_unknown": ("name",),
    "todo_plain_http": (),
    "todo_no_mail": (),
    "portal_name_missing": (),
    "brand_not_a_colour": (),
    "time_zone_unknown": (),
    "logo_too_small": (),
    "logo_too_large": ("mib",),
    "logo_broken": (),
    "logo_not_an_image": (),
}
