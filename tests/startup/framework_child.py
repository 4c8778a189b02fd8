"""Run where the frameworks are installed: starts a project as they do, and tells what was loaded.

Arguments: how, and what. The current directory is the project. Standard output: JSON with `error` and `modules`.
"""

import contextlib
import io
import json
import os
import runpy
import sys


def main(via, target):
    root = os.getcwd()
    sys.path.insert(0, root)
    error = ""
    with contextlib.redirect_stdout(io.StringIO()):
        try:
            START[via](target)
        except SystemExit as ended:
            error = f"SystemExit: {ended.code}" if ended.code else ""
        except BaseException as raised:
            error = f"{type(raised).__name__}: {raised}"
    files = {name: getattr(module, "__file__", None) or "" for name, module in list(sys.modules.items())}
    own = sorted(name for name, file in files.items() if file.startswith(root + os.sep) and name != "__main__")
    json.dump({"error": error, "modules": own}, sys.stdout)


def _manage(target):
    sys.argv = [target, "check"]
    runpy.run_path(target, run_name="__main__")


def _import(target):
    import importlib

    module, _, attr = target.partition(":")
    getattr(importlib.import_module(module), attr)


def _celery(target):
    from celery.app.utils import find_app

    app = find_app(target)
    app.conf.broker_url  # noqa: B018
    app.loader.init_worker()


def _uvicorn(target):
    import uvicorn

    uvicorn.Config(target.removesuffix("()"), factory=target.endswith("()")).load()


def _gunicorn(target):
    from gunicorn.util import import_app

    import_app(target)


def _flask(target):
    from flask.cli import ScriptInfo

    ScriptInfo(app_import_path=target).load_app()


START = {
    "manage": _manage,
    "wsgi": _import,
    "asgi": _import,
    "celery": _celery,
    "uvicorn": _uvicorn,
    "gunicorn": _gunicorn,
    "flask": _flask,
}

if __name__ == "__main__":
    main(*sys.argv[1:])
