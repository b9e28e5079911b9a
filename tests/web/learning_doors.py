"""Who may open the pages about learning; test_doors.py tries them all."""

AUTHORS = {"admin", "author"}
EVERYBODY = {"admin", "integration_admin", "author", "learner"}

LEARNING = {
    "author.evidence.approve": AUTHORS,
    "author.evidence.file": AUTHORS,
    "author.evidence.index": AUTHORS,
    "author.evidence.reject": AUTHORS,
    "author.evidence.show": AUTHORS,
    "author.learners.enrol": AUTHORS,
    "author.learners.export": AUTHORS,
    "author.learners.index": AUTHORS,
    "author.learners.record": AUTHORS,
    "learner.certifications.renew": EVERYBODY,
    "learner.certifications.show": EVERYBODY,
    "author.undo.index": AUTHORS,
    "author.undo.revoke": AUTHORS,
    "author.undo.show": AUTHORS,
    "learner.courses.complete": EVERYBODY,
    "learner.courses.file": EVERYBODY,
    "learner.courses.mark_done": EVERYBODY,
    "learner.courses.show": EVERYBODY,
    "learner.courses.take_back_done": EVERYBODY,
    "learner.enrolments.enrol": EVERYBODY,
    "learner.enrolments.withdraw": EVERYBODY,
    "learner.evidence.file": EVERYBODY,
    "learner.evidence.new": EVERYBODY,
    "learner.learning_paths.show": EVERYBODY,
    "learner.skills.index": EVERYBODY,
}
