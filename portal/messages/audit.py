"""What can stand in the audit: each action, and the group it is found under."""

# Group → its actions, in the order of the page's filter.
ACTIONS: dict[str, tuple[str, ...]] = {
    "sign_in": (
        *("sign_in.in", "sign_in.out", "sign_in.failed", "sign_in.code_failed"),
        *("sign_in.refused_by_service", "sign_in.sessions_ended"),
    ),
    "person": (
        *("person.add", "person.change", "person.roles", "person.roles_by_sso"),
        *("person.activate", "person.deactivate", "person.invite", "person.invitation_accepted"),
        *("person.password", "person.password_link", "person.password_by_link"),
        *("person.sign_in_email", "person.badge_email", "person.address_refused"),
        *("person.name", "person.factor_on", "person.factor_off", "person.factor_codes"),
        *("person.name_confirmed", "person.sso_linked"),
    ),
    "token": ("token.create", "token.revoke", "token.refused"),
    "privacy": (
        *("person.export", "person.opt_out", "person.opt_in", "person.erasure_asked"),
        *("person.erasure_taken_back", "person.erase", "public_page.on", "public_page.off"),
    ),
    "group": ("group.create", "group.rename", "group.add", "group.remove", "group.delete"),
    "connection": (
        *("connection.create", "connection.edit", "connection.token", "connection.pause"),
        *("connection.resume", "connection.held", "connection.working", "connection.webhook"),
        "connection.delete",
    ),
    "badge": ("badge.add", "badge.change", "badge.sync"),
    "import": (
        *("import.upload", "import.start", "import.go_on", "import.cancel"),
        *("catalogue.upload", "catalogue.start", "catalogue.cancel"),
    ),
    "award": ("award.earn", "award.cancel", "award.revoke"),
    "delivery": (
        *("delivery.retry", "delivery.cancel", "delivery.send_now"),
        *("books.balance", "books.send", "books.adopt", "books.take_over", "books.acknowledge"),
    ),
    "learning": (
        *("learning_object.create", "learning_object.edit", "learning_object.published"),
        *("learning_object.retired", "learning_object.badge", "learning_object.requirements"),
        *("learning_object.owner_added", "learning_object.owner_removed", "requirements.skipped"),
        *("course.credits", "course.criteria", "learning_path.levels", "learning_path.steps"),
        *("certification.courses", "module.create", "module.edit", "module.move"),
        *("module.remove", "module.restore"),
        *("skill.create", "skill.change", "skill.active", "skill.retired", "skill.delete"),
    ),
    "enrolment": (
        *("enrolment.add", "enrolment.record", "enrolment.undo"),
        *("evidence.approve", "evidence.reject"),
        *("earlier.start", "earlier.pause", "earlier.resume", "earlier.undo"),
    ),
    "export": (
        *("export.people", "export.catalogue", "export.learners", "export.pending"),
        *("export.badges", "export.error_records", "export.earlier"),
        *("export.report", "export.transcript", "export.audit", "export.backup"),
    ),
    "portal": (
        *("settings.name", "settings.brand", "settings.time_zone", "settings.logo"),
        *("portal.restore", "file.refused"),
    ),
}
CODES: dict[str, tuple[str, ...]] = {
    f"audit_{action.replace('.', '_')}": () for group in ACTIONS.values() for action in group
}


def code_of(action: str) -> str:
    """Return the message code of an action; raise KeyError for one that is not listed."""
    code = f"audit_{action.replace('.', '_')}"
    if code not in CODES:
        raise KeyError(action)
    return code
