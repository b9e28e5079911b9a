"""The people on a learning object: found, exported, enrolled, recorded."""

from collections.abc import Iterator
from datetime import datetime

from flask import Response, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from portal.clock import utc_now
from portal.errors import RuleBroken
from portal.models import Award, Enrolment, LearningObject
from portal.services import audit, days
from portal.services.exporting import csv_pieces
from portal.services.issuing.marks import Marks, marks_of
from portal.services.learning import enrolling, learners, objects, recording
from portal.services.people import choosing, groups
from portal.web.access import page
from portal.web.answers import attached
from portal.web.arguments import asked_ids, chosen_ids, place, text_argument
from portal.web.forms.learners import EnrolForm, RecordForm
from portal.web.journeys import earned_by_somebody, enrolment_state
from portal.web.kinds import kind_at
from portal.web.left_out import left_out_words
from portal.web.means import means

bp = page("learners", prefix="/<kind>/<int:object_id>/learners")


@bp.get("")
def index(kind: str, object_id: int) -> str:
    found = _object(kind, object_id)
    narrowed, now = _narrowed(), utc_now()
    people = learners.list_of(found, now=now, place=place(), **narrowed)
    earned = learners.awards_of(found, people.rows)
    return render_template(
        "author/learners/index.html",
        about=found,
        page=people,
        counts=learners.counts_of(found, now),
        earned=earned,
        marks=marks_of(earned.values()),
        groups=groups.every(),
        recordable=recording.can_be_recorded(found),
        now=now,
        **narrowed,
    )


@bp.post("/learners.csv")
def export(kind: str, object_id: int) -> Response:
    found = _object(kind, object_id)
    audit.downloaded("export.learners", subject=found)
    rows = learners.every_of(found, now=utc_now(), **_narrowed())
    return attached(csv_pieces(_columns(), _rows(rows)), f"learners-{object_id}.csv")


@bp.route("/enrol", methods=["GET", "POST"])
def enrol(kind: str, object_id: int) -> str | AnyResponse:
    found, form = _object(kind, object_id), EnrolForm().offer(groups.every())
    unknown: list[str] = []
    if form.validate_on_submit():
        try:
            unknown = _enrol(found, form)
        except RuleBroken as broken:
            form.take(broken)
        else:
            if not unknown:
                return redirect(url_for(".index", kind=kind, object_id=object_id))
            form.emails.data = "\n".join(unknown)
    return _choosing("author/learners/enrol.html", found, form, unknown)


@bp.route("/record", methods=["GET", "POST"])
def record(kind: str, object_id: int) -> str | AnyResponse:
    found, form = _object(kind, object_id), RecordForm().offer(groups.every())
    unknown: list[str] = []
    if form.validate_on_submit():
        try:
            unknown = _record(found, form)
        except RuleBroken as broken:
            form.take(broken)
        else:
            if not unknown:
                return redirect(url_for(".index", kind=kind, object_id=object_id))
            form.emails.data = "\n".join(unknown)
    form.day.data = form.day.data or utc_now().astimezone(means().time_zone).date()
    return _choosing("author/learners/record.html", found, form, unknown)


def _object(kind: str, object_id: int) -> LearningObject:
    return objects.get_for_editing(current_user, kind_at(kind), object_id)


def _narrowed() -> dict[str, str | int]:
    group = text_argument("group")
    return {
        "q": text_argument("q"),
        "standing": text_argument("standing"),
        "group_id": int(group) if group.isascii() and group.isdigit() and len(group) < 10 else 0,
    }


def _choosing(template: str, found: LearningObject, form, unknown: list[str]) -> str:
    q, ticked = text_argument("q"), chosen_ids("person") or asked_ids("person")
    return render_template(
        template,
        about=found,
        form=form,
        unknown=unknown,
        q=q,
        ticked=ticked,
        found=choosing.find(q) if q else choosing.named(ticked),
        most=choosing.MOST_FOUND,
    )


def _chosen(form: EnrolForm | RecordForm) -> choosing.Chosen:
    return choosing.choose(
        ids=chosen_ids("person", choosing.MOST),
        pasted=form.emails.data or "",
        group_id=form.group.data,
    )


def _enrol(found: LearningObject, form: EnrolForm) -> list[str]:
    """Enrol whom the form names and say how many; return what nobody here answers to."""
    chosen = _chosen(form)
    done = enrolling.enrol_people(
        actor=current_user,
        learning_object=found,
        people=chosen.people,
        due_at=form.due_at(means()),
        now=utc_now(),
    )
    flash(_enrolled_words(done), "success" if done.fresh else "info")
    return chosen.unknown


def _enrolled_words(done: enrolling.Enrolled) -> str:
    said = [ngettext("%(num)s person was enrolled.", "%(num)s people were enrolled.", done.fresh)]
    if done.there:
        text = ngettext(
            "%(num)s person was on it already.", "%(num)s people were on it already.", done.there
        )
        said.append(text)
    return " ".join([*said, *left_out_words({"learner_inactive": done.inactive})])


def _record(found: LearningObject, form: RecordForm) -> list[str]:
    """Record whom the form names and say how many; return what nobody here answers to."""
    chosen, now = _chosen(form), utc_now()
    done = recording.record_people(
        actor=current_user,
        learning_object=found,
        people=chosen.people,
        at=days.moment_on(form.day.data, means().time_zone, now),
        success=form.result.data == "success",
        now=now,
    )
    flash(_recorded_words(done), "success" if done.fresh else "info")
    return chosen.unknown


def _recorded_words(done: recording.Recorded) -> str:
    said = ngettext(
        "%(num)s completion was recorded.", "%(num)s completions were recorded.", done.fresh
    )
    told = [said]
    if done.there:
        text = ngettext(
            "%(num)s person had completed it already.",
            "%(num)s people had completed it already.",
            done.there,
        )
        told.append(text)
    return " ".join([*told, *left_out_words(done.left_out)])


def _columns() -> list[str]:
    return [
        _("Last name"),
        _("First name"),
        _("Email"),
        _("Attempt"),
        _("State"),
        _("Enrolled"),
        _("Due"),
        _("Completed"),
        _("Success"),
        _("Badge"),
    ]


def _rows(found: Iterator[tuple[Enrolment, Award | None, Marks]]) -> Iterator[list[str]]:
    for one, award, marks in found:
        yield [
            one.learner.last_name,
            one.learner.first_name,
            one.learner.known_email,
            str(one.attempt),
            enrolment_state(one).words,
            *(_day(moment) for moment in (one.enrolled_at, one.due_at, one.completed_at)),
            "" if one.success is None else _("yes") if one.success else _("no"),
            earned_by_somebody(award, marks).words if award else "",
        ]


def _day(moment: datetime | None) -> str:
    return moment.astimezone(means().time_zone).date().isoformat() if moment else ""
