"""Nothing is held about anybody that is not declared, exported and erased."""

import json
import zipfile
from io import BytesIO

import pytest
from sqlalchemy import String, Text, select, update

from portal.extensions import db
from portal.models import Person
from portal.services.privacy import data_export, erasure
from portal.services.privacy.data_map import HOLDINGS, NOTHING_PERSONAL, rows_of
from portal.services.privacy.holdings import table_of
from tests.factories import make_person
from tests.rows import audit_unlocked, fill

CANARY = "canary"
# Texts that are always words of ours.
OURS = {
    ("audit_entry", "action"),
    ("award", "not_sent_because"),
    ("mail", "kind"),
    ("trail_entry", "call"),
}
TABLES = sorted(table.name for table in db.metadata.sorted_tables)


@pytest.mark.parametrize("name", TABLES)
def test_every_table_is_declared(name):
    assert (name in HOLDINGS) != (name in NOTHING_PERSONAL)


def test_nothing_is_declared_that_is_not_there():
    assert not (set(HOLDINGS) | NOTHING_PERSONAL) - set(TABLES)


@pytest.mark.parametrize("name", sorted(HOLDINGS))
def test_every_column_is_declared(name):
    assert HOLDINGS[name].declared == set(table_of(name).columns.keys())


@pytest.mark.parametrize("name", sorted(NOTHING_PERSONAL))
def test_what_holds_nothing_personal_names_people_only_as_those_who_did_it(name):
    """A number of a person may stand there, but no column is called like something of theirs."""
    telling = {"email", "first_name", "last_name", "recipient_email", "learner_id", "badge_email"}
    assert not telling & set(table_of(name).columns.keys())


def texts_of(name: str) -> list[str]:
    """The columns of a table that hold words about somebody, by the declaration."""
    table, holding = table_of(name), HOLDINGS[name]
    wanted = (set(holding.shown) | set(holding.cleared)) - set(holding.kept)
    plain = (String, Text)
    return [
        column.name
        for column in table.columns
        if column.name in wanted and isinstance(column.type, plain) and _free(column)
        if (name, column.name) not in OURS
    ]


def _free(column) -> bool:
    keyed = column.primary_key or column.foreign_keys
    return not _is_word(column) and not keyed and (column.type.length or 99) >= 16


def _is_word(column) -> bool:
    """Whether it holds one of a few words of ours."""
    return bool(getattr(column.type, "enums", None))


@pytest.fixture
def full(app) -> Person:
    """Somebody about whom every table says something, with a canary in every free text."""
    with db.engine.begin() as connection:
        fill(connection)
        if connection.dialect.name == "postgresql":  # new rows get numbers behind these
            later = "SELECT setval(oid, 1000) FROM pg_class WHERE relkind = 'S'"
            connection.exec_driver_sql(later)
    with audit_unlocked(db.session.connection()):
        _write_over()
    db.session.commit()
    return db.session.get(Person, 1, populate_existing=True)


def _write_over() -> None:
    for table in db.metadata.sorted_tables:
        words = {one.name: one.type.enums[0] for one in table.columns if _is_word(one)}
        if words:
            db.session.execute(update(table).values(**words))
    for name in HOLDINGS:
        table, holding = table_of(name), HOLDINGS[name]
        values = {
            one: f"{CANARY}-{name}-{one}"[: table.c[one].type.length] for one in texts_of(name)
        }
        if name == "person":
            values |= {"email": f"{CANARY}@example.org", "active": True, "erased_at": None}
            values |= {"erasure_asked_at": None}
        mine = holding.mine(table, 1)
        if name == "import_row":
            values, mine = {"source_id": f"{CANARY}@example.org"}, table.c.import_run_id == 1
        if values:
            db.session.execute(update(table).where(mine).values(**values))


def test_somebody_is_in_every_table(full):
    """So that the tests below say something about each of them."""
    without = {name for name in HOLDINGS if HOLDINGS[name].shown and not rows_of(name, full.id)}
    assert not without


def test_the_copy_holds_every_word_about_somebody(app, full, now):
    data = data_export.of_person(person=full, actor=full, means=app.extensions["means"], now=now)
    with zipfile.ZipFile(BytesIO(data)) as folder:
        whole = json.loads(folder.read("data.json"))
        sheets = {name.removesuffix(".csv") for name in folder.namelist() if name.endswith(".csv")}
    for name, holding in HOLDINGS.items():
        shown = [one for one in texts_of(name) if one in holding.shown]
        shown = ["source_id"] if name == "import_row" else shown
        rows = whole["data"][name]
        assert all(any(CANARY in str(row[one]) for row in rows) for one in shown), name
        assert not shown or rows, name
        assert (name in sheets) == bool(rows), name


def test_nobody_elses_data_is_in_the_copy(app, full, now):
    other = make_person("Nobody Else", email="nobody.else@example.org")
    data = data_export.of_person(person=other, actor=other, means=app.extensions["means"], now=now)
    with zipfile.ZipFile(BytesIO(data)) as folder:
        assert all(CANARY.encode() not in folder.read(name) for name in folder.namelist())


def test_after_erasing_not_a_byte_is_left(app, full, ada, now):
    means = app.extensions["means"]
    for table in ("delivery", "issued_badge"):  # nothing is under way any more
        state = {"state": "done"} if table == "delivery" else {"state": "revoked"}
        db.session.execute(update(table_of(table)).values(**state))
    db.session.commit()
    erasure.ask_for(actor=ada, person=full, reason="by letter of today", now=now)
    erasure.erase(actor=ada, person=full, typed=full.email, revoke=False, means=means, now=now)
    for table in db.metadata.sorted_tables:
        for row in db.session.execute(select(table)):
            assert CANARY not in str(tuple(row)), table.name
    db.session.rollback()
    if db.engine.dialect.name == "sqlite":
        for path in means.uploads.parent.glob("portal.db*"):
            assert CANARY.encode() not in path.read_bytes(), path.name
