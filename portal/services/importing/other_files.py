"""The other files of a migration, so that one in the wrong place is called by its name."""

# File → some of its columns (migration-files.md 1.6) that together are found in no other file,
# written as `columns.key_of` makes them.
_SIGNS = {
    "badge.csv": "id badgename badgecreationdate",
    "people.csv": "email firstname lastname",
    "skill.csv": "id skillname skillcreationdate",
    "skill_level.csv": "skillid levelid maxcredits",
    "skill_course.csv": "courseid skillid levelid credits",
    "user_skill.csv": "userid skillid achieved",
    "module.csv": "id moduletype visibility title",
    "module_version.csv": "moduleid moduleversion datecreated duration",
    "course.csv": "id coursename coursecreationdate",
    "course_instance.csv": "instanceid datecreated completiondeadline name",
    "course_module.csv": "courseid moduleid coursemoduletype",
    "course_module_user_group.csv": "courseid moduleid usergroupid",
    "session.csv": "timezone starttime endtime",
    "content_folder.csv": "id name action parentexternalid",
    "catalog_label.csv": "entityid lotype customfieldname",
    "learning_program.csv": "id name state dateadded orderenforced",
    "learning_program_course.csv": "learningprogramid courseid dateadded",
    "learning_program_instance.csv": "learningprogramid name dateadded deadline",
    "learning_program_instance_course_instance.csv": (
        "learningprograminstanceid courseinstanceid dateadded"
    ),
    "certification.csv": "id certificatename certificationcreationdate",
    "certification_course.csv": "certificationid courseid order",
    "certification_commit.csv": "certificationid state",
    "job_aid.csv": "id jobaidname state",
    "job_aid_version.csv": "jobaidid jobaidversion contenttype",
    "job_aid_course.csv": "jobaidid courseid",
    "job_aid_skill.csv": "jobaidid skillid levelid",
    "enrollment.csv": "userid courseid dateenrolled",
    "learning_program_enrollment.csv": "userid learningprogramid dateenrolled",
    "certification_enrollment.csv": "userid certificationid dateenrolled",
    "job_aid_enrollment.csv": "userid jobaidid dateenrolled",
    "user_course_grade.csv": "userid courseid moduleid",
    "equivalence_relationships.csv": "sourceid sourcelotype targetid relationshipstatus",
    "equivalence_user_completion.csv": "userid sourceid targetid datecompleted",
}


def file_with(keys: set[str], awaited: set[str]) -> str | None:
    """Return the other file whose signs are all among the columns; the most telling one.

    Signs that all stand in the awaited file tell nothing: what lacks a column is still that file.
    """
    signs = {name: set(signs.split()) for name, signs in _SIGNS.items()}
    found = {name: len(each) for name, each in signs.items() if each <= keys and each - awaited}
    return max(found, key=lambda name: found[name]) if found else None
