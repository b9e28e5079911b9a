"""Schema changes, by Flask-Migrate and Alembic: loaded only where there is one to make."""

import logging
from pathlib import Path

from alembic import command
from flask import Flask, current_app
from flask_migrate import Migrate, upgrade
from sqlalchemy import Connection

from portal.extensions import db
from portal.models.partial import give_conditions

FOLDER = Path(__file__).resolve().parent / "migrations"


def meet(app: Flask) -> None:
    """Let `flask db` and what is below know where the schema changes of this app are."""
    give_conditions(db.metadata)
    Migrate().init_app(app, db, directory=str(FOLDER), render_as_batch=True)


def upgrade_database() -> None:
    """Bring the app's own database to the newest shape."""
    _begin()
    upgrade()


def upgrade_by(connection: Connection) -> None:
    """Bring another database to the newest shape, inside the open transaction."""
    _begin()
    config = current_app.extensions["migrate"].migrate.get_config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _begin() -> None:
    logging.getLogger("alembic").setLevel(logging.WARNING)
    if "migrate" not in current_app.extensions:
        meet(current_app._get_current_object())  # type: ignore[attr-defined]
