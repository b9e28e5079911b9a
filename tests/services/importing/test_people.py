"""people.csv: who comes in, who is changed, and which rows would lock everybody out."""

import pytest

from portal.extensions import db
from portal.models import Delivery, DeliveryKind, Person, Role, SignInSession
from portal.services.importing import imports
from portal.services.importing.running import Pace, work_on
from portal.services.people import people, sessions
from tests.factories import earn, make_badge, make_credly_badge, make_person

SMALL = Pace(rows=1, seconds=60.0)  # a batch for every row
HEADER = "email,firstName,lastName,roles,locale"


def file_of(*rows: str, header: str = HEADER) -> bytes:
    return "\r\n".join([header, *rows, ""]).encode()


def person_of(email: str) -> Person | None:
    return db.session.scalar(db.select(Person).filter_by(email=email))


@pytest.fixture
def desk(desk, ada):
    """Ada hands in files of people."""
    ada.email = "ada@example.org"
    db.session.commit()
    desk.kind, desk.actor = "people", ada
    return desk


def said(desk, run, line: int = 2) -> set[tuple[str, str]]:
    return set(desk.said(run, line))


def test_new_people_come_in_without_a_password(desk):
    run = desk.bring(file_of("Lena@Example.org,Lena,Learner,,sv", "o@x.org,Otto,Author,author,"))
    assert (run.new, run.failed) == (2, 0)
    lena = person_of("lena@example.org")
    assert (lena.name, lena.locale, lena.roles) == ("Lena Learner", "sv", set())
    assert lena.password_hash is None
    assert lena.earner_id != person_of("o@x.org").earner_id
    assert person_of("o@x.org").roles == {Role.AUTHOR}
    assert people.list_for_admin("na learner", "").rows == [lena]


def test_those_who_are_there_are_changed_and_never_deleted(desk, otto, lena):
    row = f"{otto.email.upper()},Otto,Auteur,author|Integration admin,en"
    run = desk.preview(file_of(row))
    assert desk.rows(run)[2].changes == {
        "lastName": ["Author", "Auteur"],
        "roles": ["author", "author|integration_admin"],
        "locale": [None, "en"],
    }
    desk.start(run)
    db.session.refresh(otto)
    assert (otto.name, otto.roles) == ("Otto Auteur", {Role.AUTHOR, Role.INTEGRATION_ADMIN})
    assert people.list_for_admin("to auteur", "").rows == [otto], "the new name is found at once"
    assert person_of(lena.email)
    assert desk.bring(file_of(row)).unchanged == 1


def test_a_file_without_roles_and_languages_leaves_them(desk, otto):
    otto.locale = "sv"
    db.session.commit()
    header = "lastName,firstName,E-mail,EMAIL"
    run = desk.bring(file_of(f"Auteur,Otto,,{otto.email}", header=header))
    assert (run.changed, run.ignored) == (1, ["E-mail"])
    db.session.refresh(otto)
    assert (otto.last_name, otto.roles, otto.locale) == ("Auteur", {Role.AUTHOR}, "sv")


def test_other_roles_end_sessions_and_only_then(desk, otto, lena, now):
    for person in (otto, lena):
        sessions.start(person, "a test", now)
    desk.bring(file_of(f"{otto.email},Otto,Author,,", f"{lena.email},Lena,Lerner,,"))
    left = db.session.scalars(db.select(SignInSession.person_id)).all()
    assert left == [lena.id]


BAD = [
    (",A,B,,", ("email", "import_cell_missing")),
    ("a@b..c,A,B,,", ("email", "email_not_usable")),
    ("a b@c.de,A,B,,", ("email", "email_not_usable")),
    ("ü@exämple.de,A,B,,", ("email", "email_not_usable")),
    ('"a@x.org\nBcc:b@y.org",A,B,,', ("email", "email_not_usable")),
    (f"{'a' * 65}@x.org,A,B,,", ("email", "email_not_usable")),
    (f"a@{'b' * 63}.{'c' * 63}.{'d' * 63}.{'e' * 63}.org,A,B,,", ("email", "email_not_usable")),
    ("a0@x.org, ,B,,", ("firstName", "import_cell_missing")),
    ("a1@x.org,A,\u200b,,", ("lastName", "name_missing")),
    (f"a2@x.org,A,{'b' * 101},,", ("lastName", "import_cell_too_long")),
    ("a3@x.org,A,B,boss,", ("roles", "import_role")),
    ("a4@x.org,A,B,admin;author,", ("roles", "import_role")),
    ("a5@x.org,A,B,,xx", ("locale", "import_locale")),
    ("a6@x.org,A,B", ("", "import_row_cells")),
]


def test_bad_rows_stay_out_and_say_why(desk):
    run = desk.preview(file_of(*(row for row, _remark in BAD)))
    found = [desk.said(run, line) for line in sorted(desk.rows(run))]
    assert found == [[remark] for _row, remark in BAD]


def test_an_address_stands_once_whatever_its_case(desk):
    same, other = " A@X.org ,Ann,One,author|,", "a@x.ORG,Ann,Two,,"
    run = desk.bring(file_of("a@x.org,Ann,One,Author,", same, other))
    assert desk.outcomes(run) == {2: "new", 3: "unchanged", 4: "error"}
    assert said(desk, run, 4) == {("email", "import_id_twice")}
    assert person_of("a@x.org").name == "Ann One"


def test_nobody_takes_the_admin_role_from_themselves(desk, ada):
    make_person("Second Admin", roles={"admin"})
    run = desk.bring(file_of("ada@example.org,Ada,Admin,author,"))
    assert said(desk, run) == {("roles", "import_own_admin")}
    db.session.refresh(ada)
    assert ada.roles == {Role.ADMIN}


def test_the_last_admin_stays_one_however_the_file_is_cut(desk, ada):
    desk.actor = None  # the command line: no one is themselves
    second = make_person("Second Admin", roles={"admin"})
    off = make_person("Switched Off", roles={"admin"})
    people.deactivate(actor=ada, person=off)
    rows = [f"{one.email},A,B,author," for one in (off, second, ada)]
    run = desk.upload(file_of(*rows))
    while work_on(run.id, desk.means, desk.now, SMALL):
        db.session.refresh(run)
    assert desk.outcomes(run) == {2: "changed", 3: "changed", 4: "error"}
    assert said(desk, run, 4) == {("roles", "last_admin")}
    imports.start(actor=None, run=run, now=desk.now)
    while work_on(run.id, desk.means, desk.now, SMALL):
        db.session.refresh(run)
    db.session.expire_all()
    assert (ada.roles, second.roles) == ({Role.ADMIN}, {Role.AUTHOR})


def test_an_admin_of_the_file_may_take_the_place_of_another(desk, ada):
    desk.actor = None
    run = desk.upload(file_of("new@x.org,New,Admin,admin,", "ada@example.org,Ada,Admin,,"))
    while work_on(run.id, desk.means, desk.now, SMALL):
        db.session.refresh(run)
    assert desk.outcomes(run) == {2: "new", 3: "changed"}
    desk.start(run)
    db.session.expire_all()
    assert (ada.roles, person_of("new@x.org").roles) == (set(), {Role.ADMIN})


def test_who_was_switched_off_stays_so_with_a_note(desk, ada, lena):
    people.deactivate(actor=ada, person=lena)
    run = desk.bring(file_of(f"{lena.email},Lena,Lerner,,"))
    assert said(desk, run) == {("email", "import_person_off")}
    db.session.refresh(lena)
    assert (lena.active, lena.last_name) == (False, "Lerner")


def test_badges_at_credly_follow_another_name(desk, lena, app):
    earn(
        lena,
        make_credly_badge(app.extensions["means"]),
        state="accepted",
        first_name="Lena",
        last_name="Learner",
        recipient_email=lena.email,
    )
    earn(lena, make_badge("Here alone"))
    desk.bring(file_of(f"{lena.email},Lena,Lerner,,"))
    kinds = db.session.scalars(db.select(Delivery.kind).order_by(Delivery.id)).all()
    assert kinds == [DeliveryKind.ISSUE, DeliveryKind.REPLACE]
