"""Misbehaviour on the wire: resets, halves, drips and hangs, and answers bent out of shape."""

import http
import os
import select
import signal
import socket
import struct
import time
from typing import Any

from portal.practice.answers import Answer, Dropped

Step = dict[str, Any]

_HANG = 120.0  # seconds a hanging call is held before it is let go
_DRIP = 0.3  # seconds between two bytes


def spoils(step: Step) -> bool:
    """Whether the step puts something else in the place of what was asked for."""
    instead = ("status", "body", "json", "drop", "kill", "book_later")
    return any(name in step for name in instead)


def bend(step: Step, answer: Answer | None) -> Answer:
    """Give the answer that the step wants, made from the real one where there is one."""
    bent = answer or Answer(step.get("status", 200), _plain(step.get("status", 200)))
    bent.status = step.get("status", bent.status)
    bent.headers |= step.get("headers", {})
    bent.content_type = step.get("content_type", bent.content_type)
    if answer and "status" in step and bent.status >= 300:
        bent.content = _plain(bent.status)
    if "json" in step:
        bent.content = step["json"]
    if "body" in step:
        bent.content = str(step["body"]).encode()
    return _reshaped(step, bent)


def _plain(status: int) -> dict[str, Any]:
    known = {entry.value: entry.phrase for entry in http.HTTPStatus}
    return {"data": {"message": known.get(status, "Something is wrong")}, "metadata": {}}


def _reshaped(step: Step, answer: Answer) -> Answer:
    data = answer.content.get("data") if isinstance(answer.content, dict) else None
    if isinstance(data, dict):
        left = {key: value for key, value in data.items() if key not in step.get("without", ())}
        answer.content = {**answer.content, "data": {**left, **step.get("set", {})}}
    if "pad" in step and isinstance(answer.content, dict):
        answer.content = {**answer.content, "padding": "x" * int(step["pad"])}
    if "truncate" in step:
        answer.content = answer.body()[: int(step["truncate"])]
    return answer


def kill(step: Step) -> None:
    """Send the signal that the step names; a process that is gone already is no trouble."""
    wish = step.get("kill")
    if not wish or int(wish["pid"]) <= 1:
        return
    try:
        os.kill(int(wish["pid"]), int(wish.get("signal", signal.SIGKILL)))
    except ProcessLookupError:
        return


def pause(seconds: float) -> None:
    if seconds > 0:
        time.sleep(seconds)


def let_go(step: Step, connection: socket.socket | None, answer: Answer) -> None:
    """Ruin the connection as told and raise `Dropped`; the caller writes nothing any more."""
    if connection is None:
        raise Dropped
    connection.settimeout(None)
    head, body = on_the_wire(answer)
    try:
        _RUIN[step["drop"]](step, connection, head, body)
    except OSError as exc:
        raise Dropped from exc
    raise Dropped


def on_the_wire(answer: Answer) -> tuple[bytes, bytes]:
    """The bytes of an answer, head and body."""
    body = answer.body()
    known = {entry.value: entry.phrase for entry in http.HTTPStatus}
    lines = [f"HTTP/1.1 {answer.status} {known.get(answer.status, 'Unknown')}"]
    headers = {"Content-Type": answer.content_type, "Content-Length": str(len(body))}
    lines += [f"{name}: {value}" for name, value in {**headers, **answer.headers}.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1"), body


def _reset(_step: Step, connection: socket.socket, _head: bytes, _body: bytes) -> None:
    # Lingering for zero seconds turns the close into a reset. The descriptor is closed itself,
    # because the reader and writer of the request keep the socket object open.
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    os.close(connection.detach())


def _close(_step: Step, connection: socket.socket, _head: bytes, _body: bytes) -> None:
    connection.shutdown(socket.SHUT_RDWR)


def _half(_step: Step, connection: socket.socket, head: bytes, body: bytes) -> None:
    connection.sendall(head + body[: len(body) // 2])
    connection.shutdown(socket.SHUT_RDWR)


def _drip(step: Step, connection: socket.socket, head: bytes, body: bytes) -> None:
    """One byte at a time, of the body or, with `part: head`, of everything."""
    slow = head + body if step.get("part") == "head" else body
    if step.get("part") != "head":
        connection.sendall(head)
    for number in range(len(slow)):
        connection.sendall(slow[number : number + 1])
        time.sleep(step.get("interval", _DRIP))


def _hang(step: Step, connection: socket.socket, _head: bytes, _body: bytes) -> None:
    """Say nothing until the client gives up or the time is over."""
    end = time.monotonic() + step.get("seconds", _HANG)
    while time.monotonic() < end:
        readable, _, _ = select.select([connection], [], [], 0.2)
        if readable and not connection.recv(1):
            return
    connection.shutdown(socket.SHUT_RDWR)


_RUIN = {"reset": _reset, "close": _close, "half_body": _half, "drip": _drip, "hang": _hang}
