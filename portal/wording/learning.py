"""The words of what is said about learning: objects, modules, skills, files."""

from flask_babel import lazy_gettext as _l

WORDS = {
    "title_missing": _l("A course needs a title."),
    "address_not_usable": _l("This is not a web address. It begins with https://."),
    "course_empty": _l("The course is empty. Write a description or content, or give an address."),
    "not_published": _l("This is not open for enrolment."),
    "not_enrolled": _l("Enrol first."),
    "already_completed": _l("You have completed this already."),
    "others_decide": _l("You cannot mark this course yourself; its authors say when it is done."),
    "modules_open": _l("Some parts of this course are still open. Mark them as done first."),
    "renewal_not_yet": _l("There is nothing to renew yet."),
    "renewal_after_revocation": _l("The badge was revoked, so this cannot be renewed."),
    # files that people send
    "file_missing": _l("Choose a file."),
    "file_empty": _l("This file is empty. Choose another one."),
    "file_too_large": _l("This file is too large. Use one of at most %(most)s MB."),
    "file_type_not_taken": _l("Use a PDF, PNG or JPEG file. What is in it counts, not its name."),
    "file_broken": _l("This file is damaged or incomplete. Save it anew and choose it again."),
}
