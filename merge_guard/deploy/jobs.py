"""Workers and management commands: Celery, task queues, Django, Alembic.

Sources: `celery.app.utils.find_app`, `dramatiq.cli`, `arq.cli`, `rq.cli`, `huey.bin.huey_consumer`, `taskiq.cli`,
`django.core.management`, `alembic.config`.
"""

from __future__ import annotations

import configparser
from collections.abc import Callable, Mapping

from merge_guard.deploy.options import parse
from merge_guard.deploy.start import UNKNOWN, Run, Start, is_dotted

_CELERY = (
    "-B --beat -E --task-events --without-gossip --without-mingle --without-heartbeat -q --quiet -C --no-color -D"
    " --detach --skip-checks --version --purge --discard -h --help"
)
_DRAMATIQ = "-v --verbose --skip-logging --watch-use-polling --use-spawn -h --help --version"


def _celery(run: Run) -> list[Start]:
    parsed = parse(run.args, _CELERY)
    target = parsed.last("-A", "--app")
    if not target or not parsed.rest:
        return []
    directory = run.path(parsed.last("--workdir"))
    found = run.imports(target, directory, via="celery", call=False)
    included = ",".join(parsed.every("-I", "--include")).split(",")
    for module in filter(None, included):
        found += run.imports(module.strip(), directory, via="celery include", call=False)
    return found


def _dramatiq(run: Run) -> list[Start]:
    parsed = parse(run.args, _DRAMATIQ, greedy="-Q --queues --path -P")
    paths = [run.path(path) for path in parsed.every("--path", "-P")] or [run.cwd]
    return [start for target in parsed.rest for start in run.imports(target, *paths, call=False)]


def _dotted_object(flags: str) -> Callable[[Run], list[Start]]:
    """For programs that take `module.name`."""

    def starts(run: Run) -> list[Start]:
        rest = parse(run.args, flags).rest
        module, dot, name = rest[0].rpartition(".") if rest else ("", "", "")
        return run.imports(f"{module}:{name}", run.cwd, call=False) if dot else []

    return starts


def _rq(run: Run) -> list[Start]:
    if run.args[:1] not in (("worker",), ("worker-pool",)):
        return []
    parsed = parse(run.args[1:], "-b --burst -v --verbose -q --quiet -s --with-scheduler")
    paths = [run.path(path) for path in parsed.every("-P", "--path")] or [run.cwd]
    settings = parsed.last("-c", "--config")
    return run.imports(settings, *paths, call=False) if settings else []


def _taskiq(run: Run) -> list[Start]:
    if run.args[:1] not in (("worker",), ("scheduler",)):
        return []
    parsed = parse(run.args[1:], "-r --reload -fsd --fs-discover --no-configure-logging --no-parse --use-process-pool"
                   " --skip-first-run --no-propagate-errors")  # fmt: skip
    directory = run.path(parsed.last("-d", "--app-dir"))
    return [start for target in parsed.rest for start in run.imports(target, directory, call=False)]


def _django(run: Run) -> list[Start]:
    """`django-admin` puts nothing on the path by itself."""
    parsed = parse(run.args, "--version --help --traceback --no-color --force-color --skip-checks --noinput")
    settings = parsed.last("--settings") or run.env.get("DJANGO_SETTINGS_MODULE", "")
    added = parsed.last("--pythonpath")
    if not parsed.rest or parsed.rest[0] in ("startproject", "startapp", "help", "version") or not is_dotted(settings):
        return []
    first = [run.path(added)] if added else []
    return run.imports(settings, *first, via="django-admin", call=False)


def _alembic(run: Run) -> list[Start]:
    """`env.py` beside the migrations; `prepend_sys_path` of the ini file stands in front."""
    parsed = parse(run.args, "--raiseerr --version --help")
    if not parsed.rest or parsed.rest[0] not in ("upgrade", "downgrade", "current", "check", "stamp", "revision"):
        return []
    path = parsed.last("-c", "--config") or run.env.get("ALEMBIC_CONFIG", "") or "alembic.ini"
    text = run.read(run.path(path))
    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read_string(text or "")
    except configparser.Error:
        return []
    section = parsed.last("-n", "--name") or "alembic"
    location = parser.get(section, "script_location", fallback="")
    here = path.rpartition("/")[0] or "."
    location = location.replace("%(here)s", here)
    added = parser.get(section, "prepend_sys_path", fallback="").replace("%(here)s", here)
    if not location or ":" in location or "%" in location + added or UNKNOWN in location:
        return []
    return run.runs_script(f"{location}/env.py", *map(run.path, added.replace(":", " ").split()), via="alembic")


JOBS: Mapping[str, Callable[[Run], list[Start]]] = {
    "celery": _celery,
    "dramatiq": _dramatiq,
    "arq": _dotted_object("--burst --no-burst --check -v --verbose --version"),
    "saq": _dotted_object("-v --verbose --web --check --quiet"),
    "huey_consumer": _dotted_object(
        "-v --verbose -q --quiet -S --simple -n --no-periodic -C --disable-health-check -f"
    ),
    "rq": _rq,
    "taskiq": _taskiq,
    "django-admin": _django,
    "django": _django,
    "alembic": _alembic,
}
