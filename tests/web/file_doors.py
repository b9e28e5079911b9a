"""Who may open the pages where files come in and go out; test_doors.py tries them all."""

from tests.web.learning_doors import EVERYBODY

BOTH = {"admin", "integration_admin"}
ADMIN = {"admin"}

FILES = {
    "admin.badge_import.index": BOTH,
    "admin.badges.export": BOTH,
    "admin.badges.export_csv": BOTH,
    "admin.badges.export_zip": BOTH,
    "admin.catalogues.cancel": ADMIN,
    "admin.catalogues.export": ADMIN,
    "admin.catalogues.index": ADMIN,
    "admin.catalogues.sample": ADMIN,
    "admin.catalogues.show": ADMIN,
    "admin.catalogues.start": ADMIN,
    "admin.imports.cancel": BOTH,
    "admin.imports.errors": BOTH,
    "admin.imports.go_on": BOTH,
    "admin.imports.index": BOTH,
    "admin.imports.rows": BOTH,
    "admin.imports.show": BOTH,
    "admin.imports.start": BOTH,
    "admin.people.export": ADMIN,
    "admin.people_import.index": ADMIN,
    "admin.people_import.invite": ADMIN,
    "admin.samples.download": BOTH,
    "admin.samples.index": BOTH,
    "learner.proofs.certificate": EVERYBODY,
    "learner.proofs.everything": EVERYBODY,
    "learner.proofs.picture": EVERYBODY,
    "learner.proofs.record": EVERYBODY,
    "learner.transcript.as_csv": EVERYBODY,
    "learner.transcript.as_pdf": EVERYBODY,
    "learner.transcript.index": EVERYBODY,
}
