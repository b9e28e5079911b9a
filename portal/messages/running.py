"""What whoever runs the portal should do next."""

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
    "todo_plain_http": (),
    "todo_no_mail": (),
}
