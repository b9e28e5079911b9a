"""Who may open the pages about one's own account and tokens; test_doors.py tries them all.

Other systems have their own doors: a token and no session, see tests/web/api/.
"""

from tests.web.learning_doors import ADMIN, AUTHORS, EVERYBODY

ACCOUNT = {
    "admin.api_tokens.index": ADMIN,
    "admin.api_tokens.revoke": ADMIN,
    "learner.addresses.again": EVERYBODY,
    "learner.addresses.badges": EVERYBODY,
    "learner.addresses.code": EVERYBODY,
    "learner.addresses.drop": EVERYBODY,
    "learner.addresses.sign_in": EVERYBODY,
    "learner.profile.end_sessions": EVERYBODY,
    "learner.profile.index": EVERYBODY,
    "learner.profile.name": EVERYBODY,
    "learner.profile.password": EVERYBODY,
    "learner.second_factor.codes": EVERYBODY,
    "learner.second_factor.index": EVERYBODY,
    "learner.second_factor.set_up": EVERYBODY,
    "learner.second_factor.switch_off": EVERYBODY,
    "learner.api_tokens.index": AUTHORS,
    "learner.api_tokens.new": AUTHORS,
    "learner.api_tokens.revoke": AUTHORS,
}

MACHINES = {
    "api.awards.index",
    "api.awards.show",
    "api.completions.add",
    "api.document.show",
    "api.objects.index",
    "api.objects.show",
    "api.people.index",
    "api.people.show",
}
