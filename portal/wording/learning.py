"""The words of what is said about learning: objects, modules, skills, files."""

from flask_babel import lazy_gettext as _l

WORDS = {
    "title_missing": _l("Give it a title."),
    "address_not_usable": _l("This is not a web address. It begins with https://."),
    "course_empty": _l("The course is empty. Write a description or content, or give an address."),
    "not_published": _l("This is not open for enrolment."),
    "not_enrolled": _l("Enrol first."),
    "already_completed": _l("You have completed this already."),
    "others_decide": _l("You cannot mark this course yourself; its authors say when it is done."),
    "modules_open": _l("Some parts of this course are still open. Mark them as done first."),
    "renewal_not_yet": _l("There is nothing to renew yet."),
    "renewal_after_revocation": _l("The badge was revoked, so this cannot be renewed."),
    "undo_not_completed": _l("There is no completion to take back."),
    "undo_newer_first": _l("It was completed again since. Take the newer completion back first."),
    "badge_template_not_active": _l(
        "The template of this badge is not active at Credly, so nothing new can be attached to it."
        " Choose another badge, or have the template activated there and sync."
    ),
    "path_empty": _l("The path has no steps yet. Add courses or paths to it first."),
    "certification_empty": _l(
        "The certification asks for nothing yet. Add its courses, or make it an external one."
    ),
    # steps of paths, courses of certifications
    "section_empty": _l("Section %(number)s has no steps. Add one to it, or take the section out."),
    "section_needed_wrong": _l(
        "In section %(number)s, ask for at least 1 and at most %(steps)s steps, or for all."
    ),
    "needed_wrong": _l("Ask for at least 1 and at most %(steps)s courses, or for all."),
    "step_twice": _l("“%(title)s” stands there twice. Take one of them out."),
    "step_not_usable": _l("A path is made of courses and other paths. One of these is neither."),
    "step_not_published": _l("“%(title)s” is not published. Publish it first, or take it out."),
    "steps_too_many": _l("These are too many. Use at most %(most)s."),
    "course_not_usable": _l("A certification is made of courses. One of these is none."),
    "path_in_itself": _l("A path cannot be a step of itself. Take it out."),
    "path_circle": _l(
        "“%(title)s” has this path among its own steps, so the two would go round in a circle."
        " Take it out."
    ),
    "path_too_deep": _l(
        "“%(title)s” has other paths among its steps. A path within a path may hold courses only."
    ),
    "path_is_a_step": _l(
        "This path is a step of “%(title)s”. A path within a path may hold courses only, so it"
        " cannot have paths of its own."
    ),
    "external_has_courses": _l(
        "An external certification asks for proof from elsewhere, not for courses. Take its"
        " courses out first."
    ),
    "external_begun": _l(
        "People have begun it already, so this stays as it is. Make another certification instead."
    ),
    "validity_wrong": _l("Write a whole number of months from 1 to %(most)s."),
    "renewal_wrong": _l("Write a whole number of days from 0 to %(most)s."),
    # skills
    "skill_name_missing": _l("Give the skill a name."),
    "skill_name_taken": _l("There is a skill of this name already. Use another one."),
    "skill_without_levels": _l("A skill has at least one level. Write how many credits it needs."),
    "level_without_credits": _l(
        "A badge is chosen for this level. Write how many credits it needs, or choose no badge."
    ),
    "level_gap": _l("A higher level has credits. Write how many this one needs, too."),
    "credits_wrong": _l("Write a whole number of credits from 1 to %(most)s."),
    "skill_level_used": _l(
        "This level is used: courses or paths lead to it, or somebody has credits for it. It stays."
    ),
    "skill_not_retired": _l("Retire the skill first. Only a retired one can be deleted."),
    "skill_used": _l(
        "The skill is used: courses or paths lead to it, or somebody has credits for it. It cannot"
        " be deleted and stays retired."
    ),
    "skill_unknown": _l("Choose a skill."),
    "skill_retired": _l("This skill is retired. Choose another one."),
    "level_unknown": _l("The skill has no such level. Choose another one."),
    "level_twice": _l("This level of the skill stands there twice. Take one of the rows out."),
    # modules, and changes that others rely on
    "modules_too_many": _l("A course has at most %(most)s modules."),
    "modules_needed_wrong": _l(
        "The course has %(modules)s modules. Ask for at least 1 and at most that many."
    ),
    "modules_none_required": _l(
        "The course asks for chosen modules, so at least one has to be required."
    ),
    "address_missing": _l("Write the address. It begins with https://."),
    "content_missing": _l("Write what people read."),
    "for_started_missing": _l(
        "Say whether they keep what was required until now, or whether the change is for them, too."
        " It touches this many: %(learners)s."
    ),
    # owners
    "owner_unknown": _l("Nobody who may sign in has this e-mail address here."),
    "owner_no_author": _l(
        "%(name)s is not an author. An administrator gives the role on the person's page."
    ),
    "owner_already": _l("%(name)s is an owner already."),
    "last_owner": _l("This is the only owner. Add another one first."),
    # files that people send
    "file_missing": _l("Choose a file."),
    "file_empty": _l("This file is empty. Choose another one."),
    "file_too_large": _l("This file is too large. Use one of at most %(most)s MB."),
    "file_type_not_taken": _l("Use a PDF, PNG or JPEG file. What is in it counts, not its name."),
    "file_broken": _l("This file is damaged or incomplete. Save it anew and choose it again."),
    "file_infected": _l(
        "The malware scanner found something in this file, so it was not taken. Check the machine"
        " that it comes from, and ask an administrator."
    ),
    "file_not_checked": _l(
        "This file could not be checked for malware, so it was not taken. Try again later; if it"
        " happens again, tell an administrator."
    ),
}
