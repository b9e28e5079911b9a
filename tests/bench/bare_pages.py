"""The yardstick for pages: Flask, Flask-Login, one SQLAlchemy select and one template of rows.

`python -m tests.bench.bare_pages FOLDER` makes its database, by Alembic. With a PORT behind it, it
lets Alembic look whether a newer shape is there, and serves with waitress, as the portal does.
DATABASE_URL leads to a PostgreSQL database instead of a file in the folder.
"""

import os
import sqlite3
import sys
from pathlib import Path

from flask import Flask, render_template
from flask_login import LoginManager, UserMixin, login_required, login_user
from flask_migrate import Migrate, init, migrate, upgrade
from flask_sqlalchemy import SQLAlchemy
from jinja2 import DictLoader
from sqlalchemy import event, select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Mapped, mapped_column
from waitress import serve

ROWS, AT_FIRST = 100, 20
db, login, changes = SQLAlchemy(), LoginManager(), Migrate()
PAGE = """<!doctype html><html lang="en"><head><title>Rows</title></head><body><h1>Rows</h1>
<table>{% for row in rows %}<tr><td><a href="/rows/{{ row.id }}">{{ row.name }}</a></td>
<td>{{ row.words }}</td></tr>{% endfor %}</table></body></html>"""


class Visitor(UserMixin, db.Model):
    """Who has signed in."""

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class Row(db.Model):
    """What is listed."""

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    words: Mapped[str]


@event.listens_for(Engine, "connect")
def _durable(connection, _record) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")


def bare_app(folder: Path, database: str = "") -> Flask:
    """Build the bare app on a database of its own."""
    app = Flask("bare")
    app.config["SECRET_KEY"] = "only for a yardstick"
    file = f"sqlite:///{(folder / 'bare.db').resolve()}"
    server = database.replace("postgresql://", "postgresql+psycopg://")
    app.config["SQLALCHEMY_DATABASE_URI"] = server or file
    app.jinja_loader = DictLoader({"rows.html": PAGE})
    db.init_app(app)
    login.init_app(app)
    changes.init_app(app, db, directory=str(folder / "changes"))
    login.user_loader(lambda number: db.session.get(Visitor, int(number)))
    app.add_url_rule("/enter", "enter", _enter)
    app.add_url_rule("/login", "login", lambda: _rows(AT_FIRST))  # for whoever comes in
    app.add_url_rule("/rows/<int:count>", "rows", login_required(_rows))
    app.add_url_rule("/insert", "insert", login_required(_insert), methods=["POST"])
    return app


def _enter() -> str:
    login_user(db.session.get_one(Visitor, 1))
    return "welcome"


def _rows(count: int) -> str:
    rows = db.session.scalars(select(Row).order_by(Row.id).limit(count)).all()
    return render_template("rows.html", rows=rows)


def _insert() -> str:
    db.session.add(Row(name="another", words="one more"))
    db.session.commit()
    return "inserted"


def make() -> None:
    """Make the database by one schema change, with somebody and some rows."""
    init()
    migrate()
    upgrade()
    db.session.add(Visitor(name="Lena"))
    db.session.add_all(Row(name=f"Row {n}", words=f"Words of {n}") for n in range(ROWS))
    db.session.commit()


def main(folder: Path, port: int | None) -> None:
    """Make the database, or start as a portal does that looks after its schema, and serve."""
    app = bare_app(folder, os.environ.get("DATABASE_URL", ""))
    with app.app_context():
        if port is None:
            make()
            return
        upgrade()
    serve(app, host="127.0.0.1", port=port, threads=8)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else None)
