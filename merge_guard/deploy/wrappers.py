"""Programs that run the program that stands behind them."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Mapping
from dataclasses import replace

from merge_guard.deploy.options import parse
from merge_guard.deploy.start import UNKNOWN, Run

_ASSIGNMENT = re.compile(r"([A-Za-z_]\w*)=(.*)\Z", re.DOTALL)

# Program to the options that take no value; what is left after its own options is the command.
_PLAIN = {
    "command": "-p", "nohup": "", "time": "-p", "setsid": "-c -f -w --ctty --fork --wait", "exec": "-c -l",
    "nice": "", "ionice": "-t", "stdbuf": "", "tini": "-s -v -vv -vvv -g -w -h --version", "catatonit": "-P -g",
    "docker-init": "-s -v -g -w", "ddtrace-run": "-d --debug -p --profiling -i --info", "newrelic-run": "",
    "opentelemetry-instrument": "", "dumb-init": "-c --single-child -v --verbose",
    "sudo": "-E -H -n -S -i -b -k -A --preserve-env", "memray": "", "catchsegv": "", "xvfb-run": "-a -e -l",
    "setpriv": "--init-groups --clear-groups --keep-groups --no-new-privs --list-caps --nnp",
    "start-pgbouncer": "", "start-nginx": "-f",
    "start-nginx-debug": "", "start-pgbouncer-stunnel": "", "scout-apm-run": "", "elastic-apm-run": "",
    "s6-setuidgid": "", "prlimit": "", "eatmydata": "", "numactl": "", "logfire": "", "taskset": "",
}  # fmt: skip
# Programs whose own first words are not theirs alone: how many words stand before the command.
_SKIPS = {"gosu": 1, "su-exec": 1, "s6-setuidgid": 1, "chpst": 0, "taskset": 1}
# Programs that take a command after `--`, and nothing without it.
_AFTER_DASHES = frozenset(
    {"wait-for-it", "wait-for-it.sh", "wait-for", "wait-for.sh", "wait4ports", "wait", "waitforit", "doppler",
     "infisical", "chamber", "aws-vault", "op", "dotenvx", "watchmedo", "py-spy", "envconsul", "berglas", "summon",
     "teller", "wait-for-them", "wait-for-port", "await", "vaultenv", "austin"}
)  # fmt: skip
_PYTHON_RUNNERS = {
    "pipenv": "-q --quiet -v --verbose",
    "poetry": "-q --quiet -v -vv -vvv --verbose -n --no-interaction --no-ansi --no-plugins --no-cache",
    "pdm": "-q -v -vv -n",
    "rye": "-q -v",
    "hatch": "-v -q --verbose --quiet --no-color",
}
_UV = (
    "--no-dev --frozen --locked --no-sync --isolated --active --all-extras --all-groups --no-editable --offline --exact"
    " --no-project --no-cache -n -q --quiet -v --verbose --no-progress --no-config --no-default-groups --dev --only-dev"
    " --inexact --compile-bytecode --no-env-file -s --script -m --module --gui-script --native-tls --no-index --refresh"
    " --reinstall -U --upgrade --managed-python --no-managed-python --no-python-downloads --all-packages --no-build"
    " --no-binary --no-sources --preview"
)
_CONDA = "--no-capture-output --live-stream -v --verbose --dev --debug-wrapper-scripts"


def unwrap(run: Run) -> Run | None:
    """What the program runs, itself if it wraps nothing, None where that cannot be told."""
    wrapper = _WRAPPERS.get(run.program)
    if wrapper is not None:
        return wrapper(run)
    if run.program in _AFTER_DASHES:
        return _command(run, run.args[run.args.index("--") + 1 :]) if "--" in run.args else None
    if run.program in _PLAIN:
        rest = parse(run.args, _PLAIN[run.program], first_ends=True).rest
        return _command(run, rest[_SKIPS.get(run.program, 0) :])
    return run


def _command(run: Run, words: tuple[str, ...]) -> Run | None:
    if not words or UNKNOWN in words[0]:
        return None
    return replace(run, program=words[0], args=words[1:])


def _env(run: Run) -> Run | None:
    parsed = parse(run.args, "-i --ignore-environment - -0 -v --debug", first_ends=True)
    env = {} if parsed.has("-i", "--ignore-environment") else dict(run.env)
    words = list(parsed.rest)
    split = parsed.last("-S", "--split-string")
    if split:
        try:
            words = [*shlex.split(split), *words]
        except ValueError:
            return None
    changed = parsed.last("-C", "--chdir")
    while words:
        match = _ASSIGNMENT.match(words[0])
        if not match:
            break
        env[match.group(1)] = match.group(2)
        words.pop(0)
    for name in parsed.every("-u", "--unset"):
        env.pop(name, None)
    return _command(replace(run, env=env, cwd=run.path(changed) if changed else run.cwd), tuple(words))


def _timeout(run: Run) -> Run | None:
    rest = parse(run.args, "--preserve-status --foreground -v --verbose", first_ends=True).rest
    return _command(run, rest[1:])


def _dockerize(run: Run) -> Run | None:
    """Go's flags: one dash, and a value unless it is attached."""
    words = list(run.args)
    while words and words[0].startswith("-"):
        word = words.pop(0)
        if "=" not in word and word.lstrip("-") not in ("no-overwrite", "skip-tls-verify", "poll", "version"):
            del words[:1]
    return _command(run, tuple(words))


def _user_first(run: Run) -> Run | None:
    return _command(run, run.args[1:])


def _after(word: str) -> Callable[[Run], Run | None]:
    """For programs whose command follows a word of their own, such as `newrelic-admin run-program`."""

    def wrapper(run: Run) -> Run | None:
        return _command(run, run.args[run.args.index(word) + 1 :]) if word in run.args else None

    return wrapper


def _python_runner(run: Run) -> Run | None:
    """`poetry run X`: X stands in the environment, or is a script that the project declares."""
    flags = _PYTHON_RUNNERS[run.program]
    parsed = parse(run.args, flags, first_ends=True)
    if not parsed.rest or parsed.rest[0] != "run":
        return None
    directory = parsed.last("-C", "--directory", "-P", "--project")
    inner = parse(parsed.rest[1:], flags, first_ends=True)
    words = inner.rest
    if run.program == "hatch" and words and ":" in words[0]:
        words = (words[0].partition(":")[2], *words[1:])
    cwd = run.path(directory) if directory and run.program == "poetry" else run.cwd
    return _command(replace(run, cwd=cwd), words)


def _uv(run: Run) -> Run | None:
    """`uv run [-m] X`: a command of the environment, a Python file, or a module."""
    outer = parse(run.args, _UV, first_ends=True)
    if not outer.rest or outer.rest[0] not in ("run", "tool"):
        return None
    inner = parse(outer.rest[1:], _UV, first_ends=True)
    words = inner.rest[1:] if outer.rest[0] == "tool" and inner.rest[:1] == ("run",) else inner.rest
    directory = inner.last("--directory") or outer.last("--directory")
    run = replace(run, cwd=run.path(directory) if directory else run.cwd)
    if not words:
        return None
    if inner.has("-m", "--module"):
        return replace(run, program="python", args=("-m", *words))
    if words[0].endswith(".py"):
        return replace(run, program="python", args=words)
    return _command(run, words)


def _conda(run: Run) -> Run | None:
    outer = parse(run.args, _CONDA, first_ends=True)
    if outer.rest[:1] != ("run",):
        return None
    inner = parse(outer.rest[1:], _CONDA, first_ends=True)
    changed = inner.last("--cwd")
    return _command(replace(run, cwd=run.path(changed) if changed else run.cwd), inner.rest)


def _watchfiles(run: Run) -> Run | None:
    """`watchfiles "command line" directory …`, or a dotted function."""
    target = parse(run.args, "--non-recursive --verbose --quiet", first_ends=True).rest[:1]
    if not target or UNKNOWN in target[0]:
        return None
    try:
        words = shlex.split(target[0])
    except ValueError:
        return None
    return _command(run, tuple(words)) if len(words) > 1 else None


def _coverage(run: Run) -> Run | None:
    if run.args[:1] != ("run",):
        return None
    parsed = parse(run.args[1:], "-a --append --branch -L --pylib -p --parallel-mode --timid -m --module",
                   first_ends=True)  # fmt: skip
    module = ("-m",) if parsed.has("-m", "--module") else ()
    return replace(run, program="python", args=(*module, *parsed.rest))


_WRAPPERS: Mapping[str, Callable[[Run], Run | None]] = {
    "env": _env,
    "timeout": _timeout,
    "dockerize": _dockerize,
    "gosu": _user_first,
    "su-exec": _user_first,
    "s6-setuidgid": _user_first,
    "newrelic-admin": _after("run-program"),
    "dotenv": _after("run"),
    "honeybadger": _after("run"),
    "watchfiles": _watchfiles,
    "coverage": _coverage,
    "uv": _uv,
    "conda": _conda,
    "mamba": _conda,
    "micromamba": _conda,
    **dict.fromkeys(_PYTHON_RUNNERS, _python_runner),
}
