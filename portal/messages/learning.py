"""What can be said about learning: objects, modules, skills, files."""

CODES: dict[str, tuple[str, ...]] = {
    "title_missing": (),
    "address_not_usable": (),
    "course_empty": (),
    "not_published": (),
    "not_enrolled": (),
    "already_completed": (),
    "others_decide": (),
    "modules_open": (),
    "renewal_not_yet": (),
    "renewal_after_revocation": (),
    # files that people send
    "file_missing": (),
    "file_empty": (),
    "file_too_large": ("most",),
    "file_type_not_taken": (),
    "file_broken": (),
}
