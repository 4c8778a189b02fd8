"""Web servers: which application each command line loads, and from where.

Sources: `uvicorn.main`, `gunicorn.app.base` and `gunicorn.app.wsgiapp`, `hypercorn.utils.load_application`,
`daphne.cli`, `granian.cli`, `waitress.runner`, `flask.cli`, `fastapi_cli.discover`, uWSGI's options.
"""

from __future__ import annotations

import configparser
import posixpath
import re
import shlex
from collections.abc import Callable, Mapping

from merge_guard.deploy.options import Parsed, parse
from merge_guard.deploy.start import UNKNOWN, Run, Start, is_dotted

_UVICORN = (
    "--reload --factory --proxy-headers --no-proxy-headers --use-colors --no-use-colors --access-log --no-access-log"
    " --server-header --no-server-header --date-header --no-date-header --version --help --no-reload"
    " --reset-contextvars"
)
_GUNICORN = (
    "--reload --spew --check-config --print-config --preload --no-sendfile --reuse-port -D --daemon --initgroups"
    " --capture-output --log-syslog -R --enable-stdio-inheritance --disable-redirect-access-to-syslog --proxy-protocol"
    " --permit-obsolete-folding --strip-header-spaces --permit-unconventional-http-method --casefold-http-method"
    " --permit-unconventional-http-version -v --version -h --help --suppress-ragged-eofs --no-control-socket"
)
_GRANIAN = (
    "--reload --no-reload --access-log --no-access-log --log --no-log --ws --no-ws --opt --no-opt --factory"
    " --no-factory --http1-keep-alive --no-http1-keep-alive --http1-pipeline-flush --no-http1-pipeline-flush"
    " --http2-adaptive-window --no-http2-adaptive-window --respawn-failed-workers --no-respawn-failed-workers"
    " --reload-ignore-worker-failure --no-reload-ignore-worker-failure --ssl-client-verify --no-ssl-client-verify"
    " --uds-permissions --static-path-precompressed --workers-kill-timeout-enabled --metrics --no-metrics"
)
_WAITRESS = (
    "--call --help --expose-tracebacks --no-expose-tracebacks --ipv4 --no-ipv4 --ipv6 --no-ipv6"
    " --log-untrusted-proxy-headers --no-log-untrusted-proxy-headers --log-socket-errors --no-log-socket-errors"
    " --clear-untrusted-proxy-headers --no-clear-untrusted-proxy-headers --asyncore-use-poll --no-asyncore-use-poll"
)
_SANIC = (
    "--factory -s --simple -d --debug --dev -r --reload -a --auto-reload --fast --access-logs --no-access-logs"
    " --single-process --auto-tls --inspector --motd --no-motd -v --version"
)
_CONF_TEXT = r"""^{0}[^\S\n]*=[^\S\n]*(["'])([^"'\n]*)\1[^\S\n]*(?:#.*)?$"""


def _uvicorn(run: Run) -> list[Start]:
    parsed = parse(run.args, _UVICORN)
    directory = run.path(parsed.last("--app-dir"))
    return _target(run, parsed, directory, factory=parsed.has("--factory"))


def _target(run: Run, parsed: Parsed, directory: str, *, default: str = "", factory: bool = False) -> list[Start]:
    return run.imports(parsed.rest[0], directory, default=default, factory=factory) if parsed.rest else []


def _gunicorn(run: Run) -> list[Start]:
    """The configuration file, a worker class of the project's own, and the application."""
    try:
        words = [*shlex.split(run.env.get("GUNICORN_CMD_ARGS", "")), *run.args]
    except ValueError:
        return []
    parsed = parse(words, _GUNICORN)
    conf = parsed.last("-c", "--config")
    found: list[Start] = []
    text = ""
    if conf.startswith("python:"):
        found += run.imports(conf[7:], run.cwd, via="gunicorn configuration", call=False)
    elif conf or run.read(run.path("gunicorn.conf.py")) is not None:
        path = (conf or "gunicorn.conf.py").removeprefix("file:")
        found += run.runs_script(path, run.cwd, via="gunicorn configuration")
        text = run.read(run.path(path)) or ""
    directory = run.path(parsed.last("--chdir") or _literal(text, "chdir"))
    added = (parsed.last("--pythonpath") or _literal(text, "pythonpath")).split(",")
    first = (*(join for join in map(run.path, filter(None, added))), directory)
    worker = parsed.last("-k", "--worker-class") or _literal(text, "worker_class")
    if "." in worker and ":" not in worker:
        module, _, name = worker.rpartition(".")
        found += run.imports(f"{module}:{name}", *first, via="gunicorn worker", call=False)
    target = parsed.rest[0] if parsed.rest else _literal(text, "wsgi_app")
    if target and not parsed.has("--paste", "--paster"):
        found += run.imports(target, *first, default="application")
    return found


def _literal(text: str, name: str) -> str:
    match = re.search(_CONF_TEXT.format(name), text, re.MULTILINE) if text else None
    return match.group(2) if match else ""


def _hypercorn(run: Run) -> list[Start]:
    """`module` may be a path; its directory stands on the path then."""
    parsed = parse(run.args, "--debug --reload -h --help")
    if not parsed.rest:
        return []
    target = re.sub(r"^(?:asgi|wsgi):", "", parsed.rest[0])
    module, colon, attr = target.partition(":")
    directory = run.path(posixpath.dirname(module))
    return run.imports(f"{posixpath.basename(module)}{colon}{attr}", directory, default="app")


def _daphne(run: Run) -> list[Start]:
    parsed = parse(run.args, "--proxy-headers --no-server-name --version -h --help")
    return _target(run, parsed, run.cwd)


def _granian(run: Run) -> list[Start]:
    parsed = parse(run.args, _GRANIAN)
    directory = run.path(parsed.last("--working-dir"))
    return _target(run, parsed, directory, factory=parsed.has("--factory"))


def _waitress(run: Run) -> list[Start]:
    parsed = parse(run.args, _WAITRESS)
    return _target(run, parsed, run.cwd, factory=parsed.has("--call"))


def _flask(run: Run) -> list[Start]:
    """`--app`, `FLASK_APP`, or the first of `wsgi.py` and `app.py` that is there (`flask.cli.ScriptInfo.load_app`)."""
    prefix = run.program.upper()
    parsed = parse(run.args, "--debug --no-debug --version --help", first_ends=True)
    target = parsed.last("-A", "--app") or run.env.get(f"{prefix}_APP", "")
    if parsed.rest[:1] in ((), ("--help",)) or UNKNOWN in target:
        return []
    if not target:
        target = next((name for name in ("wsgi.py", "app.py") if run.read(run.path(name)) is not None), "")
    return _from_path(run, target) if target else []


def _from_path(run: Run, target: str) -> list[Start]:
    """`path/to/module.py:name` or `dotted:name`, as `flask.cli.prepare_import` reads it."""
    named = re.split(r"[:()]", target, maxsplit=1)[0]
    rest = target[len(named) :]
    colon, attr = (":", rest[1:]) if rest.startswith(":") else ("", rest)
    path = run.path(named)
    if "/" not in named and not named.endswith(".py"):
        return run.imports(f"{named}{colon}{attr}", run.cwd)
    directory, _, name = path.removesuffix(".py").removesuffix("/__init__").rpartition("/")
    while directory and run.read(f"{directory}/__init__.py") is not None:
        directory, _, parent = directory.rpartition("/")
        name = f"{parent}.{name}"
    return run.imports(f"{name}{colon}{attr}", directory)


_FASTAPI_DEFAULTS = ("main.py", "app.py", "api.py", "app/main.py", "app/app.py", "app/api.py")


def _fastapi(run: Run) -> list[Start]:
    if run.args[:1] not in (("run",), ("dev",)):
        return []
    parsed = parse(run.args[1:], "--reload --no-reload --proxy-headers --no-proxy-headers --help")
    name = parsed.last("--app")
    entry = parsed.last("-e", "--entrypoint")
    if entry:
        return run.imports(entry, run.cwd)
    path = parsed.rest[0] if parsed.rest else ""
    if not path:
        path = next((name for name in _FASTAPI_DEFAULTS if run.read(run.path(name)) is not None), "")
    if UNKNOWN in path or not path:
        return []
    if not path.endswith(".py") and "/" not in path:
        path = f"./{path}"
    return _from_path(run, f"{path}:{name}" if name else path)


def _streamlit(run: Run) -> list[Start]:
    if run.args[:1] != ("run",):
        return []
    parsed = parse(run.args[1:], "-w -h --headless --watch --debug", first_ends=True)
    return run.runs_script(parsed.rest[0]) if parsed.rest else []


def _sanic(run: Run) -> list[Start]:
    """`module:app`, or dotted `module.app`."""
    parsed = parse(run.args, _SANIC)
    target = parsed.rest[0] if parsed.rest else ""
    if ":" not in target and "." in target:
        module, _, name = target.rpartition(".")
        target = f"{module}:{name}"
    return run.imports(target, run.cwd, factory=parsed.has("--factory")) if is_dotted(target.partition(":")[0]) else []


def _uwsgi(run: Run) -> list[Start]:
    """Options of the command line and of an ini file that lies there; later ones win."""
    parsed = parse(run.args, "--master -M --enable-threads --die-on-term --vacuum --lazy-apps --lazy --need-app")
    named = {name.lstrip("-").replace("_", "-"): value for name, value in parsed.options}
    ini = named.get("ini") or next((word for word in parsed.rest if word.endswith(".ini")), "")
    options = {**_ini(run, ini), **named} if ini else named
    changed = options.get("chdir", "")
    directory = run.path(changed) if changed else run.cwd
    first = [directory, *(run.path(options[key]) for key in ("pythonpath", "python-path", "pp") if options.get(key))]
    target = options.get("module") or options.get("wsgi") or options.get("w") or ""
    if target:
        return run.imports(target, *first, default=options.get("callable", "application"))
    file = options.get("wsgi-file") or options.get("file") or ""
    return Run(run.program, (), run.env, directory, run.read, run.scripts, run.certain).runs_script(file, *first)


def _ini(run: Run, path: str) -> Mapping[str, str]:
    text = run.read(run.path(path))
    if text is None:
        return {}
    parser = configparser.RawConfigParser(strict=False, allow_no_value=True, delimiters=("=",))
    try:
        parser.read_string(text)
    except configparser.Error:
        return {}
    if not parser.has_section("uwsgi"):
        return {}
    values = {key.replace("_", "-"): value or "" for key, value in parser.items("uwsgi")}
    return {key: value for key, value in values.items() if not re.search(r"%\(|\$\(|%[a-zA-Z]|@\(", value)}


SERVERS: Mapping[str, Callable[[Run], list[Start]]] = {
    "uvicorn": _uvicorn,
    "gunicorn": _gunicorn,
    "hypercorn": _hypercorn,
    "daphne": _daphne,
    "granian": _granian,
    "waitress-serve": _waitress,
    "waitress": _waitress,
    "flask": _flask,
    "quart": _flask,
    "fastapi": _fastapi,
    "streamlit": _streamlit,
    "sanic": _sanic,
    "uwsgi": _uwsgi,
}
