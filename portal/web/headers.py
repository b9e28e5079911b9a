"""Headers that every answer carries, errors included."""

from flask import Flask, Response, request

from portal.messages import Message

CSP = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",  # Tabler draws its controls as data: pictures
        "manifest-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "object-src 'none'",
        "frame-ancestors 'none'",
    )
)
ALWAYS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
WAIT = "portal.seconds_to_wait"
ALIKE_FOR_ALL = {
    "static",
    "public.pictures.show",
    "public.front.brand_css",
    "public.front.manifest",
}


def note_wait(message: Message) -> None:
    """Let this answer be 429 with the wait, when the message asks for one."""
    if message.code == "sign_in_slow_down":
        request.environ[WAIT] = message.values["seconds"]


def add_headers(app: Flask) -> None:
    """Give every answer of `app` its headers; private pages are kept in no cache."""

    @app.after_request
    def finish(answer: Response) -> Response:
        there = {name.lower() for name, _value in answer.headers}
        for name, value in ALWAYS.items():
            if name.lower() not in there:  # each `setdefault` would read all headers again
                answer.headers.add(name, value)
        if app.config["SESSION_COOKIE_SECURE"]:
            answer.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        if WAIT in request.environ and answer.status_code == 200:
            answer.status_code = 429
            answer.headers["Retry-After"] = str(request.environ[WAIT])
        if request.endpoint in ALIKE_FOR_ALL and answer.status_code < 400:
            return answer
        answer.headers["Cache-Control"] = "no-store"
        answer.vary.add("Cookie")
        return answer
