"""A person at the portal's pages, over HTTP: what they were told is what was promised."""

import re
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING

import requests

from portal.clock import utc_now
from portal.extensions import db
from portal.models import Course, Person
from portal.services.learning import completions
from portal.services.people import sessions

if TYPE_CHECKING:
    from tests.faults.place import Place

CSRF = re.compile(r'name="csrf_token" value="([^"]+)"')
TOLD = "Well done!"


class Visitor:
    """A learner who is signed in and enrolled, with the course's page open."""

    def __init__(self, place: "Place", learner_id: int | None = None) -> None:
        self.place = place
        self.learner_id = learner_id or place.new_learner()
        self.url = f"{place.stage.url}/learner/courses/{place.course_id}"
        self.http = requests.Session()
        self.http.trust_env = False
        with place.stage.inside():
            learner = db.session.get_one(Person, self.learner_id)
            course = db.session.get_one(Course, place.course_id)
            completions.enrol(learner=learner, learning_object=course, now=utc_now())
            cookie = f"~{sessions.start(learner, 'a test', utc_now())}"
        self.http.headers["Cookie"] = f"session={cookie}"
        self.token = ""

    def look(self) -> requests.Response:
        """Open the course's page."""
        answer = self.http.get(self.url, timeout=90)
        found = CSRF.search(answer.text)
        self.token = found.group(1) if found else self.token
        return answer

    def complete(self) -> int:
        """Press "mark as complete"; return the status, 0 when the connection broke.

        Being led back to the course is success, and then the badge is promised.
        """
        values = {"csrf_token": self.token}
        try:
            answer = self.http.post(
                f"{self.url}/complete", values, timeout=90, allow_redirects=False
            )
        except requests.ConnectionError:
            return 0
        if answer.status_code == 302:
            self.place.promise(self.learner_id)
        self.last = answer
        return answer.status_code

    def complete_later(self) -> Future[int]:
        """Press it in another thread, for a press that will have to wait."""
        pool = ThreadPoolExecutor(1)
        waiting = pool.submit(self.complete)
        pool.shutdown(wait=False)
        return waiting

    def is_told(self) -> bool:
        """Whether the page says that the course is done."""
        return TOLD in self.look().text
