"""Who may open what: every page is listed, and every role is tried at every door."""

import pytest

from tests.web.account_doors import ACCOUNT, MACHINES
from tests.web.file_doors import ADMIN, BOTH, FILES
from tests.web.learning_doors import AUTHORS, EVERYBODY, LEARNING
from tests.web.sweeping import HTTPS, STRANGER, address_of, check_manners, is_whole_page, knocks

# Pages that need no sign-in.
OPEN = {
    *MACHINES,
    "auth.forgotten.choose",
    "auth.forgotten.index",
    "auth.invitation.index",
    "auth.second_step.index",
    "auth.setup.index",
    "auth.sign_in.index",
    "auth.single_sign_on.answer",
    "auth.single_sign_on.begin",
    "auth.sign_out.index",
    "health.figures",
    "health.show",
    "hooks.credly",
    "public.badges.card",
    "public.badges.show",
    "public.front.brand_css",
    "public.front.favicon",
    "public.front.index",
    "public.front.manifest",
    "public.pictures.show",
    "public.security_contact.show",
    "public.stop_mails.index",
    "static",
}
DOORS = (
    LEARNING
    | FILES
    | ACCOUNT
    | {
        "admin.acceptance.index": ADMIN,
        "admin.acceptance.numbers": ADMIN,
        "admin.acceptance.pending": ADMIN,
        "admin.acceptance.pending_file": ADMIN,
        "admin.acceptance.table": ADMIN,
        "admin.accounts.confirm_address": ADMIN,
        "admin.accounts.confirm_name": ADMIN,
        "admin.accounts.refuse_address": ADMIN,
        "admin.accounts.reset_factor": ADMIN,
        "admin.awards.index": ADMIN,
        "admin.awards.revoke": ADMIN,
        "admin.awards.show": ADMIN,
        "admin.badge_people.index": ADMIN,
        "admin.badges.edit": BOTH,
        "admin.badges.index": BOTH,
        "admin.badges.new": BOTH,
        "admin.badges.show": BOTH,
        "admin.badges.sync": BOTH,
        "admin.books.acknowledge": BOTH,
        "admin.books.adopt": BOTH,
        "admin.books.balance": BOTH,
        "admin.books.index": BOTH,
        "admin.books.send": BOTH,
        "admin.books.take_over": BOTH,
        "admin.connectors.getting_started": BOTH,
        "admin.connectors.index": BOTH,
        "admin.credly.add": BOTH,
        "admin.credly.delete": BOTH,
        "admin.credly.edit": BOTH,
        "admin.credly.events": BOTH,
        "admin.credly.index": BOTH,
        "admin.credly.new": BOTH,
        "admin.credly.pause": BOTH,
        "admin.credly.pick": BOTH,
        "admin.credly.resume": BOTH,
        "admin.credly.run": BOTH,
        "admin.credly.show": BOTH,
        "admin.credly.sync": BOTH,
        "admin.credly.test": BOTH,
        "admin.credly.token": BOTH,
        "admin.credly.webhook": BOTH,
        "admin.dashboard.numbers": BOTH,
        "admin.dashboard.index": BOTH,
        "admin.deliveries.cancel": BOTH,
        "admin.deliveries.cancel_all": BOTH,
        "admin.deliveries.index": BOTH,
        "admin.deliveries.retry_all": BOTH,
        "admin.deliveries.retry": BOTH,
        "admin.deliveries.show": BOTH,
        "admin.groups.add": ADMIN,
        "admin.groups.delete": ADMIN,
        "admin.groups.edit": ADMIN,
        "admin.groups.index": ADMIN,
        "admin.groups.new": ADMIN,
        "admin.groups.remove": ADMIN,
        "admin.groups.show": ADMIN,
        "admin.audit.export": ADMIN,
        "admin.audit.index": ADMIN,
        "admin.erasures.ask": ADMIN,
        "admin.erasures.confirm": ADMIN,
        "admin.erasures.take_back": ADMIN,
        "admin.mails.index": ADMIN,
        "admin.people.activate": ADMIN,
        "admin.people.confirm_deactivate": ADMIN,
        "admin.people.deactivate": ADMIN,
        "admin.people.end_sessions": ADMIN,
        "admin.people.index": ADMIN,
        "admin.people.invite": ADMIN,
        "admin.people.new": ADMIN,
        "admin.people.show": ADMIN,
        "admin.reports.index": ADMIN,
        "admin.reports.rows": ADMIN,
        "admin.reports.show": ADMIN,
        "admin.reports.transcript": ADMIN,
        "admin.reports.transcript_csv": ADMIN,
        "admin.reports.transcript_pdf": ADMIN,
        "admin.skills.activate": ADMIN,
        "admin.skills.delete": ADMIN,
        "admin.skills.edit": ADMIN,
        "admin.skills.index": ADMIN,
        "admin.skills.new": ADMIN,
        "admin.skills.retire": ADMIN,
        "admin.skills.show": ADMIN,
        "admin.settings.index": ADMIN,
        "admin.system.index": ADMIN,
        "author.certifications.courses": AUTHORS,
        "author.certifications.edit": AUTHORS,
        "author.certifications.new": AUTHORS,
        "author.courses.edit": AUTHORS,
        "author.courses.new": AUTHORS,
        "author.courses.skills": AUTHORS,
        "author.home.index": AUTHORS,
        "author.learning_paths.edit": AUTHORS,
        "author.learning_paths.new": AUTHORS,
        "author.learning_paths.skills": AUTHORS,
        "author.learning_paths.steps": AUTHORS,
        "author.modules.edit": AUTHORS,
        "author.modules.file": AUTHORS,
        "author.modules.index": AUTHORS,
        "author.modules.move": AUTHORS,
        "author.modules.new": AUTHORS,
        "author.modules.remove": AUTHORS,
        "author.objects.badge": AUTHORS,
        "author.objects.owners_of": AUTHORS,
        "author.objects.publish": AUTHORS,
        "author.objects.remove_owner": AUTHORS,
        "author.objects.retire": AUTHORS,
        "author.objects.show": AUTHORS,
        "help.index": EVERYBODY,
        "learner.badges.check": EVERYBODY,
        "learner.badges.index": EVERYBODY,
        "learner.badges.show": EVERYBODY,
        "learner.catalogue.index": EVERYBODY,
        "learner.home.index": EVERYBODY,
        "learner.notifications.index": EVERYBODY,
        "learner.notifications.mails": EVERYBODY,
        "learner.notifications.open_it": EVERYBODY,
        "learner.notifications.read_all": EVERYBODY,
        "learner.privacy.download": EVERYBODY,
        "learner.privacy.index": EVERYBODY,
        "learner.privacy.opt_in": EVERYBODY,
        "learner.privacy.opt_out": EVERYBODY,
        "learner.public_page.card": EVERYBODY,
        "learner.public_page.let_be_found": EVERYBODY,
        "learner.public_page.qr_code": EVERYBODY,
        "learner.public_page.show": EVERYBODY,
        "learner.public_page.turn_off": EVERYBODY,
        "learner.public_page.turn_on": EVERYBODY,
    }
)


def test_every_page_is_listed(app):
    assert set(app.view_functions) == OPEN | set(DOORS)


@pytest.mark.parametrize("settings", [HTTPS])
@pytest.mark.parametrize("who", [*sorted(EVERYBODY), STRANGER])
def test_doors(app, world, who):
    """Every rule and method as every role: who comes in, and the headers whatever the answer is."""
    world.complete()
    world.work()
    for rule, answer, where in knocks(app, who):
        check_manners(answer, where, https=True, endpoint=rule.endpoint)
        # Nobody does the background work here, and the health page says so.
        assert answer.status_code < 500 or rule.endpoint == "health.show", where
        if rule.endpoint in MACHINES:  # whoever has signed in here is nobody there
            assert answer.status_code == 401, where
        if rule.endpoint in DOORS:
            led_away = answer.headers.get("Location") == "/login"
            assert led_away == (who == STRANGER), where
            if is_whole_page(answer):
                assert 'action="/logout"' in answer.get_data(as_text=True), where
            shut = answer.status_code == 403
            assert shut == (who != STRANGER and who not in DOORS[rule.endpoint]), where


def test_no_form_is_taken_without_its_token(app, browser, ada):
    browser.sign_in(ada)
    for rule in app.url_map.iter_rules():
        if "POST" in rule.methods and rule.endpoint != "hooks.credly":
            answer = browser.client.post(address_of(rule))
            wanted = 401 if rule.endpoint in MACHINES else 400
            assert answer.status_code == wanted, rule.endpoint


def test_what_another_site_sends_is_refused(app, browser, ada):
    browser.sign_in(ada)
    token = {"csrf_token": browser.token_of("/learner/profile")}
    for said in (
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "nonsense"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ):
        answer = browser.client.post("/logout", headers=said, data=token)
        assert answer.status_code == 403, said
    answer = browser.client.post("/logout", headers={"Sec-Fetch-Site": "same-origin"}, data=token)
    assert answer.status_code == 302


def test_reading_a_page_changes_nothing(app, world, browser, ada):
    """GET every page as the admin; no table has another row count or content afterwards."""
    world.complete()
    world.work()
    from_before = dump(app)
    browser.sign_in(ada)
    sessions = dump(app)
    for rule in app.url_map.iter_rules():
        if "GET" in rule.methods and rule.endpoint != "static":
            browser.client.get(address_of(rule)).close()
    assert dump(app) == sessions
    assert from_before != sessions, "the sign-in itself is a row, so the dump does see changes"


def dump(app) -> dict[str, list]:
    """Return every row of every table."""
    from_db = app.extensions["sqlalchemy"]
    from_db.session.rollback()
    return {
        table.name: sorted(map(str, from_db.session.execute(from_db.select(table))))
        for table in from_db.metadata.sorted_tables
    }
