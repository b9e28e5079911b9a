"""Misbehaviour by hand: a page with a few buttons, for training."""

from typing import Any

from portal.practice.answers import Answer, Refusal
from portal.practice.calls import Call
from portal.practice.plan import add_steps, clear_steps, read_steps
from portal.practice.rendering import page, see
from portal.practice.switches import set_switches

_ISSUE = {"method": "POST", "path": r"/badges/?(\.json)?$"}
_STEPS = {
    "fail": {"match": _ISSUE, "status": 503},
    "token": {"times": 0, "status": 401},
    "lost": {"match": _ISSUE, "when": "after", "drop": "close"},
}
_SLOW = 10.0


def show(call: Call) -> Answer:
    return page("hand.html", facts=_facts(call))


def _facts(call: Call) -> list[str]:
    """What is in force now, a sentence each; empty when everything is normal."""
    latency = call.switches["latency"]
    slow = [f"Every call takes {latency:g} seconds."] if latency else []
    return [*slow, *[_sentence(step) for step in read_steps(call.db)]]


def _sentence(step: dict[str, Any]) -> str:
    which = "call that issues a badge" if step.get("match") == _ISSUE else "matching call"
    who = f"The next {which}" if step["times"] else "Every call"
    if "drop" in step:
        return f"{who} loses its answer."
    return f"{who} is answered with {step.get('status', 'something else')}."


def press(call: Call) -> Answer:
    """Do what one of the buttons says, and show the page again."""
    wish = call.body.get("do")
    if wish in _STEPS:
        add_steps(call.db, [_STEPS[wish]])
    elif wish == "slow":
        set_switches(call.db, {"latency": _SLOW})
    elif wish == "normal":
        clear_steps(call.db)
        set_switches(call.db, {"latency": 0.0, "rate_limit": 0})
    else:
        raise Refusal(422, "There is no such button")
    return see("/practice")
