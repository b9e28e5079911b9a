"""Another system tells of completions: the web process dies, or two are told at the same moment."""

import signal
import uuid

import requests

from portal.clock import utc_now
from portal.extensions import db
from portal.models import ApiAnswer, Award, Delivery, Enrolment, Person, Scope
from portal.services.people import api_tokens
from tests.factories import make_person
from tests.faults.test_races import all_at_once
from tests.ports import free_port

DIES = -signal.SIGKILL
# Where it dies, and whether the completion is there afterwards: key, completion, award, delivery
# and answer are one transaction, so they are there together or not at all.
DEATHS = [
    ({"at": "statement", "words": "INSERT INTO api_answer"}, False),
    ({"at": "statement", "words": "INSERT INTO delivery"}, False),
    ({"at": "statement", "words": "UPDATE api_answer"}, False),
    ({"at": "before_commit", "words": "UPDATE api_answer"}, False),
    ({"at": "after_commit", "words": "UPDATE api_answer"}, True),
]
TABLES = (ApiAnswer, Enrolment, Award, Delivery)


class OtherSystem:
    """A program with an administrator's token that tells the portal of one examination."""

    def __init__(self, place, secret: str) -> None:
        self.place, self.key = place, uuid.uuid4().hex
        self.http = requests.Session()
        self.http.trust_env = False
        self.http.headers.update({"Authorization": f"Bearer {secret}", "Idempotency-Key": self.key})
        self.learner_id = place.new_learner()
        about = {"person_id": self.learner_id, "object_id": place.course_id}
        self.body = {**about, "success": True}

    def tell(self, at: str = "") -> tuple[int, bytes]:
        """Post the completion; status 0 when the connection broke. A success is a promise."""
        url = f"{at or self.place.stage.url}/api/v1/completions"
        try:
            answer = self.http.post(url, json=self.body, timeout=90)
        except requests.ConnectionError:
            return 0, b""
        if answer.ok:
            self.place.promise(self.learner_id)
        return answer.status_code, answer.content


def make_token(place) -> str:
    with place.stage.inside():
        ada = make_person("Ada Admin", roles={"admin"}, email=f"{uuid.uuid4().hex}@example.org")
        about = {"name": "Examinations", "days": 30, "scopes": {Scope.COMPLETIONS_WRITE}}
        _token, secret = api_tokens.make(person=ada, **about, now=utc_now())
        return secret


def rows(place) -> list[int]:
    """How many rows of each kind all completions together have left."""
    with place.stage.inside():
        return [db.session.scalar(db.select(db.func.count()).select_from(t)) for t in TABLES]


def badges_of(place, learner_id: int) -> list[dict]:
    with place.stage.inside():
        earner_id = db.session.get_one(Person, learner_id).earner_id
    return [one for one in place.badges() if one["issuer_earner_id"] == earner_id]


def test_the_web_process_dies_while_another_system_tells_of_a_completion(stage):
    """At each death one examination; the same key after the restart is one completion."""
    place = stage.place()
    secret = make_token(place)
    told, before = [], None
    for number, (death, kept) in enumerate(DEATHS):
        web = stage.ailing_web({})
        if before:
            told.append((before, before.tell()))
            assert rows(place) == [number] * 4, "once, whatever was there when it died"
        before = OtherSystem(place, secret)
        web.now(die=death)
        assert before.tell()[0] == 0, "nothing was answered"
        assert web.process.ended() == DIES
        assert rows(place) == [number + kept] * 4, f"all of it or nothing: {death}"
    stage.web()
    told.append((before, before.tell()))
    for caller, answer in told:
        assert answer[0] == 201
        assert caller.tell() == answer, "the same key gets the same answer, word by word"
    assert rows(place) == [len(DEATHS)] * 4
    stage.worker()
    balance = place.drained()
    assert (balance.is_clean, balance.posts) == (True, len(DEATHS)), balance
    assert all(len(badges_of(place, caller.learner_id)) == 1 for caller, _answer in told)


def second_web_process(stage) -> str:
    """Serve the same portal once more, at a port of its own; return its address."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    stage.start("app.py", PORT=str(port)).wait_for(url)
    return url


def test_two_web_processes_that_are_told_the_same_at_once_record_it_once(stage):
    place = stage.place()
    stage.web()
    caller, answers = OtherSystem(place, make_token(place)), []
    at = [stage.url, second_web_process(stage)] * 4
    all_at_once([lambda url=url: answers.append(caller.tell(url)) for url in at])
    assert set(answers) == {answers[0]}
    assert answers[0][0] == 201
    assert rows(place) == [1] * 4
    stage.worker()
    balance = place.drained()
    assert (balance.is_clean, balance.posts) == (True, 1), balance
