"""The yardstick for pages: Flask, Flask-Login, one SQLAlchemy select and one template of rows.

`python -m tests.bench.bare_pages FOLDER PORT` serves it with waitress, as the portal is served.
"""

import sys
from pathlib import Path

from flask import Flask, render_template
from flask_login import LoginManager, UserMixin, login_required, login_user
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from jinja2 import DictLoader
from sqlalchemy import event, select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Mapped, mapped_column
from waitress import serve

ROWS = 100
db, login, migrate = SQLAlchemy(), LoginManager(), Migrate()
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
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")


def bare_app(folder: Path) -> Flask:
    """Build the bare app on a database of its own."""
    app = Flask("bare")
    app.config["SECRET_KEY"] = "only for a yardstick"
    app.config["SQLALCHEMY_DATABASE_URI"] = f"sqlite:///{(folder / 'bare.db').resolve()}"
    app.jinja_loader = DictLoader({"rows.html": PAGE})
    db.init_app(app)
    login.init_app(app)
    migrate.init_app(app, db, directory=str(folder / "changes"))
    login.user_loader(lambda number: db.session.get(Visitor, int(number)))
    app.add_url_rule("/enter", "enter", _enter)
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


def make(folder: Path) -> None:
    """Make the database, with somebody and some rows."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "changes").mkdir()
    app = bare_app(folder)
    with app.app_context():
        db.create_all()
        db.session.add(Visitor(name="Lena"))
        db.session.add_all(Row(name=f"Row {n}", words=f"Words of {n}") for n in range(ROWS))
        db.session.commit()


if __name__ == "__main__":
    serve(bare_app(Path(sys.argv[1])), host="127.0.0.1", port=int(sys.argv[2]), threads=8)
