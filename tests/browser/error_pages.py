"""A portal that fails to order, so that its error pages can be looked at."""

import logging
import threading
from pathlib import Path
from types import TracebackType

from flask import Flask, abort, render_template
from werkzeug.serving import make_server

from portal.factory import create_app
from tests.databases import make_schema
from tests.ports import free_port

ERRORS = (400, 403, 404, 405, 410, 413, 429, 500, 503)


class ErrorPages:
    """A portal whose addresses end in each error; `with` gives the addresses."""

    def __init__(self, folder: Path):
        self.port, self.instance = free_port(), folder / "errors"
        self.instance.mkdir()

    def __enter__(self) -> list[str]:
        logging.disable(logging.CRITICAL)  # it fails to order
        make_schema({}, self.instance)
        url = f"http://127.0.0.1:{self.port}"
        app = create_app({"PORT": str(self.port)}, self.instance)
        _fail_to_order(app)
        self.server = make_server("127.0.0.1", self.port, app, threaded=True)
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()
        return [f"{url}/fails/{code}" for code in ERRORS] + [f"{url}/fails/signed-out"]

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()
        logging.disable(logging.NOTSET)


def _fail_to_order(app: Flask) -> None:
    @app.get("/fails/<int:code>")
    def fail(code: int) -> str:
        if code == 500:
            raise RuntimeError("to order")
        abort(code)

    @app.get("/fails/signed-out")
    def signed_out() -> str:
        return render_template("errors/signed_out.html", typed=[("reason", "What I wrote. " * 9)])
