"""Answers that were given to other systems, kept so that what is sent twice is done once."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.extensions import db
from portal.models.columns import Moment


class ApiAnswer(db.Model):
    """The answer to one request of a person's systems, by the key they gave it.

    Key and request are kept as hashes: what a key is made of is nobody's business here.
    """

    __tablename__ = "api_answer"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    key_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    request_hash: Mapped[str] = mapped_column(String(64))
    # Whom it is about.
    learner_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    status: Mapped[int]
    body: Mapped[dict] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(Moment, index=True)
