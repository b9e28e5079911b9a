"""Twenty requests of other systems at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from flask.testing import FlaskClient
from sqlalchemy import func, select

from portal.extensions import db
from portal.models import ApiAnswer, Award, Delivery, Enrolment
from tests.factories import make_course, make_credly_badge
from tests.web.api.machine import API, Machine

MANY = 20


def tell_at_once(app, secret: str, keys: list[str], body: dict) -> list[tuple[int, str]]:
    """Send the same, with these keys, at the same moment; return status and text of each answer."""
    db.session.remove()
    gate = Barrier(len(keys))

    def tell(key):
        headers = {"Authorization": f"Bearer {secret}", "Idempotency-Key": key}
        client = FlaskClient(app, app.response_class, use_cookies=False)
        gate.wait()
        with client.post(f"{API}/completions", json=body, headers=headers) as answer:
            return answer.status_code, answer.get_data(as_text=True)

    with ThreadPoolExecutor(len(keys)) as pool:
        return list(pool.map(tell, keys))


def counted() -> list[int]:
    tables = (Enrolment, Award, Delivery)
    return [db.session.scalar(select(func.count()).select_from(one)) for one in tables]


def test_the_same_key_at_once_is_one_completion_and_one_answer(app, ada, otto, lena):
    course = make_course(otto, badge=make_credly_badge(app.extensions["means"]))
    body = {"email": lena.email, "object_id": course.id, "success": True}
    answers = tell_at_once(app, Machine(app, ada).secret, ["same"] * MANY, body)
    assert {status for status, _text in answers} == {201}
    assert len({text for _status, text in answers}) == 1
    assert counted() == [1, 1, 1]
    assert db.session.scalar(select(func.count()).select_from(ApiAnswer)) == 1


def test_other_keys_at_once_are_one_completion_that_was_there_for_the_rest(app, ada, otto, lena):
    course = make_course(otto, badge=make_credly_badge(app.extensions["means"]))
    body = {"email": lena.email, "object_id": course.id, "success": True}
    keys = [f"key {number}" for number in range(8)]
    answers = tell_at_once(app, Machine(app, ada).secret, keys, body)
    assert sorted(status for status, _text in answers) == [200] * 7 + [201]
    assert counted() == [1, 1, 1]
