"""What a command line starts: `CMD`, `ENTRYPOINT`, a Procfile's line, a compose file's `command`.

Only what is certain is told: a target that hangs on a variable nobody declares is no start, nor is a program that is
not known here.
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping, Sequence
from dataclasses import replace

from merge_guard.deploy.jobs import JOBS
from merge_guard.deploy.python_command import INTERPRETER, python_starts
from merge_guard.deploy.servers import SERVERS
from merge_guard.deploy.shell import simple_commands
from merge_guard.deploy.start import UNKNOWN, Read, Run, Start
from merge_guard.deploy.wrappers import unwrap
from merge_guard.startup.resolve import is_stdlib

__all__ = ["Start", "starts"]

_SHELLS = frozenset({"sh", "bash", "ash", "dash", "zsh", "ksh"})
_MOST_STARTS = 100
_MOST_PROGRAMS = 1_000
_MOST_TEXTS = 200_000
"""Characters of shell text, all told."""
_DEEPEST = 16
_TOOLS = {**SERVERS, **JOBS}
# Modules that run another program: `python -m poetry run x`.
_MODULES = {
    "ddtrace.commands.ddtrace_run": "ddtrace-run",
    "opentelemetry.instrumentation.auto_instrumentation": "opentelemetry-instrument",
    "huey.bin.huey_consumer": "huey_consumer",
    "fastapi_cli": "fastapi",
    "poetry": "poetry",
    "pipenv": "pipenv",
    "pdm": "pdm",
    "uv": "uv",
    "coverage": "coverage",
    "dotenv": "dotenv",
    "watchfiles": "watchfiles",
}
_DEBUGGERS = frozenset({"debugpy", "pdb", "cProfile", "trace", "viztracer", "scalene", "pyinstrument", "kernprof"})


def starts(
    command: str | Sequence[str],
    env: Mapping[str, str],
    cwd: str,
    read: Read = lambda path: None,
    scripts: Mapping[str, str] | None = None,
) -> tuple[Start, ...]:
    """Every start of a command, in order: shell text (a string) or words (exec form).

    `cwd` is where it runs, relative to the root of the tree or absolute (in an image); the paths of the answer are of
    the same kind. `env` is what is declared. `read` gives the text of files there, so that the project's own shell
    scripts and configuration files are read; `scripts` are console scripts of the project, name to `module:attr`. A
    word may hold `UNKNOWN`.
    """
    reader = _Reader()
    run = Run("", (), env, cwd, read, scripts or {})
    if isinstance(command, str):
        reader.text(run, command, (), "")
    elif command:
        reader.run(replace(run, program=command[0], args=tuple(command[1:])))
    return tuple(dict.fromkeys(reader.found[:_MOST_STARTS]))


class _Reader:
    """Follows one command; what it may read and find is bounded, for a script can call itself."""

    def __init__(self) -> None:
        self.found: list[Start] = []
        self.programs = _MOST_PROGRAMS
        self.texts = _MOST_TEXTS
        self.depth = 0

    def run(self, run: Run) -> None:
        self.programs -= 1
        if self.depth > _DEEPEST or self.programs < 0 or len(self.found) > _MOST_STARTS:
            return
        if not run.program or UNKNOWN in run.program:
            return
        self.depth += 1
        self._follow(run)
        self.depth -= 1

    def _follow(self, run: Run) -> None:
        if "/" in run.program and self._own_file(run):
            return
        run = replace(run, program=posixpath.basename(run.program))
        known = run.scripts.get(run.program)
        name = run.program.removesuffix(".py")
        if run.program in _SHELLS:
            self._shell(run)
        elif known is not None:
            self.found += run.imports(known, via="console script", call=False)
        elif INTERPRETER.match(run.program):
            found = python_starts(replace(run, program="python"), self._tool)
            self.found += [start for start in found if not _is_standard(start)]
        elif name in _TOOLS:
            self.found += _TOOLS[name](replace(run, program=name))
        else:
            inner = unwrap(run)
            if inner is not None and inner is not run:
                self.run(inner)

    def text(self, run: Run, text: str, args: tuple[str, ...], name: str) -> None:
        """Shell text; `args` are its `$1` …, `name` the script's path as `$0` would give it."""
        self.texts -= len(text)
        if self.texts < 0:
            return
        for command in simple_commands(text, run.env, run.cwd, args, name):
            certain = run.certain and command.certain
            program, *rest = command.words
            self.run(replace(run, program=program, args=tuple(rest), env=command.env, cwd=command.cwd, certain=certain))

    def _tool(self, run: Run) -> bool:
        """A module that loads something else, run by `python -m`; False where it is none."""
        name = _MODULES.get(run.program, run.program.removesuffix(".__main__"))
        if name in _DEBUGGERS:
            # From the script or `-m` on it is Python's own line.
            index = next((i for i, word in enumerate(run.args) if word == "-m" or word.endswith(".py")), None)
            if index is not None:
                self.run(replace(run, program="python", args=run.args[index:]))
        elif name in _TOOLS:
            self.found += _TOOLS[name](replace(run, program=name))
        elif run.program in _MODULES:
            inner = unwrap(replace(run, program=name))
            if inner is not None:
                self.run(inner)
        else:
            return False
        return True

    def _own_file(self, run: Run) -> bool:
        """A file named by its path: a Python script, or a shell script of the project's own."""
        if run.program.endswith(".py"):
            self.found += run.runs_script(run.program, via="python")
            return True
        path = run.path(run.program)
        text = run.read(path) if UNKNOWN not in path else None
        if text is None:
            return False
        first = text.partition("\n")[0]
        if not first.startswith("#!") or any(f"{before}{shell}" in first for shell in _SHELLS for before in "/ "):
            self._script(run, path, text, run.args)
        return True

    def _shell(self, run: Run) -> None:
        """`sh -c text [name args]`, or `sh script args`."""
        args = run.args
        index = 0
        reads_text = False
        while index < len(args) and args[index][:1] in ("-", "+") and len(args[index]) > 1:
            word = args[index]
            index += 1
            if word == "--":
                break
            if word.startswith("--"):
                index += word in ("--rcfile", "--init-file")
                continue
            reads_text = reads_text or (word[0] == "-" and "c" in word)
            index += word[-1] in "oO"
        if index >= len(args) or UNKNOWN in args[index]:
            return
        if reads_text:
            self.text(run, args[index], args[index + 2 :], "")
            return
        path = run.path(args[index])
        text = run.read(path) if UNKNOWN not in path else None
        if text is not None:
            self._script(run, path, text, args[index + 1 :])

    def _script(self, run: Run, path: str, text: str, args: tuple[str, ...]) -> None:
        name = path
        if not path.startswith("/") and not run.cwd.startswith("/"):
            name = posixpath.relpath(path, run.cwd or ".")
        self.text(run, text, args, name)


def _is_standard(start: Start) -> bool:
    return "/" not in start.module and start.via == "python" and is_stdlib(start.module.partition(".")[0])
