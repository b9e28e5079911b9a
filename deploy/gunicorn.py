"""How gunicorn serves the portal: `.venv/bin/gunicorn --config deploy/gunicorn.py`.

Address and port come from HOST and PORT; WEB_CONCURRENCY or `--workers` says how many processes.
"""

import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # gunicorn itself looks there only after it has read this file

from gunicorn.arbiter import Arbiter  # noqa: E402 — see above
from gunicorn.workers.base import Worker  # noqa: E402

import app as entry  # noqa: E402
from portal.extensions import db  # noqa: E402
from portal.jobs.loop import Engine  # noqa: E402
from portal.logs import begin  # noqa: E402
from portal.schema import SchemaTrouble  # noqa: E402
from portal.serving import prepare, say_hello, warn_of_unknown_names  # noqa: E402

# Built once here for its settings and for the schema. Every process builds its own after the
# fork, so that none inherits a connection of another.
_first = entry.app
_settings = _first.extensions["settings"]

chdir = str(ROOT)
wsgi_app = "app:app"
bind = f"{_settings.host}:{_settings.port}"
worker_class = "gthread"
threads = 8
timeout = 120
graceful_timeout = 40  # a call to Credly that is in flight has 30 seconds to end
secure_scheme_headers: dict[str, str] = {}  # TRUSTED_PROXIES alone decides what is believed
control_socket_disable = True


def on_starting(server: Arbiter) -> None:
    """Bring the database to the shape of this code, once, before any process serves."""
    if _settings.jobs == "embedded" and server.cfg.workers > 1:
        _refuse(
            f"JOBS is 'embedded', but gunicorn would start {server.cfg.workers} processes. Set"
            " JOBS=worker and run flask --app app worker beside them, or use one process."
        )
    warn_of_unknown_names(_first)
    try:
        prepare(_first)
        say_hello(_first)
    except SchemaTrouble as trouble:
        _refuse(str(trouble))
    with _first.app_context():
        db.engine.dispose()
    _first.extensions["means"].door.close()


def post_worker_init(worker: Worker) -> None:
    """Begin to log; start the embedded background work, if this is where it is done."""
    begin(_settings.log_format)
    if _settings.jobs == "embedded":
        worker.portal_engine = Engine(worker.wsgi)
        worker.portal_engine.start()


def worker_exit(_server: Arbiter, worker: Worker) -> None:
    """Let what is in flight end."""
    engine: Any = getattr(worker, "portal_engine", None)
    if engine is not None:
        engine.end_process()


def _refuse(sentence: str) -> None:
    sys.stderr.write(f"{sentence}\n")
    raise SystemExit(2)
