"""One mistake for each rule of learning, to be planted by `python -m tests.mutations`."""

from dataclasses import dataclass

LEARNING, ISSUING = "portal/services/learning", "portal/services/issuing"
PROPERTIES = "tests/properties/test_awards.py"
CYCLES = "tests/properties/test_cycles.py"
TOGETHER = "tests/properties/test_together.py"


@dataclass(frozen=True)
class Mutation:
    rule: str
    file: str
    old: str
    new: str
    tests: str = PROPERTIES


MUTATIONS = (
    Mutation(
        "a section without a number needs all of its items",
        f"{LEARNING}/rules.py",
        "len(self.items) if self.needed is None",
        "1 if self.needed is None",
    ),
    Mutation(
        "a section with a number needs only so many",
        f"{LEARNING}/rules.py",
        "min(self.needed, len(self.items))",
        "len(self.items)",
    ),
    Mutation(
        "every section must be fulfilled",
        f"{LEARNING}/rules.py",
        "all(one.fulfilled_by(done) for one",
        "any(one.fulfilled_by(done) for one",
    ),
    Mutation(
        "what asks for nothing is never fulfilled by itself",
        f"{LEARNING}/rules.py",
        "return bool(self.items) and all",
        "return all",
    ),
    Mutation(
        "only chosen modules are needed",
        f"{LEARNING}/rules.py",
        "for row in rows if row[4])",
        "for row in rows)",
    ),
    Mutation(
        "N of M modules are enough",
        f"{LEARNING}/rules.py",
        "needed if criteria is Criteria.SOME else None",
        "None",
    ),
    Mutation(
        "open modules keep a course open",
        f"{LEARNING}/completions.py",
        "if needs.items and not needs.fulfilled_by",
        "if False and not needs.fulfilled_by",
    ),
    Mutation(
        "a course's credits count once",
        f"{LEARNING}/credits.py",
        "if (one.learner_id, one.course_id, one.skill_level_id) not in known",
        "if True",
    ),
    Mutation(
        "as many credits as needed are enough",
        f"{LEARNING}/credits.py",
        "if total >= needed:",
        "if total > needed:",
    ),
    Mutation(
        "nobody reaches a level of a retired skill",
        f"{LEARNING}/credits.py",
        "return self.active and not self.reached",
        "return not self.reached",
    ),
    Mutation(
        "a path grants its levels",
        f"{LEARNING}/chain.py",
        "    reached += credits.grant(_moments(done, Kind.LEARNING_PATH))\n",
        "",
    ),
    Mutation(
        "a path completes the paths around it",
        f"{LEARNING}/chain.py",
        "        done += ready\n",
        "        return list(ready)\n",
    ),
    Mutation(
        "a path brings the paths within it along",
        f"{LEARNING}/completions.py",
        "            begin_within(learner, [learning_object.id], now, by)\n",
        "            pass\n",
    ),
    Mutation(
        "only who is still on a path completes it",
        f"{LEARNING}/chain.py",
        ".where(_ENROLMENT.c.state.in_(OPEN_ENROLMENTS), _OBJECT.c.kind != Kind.COURSE)",
        ".where(_OBJECT.c.kind != Kind.COURSE)",
    ),
    Mutation(
        "enrolling counts earlier completions",
        f"{LEARNING}/completions.py",
        "        if learning_object.kind is not Kind.COURSE:\n",
        "        if False:\n",
    ),
    Mutation(
        "without success nothing is earned",
        f"{LEARNING}/chain.py",
        "    if success:\n        settle(",
        "    if True:\n        settle(",
    ),
    Mutation(
        "after no success one may try again",
        f"{LEARNING}/completions.py",
        "    if not enrolment.success:\n        return True\n",
        "    if not enrolment.success:\n        return False\n",
    ),
    Mutation(
        "a renewal needs its courses again",
        f"{LEARNING}/fulfilment.py",
        "since = enrolment.enrolled_at if enrolment.renews else None",
        "since = None",
    ),
    Mutation(
        "a course may be taken again for a renewal",
        f"{LEARNING}/completions.py",
        "return is_wanted_again(learner, learning_object)",
        "return False",
    ),
    Mutation(
        "taking a course again never awards its badge again",
        f"{LEARNING}/earning.py",
        "        if not (anew if revoked else renewal):\n            return None\n",
        "",
    ),
    Mutation(
        "a renewal begins the next cycle",
        f"{ISSUING}/shelves.py",
        "if earned.renewal or (revoked and again):",
        "if revoked and again:",
    ),
    Mutation(
        "nothing is renewed before its window opens",
        f"{LEARNING}/renewal.py",
        "        Standing.ENDING,\n        Standing.EXPIRED,\n",
        "        Standing.VALID,\n        Standing.ENDING,\n        Standing.EXPIRED,\n",
    ),
    Mutation(
        "what has expired can still be renewed",
        f"{LEARNING}/renewal.py",
        "        Standing.ENDING,\n        Standing.EXPIRED,\n",
        "        Standing.ENDING,\n",
    ),
    Mutation(
        "months end with the month",
        "portal/clock.py",
        "min(local.day, calendar.monthrange(year, month + 1)[1])",
        "min(local.day, 28)",
    ),
    Mutation(
        "a retired badge is not awarded",
        f"{ISSUING}/awarding.py",
        "if shelf.badge.state is BadgeState.RETIRED:",
        "if False:",
    ),
    Mutation(
        "a second source of a badge belongs to the same cycle",
        f"{ISSUING}/shelves.py",
        "return max(newest, 1)",
        "return newest + 1",
    ),
    Mutation(
        "an undo takes what rests on what it took",
        f"{LEARNING}/resting.py",
        "        gone += falls\n",
        "        return gone + falls\n",
    ),
    Mutation(
        "an undo takes levels that lost their credits",
        f"{LEARNING}/resting.py",
        "            plan.levels.append(one)\n",
        "            pass\n",
    ),
    Mutation(
        "an undo leaves what has other ground",
        f"{LEARNING}/resting.py",
        "and not _is_fulfilled(one, needs, done, gone)",
        "and True",
    ),
    Mutation(
        "a cancelled award can be earned again",
        f"{ISSUING}/awarding.py",
        "if given is not None and given.state is not AwardState.CANCELLED:",
        "if given is not None:",
    ),
    Mutation(
        "what was kept holds for who had begun",
        f"{LEARNING}/rules.py",
        "if one.requirements is None\n        else from_stored(one.requirements)",
        "if True\n        else from_stored(one.requirements)",
    ),
    Mutation(
        "a renewal replaces the badge at Credly",
        f"{ISSUING}/awarding.py",
        "issued.replaces = shelf.before(cycle)",
        "issued.replaces = None",
        CYCLES,
    ),
    Mutation(
        "a new cycle waits for the one before it",
        f"{ISSUING}/carry_change.py",
        "        if before is not None:\n",
        "        if False:\n",
        CYCLES,
    ),
    Mutation(
        "a live badge of an earlier cycle is never adopted",
        f"{ISSUING}/record_cycle.py",
        "        if earlier is not None:\n            return _replace_instead",
        "        if False:\n            return _replace_instead",
        CYCLES,
    ),
    Mutation(
        "in a group only what a learner completed counts for them",
        f"{LEARNING}/chain.py",
        "times.get(learner.id, {})",
        "next(iter(times.values()), {})",
        TOGETHER,
    ),
    Mutation(
        "in a group only the levels that a learner reached are theirs",
        f"{LEARNING}/credits.py",
        "key in self._reached",
        "level_id in {one for _who, one in self._reached}",
        TOGETHER,
    ),
)
