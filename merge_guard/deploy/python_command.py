"""`python …`: a script, `-m module`, or the imports of `-c`."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from merge_guard.deploy.start import UNKNOWN, Run, Start, is_dotted

INTERPRETER = re.compile(r"(?:python|pypy)(?:\d+(?:\.\d+)*)?(?:\.exe)?\Z")
_FLAGS = frozenset("bBdEhiIOqsSuvVxP?")
_VALUED = frozenset("mcWX")
_IMPORT = re.compile(r"import\s+(.+)\Z")
_FROM = re.compile(r"from\s+([\w.]+)\s+import\s+(.+)\Z")
_MOST_CODE = 20_000


def python_starts(run: Run, is_tool: Callable[[Run], bool]) -> list[Start]:
    """`is_tool` takes over modules that load something else, such as `python -m uvicorn`."""
    args = run.args
    index, safe = 0, bool(run.env.get("PYTHONSAFEPATH"))
    while index < len(args):
        word = args[index]
        if not word.startswith("-") or word == "-":
            break
        index += 1
        if word.startswith("--"):
            index += word == "--check-hash-based-pycs"
            continue
        for position, letter in enumerate(word[1:], 2):
            if letter in _VALUED:
                value = word[position:]
                if not value:
                    value = args[index] if index < len(args) else ""
                    index += 1
                if letter == "m":
                    return _module(run, value, args[index:], safe, is_tool)
                if letter == "c":
                    return _code(run, value, safe)
                break
            if letter not in _FLAGS:
                return []
            safe = safe or letter in "IP"
    if index >= len(args) or args[index] == "-":
        return []
    return _script(run, args[index], safe)


def _own(run: Run, safe: bool) -> tuple[str, ...]:
    return () if safe else (run.cwd,)


def _script(run: Run, word: str, safe: bool) -> list[Start]:
    path = run.path(word)
    if UNKNOWN not in path and not path.endswith(".py"):
        main = f"{path}/__main__.py" if path else "__main__.py"
        return [] if run.read(main) is None else run.runs_script(main if path else "./__main__.py", path)
    return run.runs_script(word)


def _module(run: Run, module: str, args: tuple[str, ...], safe: bool, is_tool: Callable[[Run], bool]) -> list[Start]:
    if UNKNOWN in module or is_tool(replace(run, program=module, args=args)):
        return []
    return run.runs_module(module, *_own(run, safe))


def _code(run: Run, code: str, safe: bool) -> list[Start]:
    """The imports at the beginning; what follows any other statement is not followed."""
    found: list[Start] = []
    if UNKNOWN in code or len(code) > _MOST_CODE:
        return found
    for statement in re.split(r"[;\n]", code):
        statement = statement.strip()
        plain, chosen = _IMPORT.match(statement), _FROM.match(statement)
        if plain:
            for item in plain.group(1).split(","):
                found += run.imports(item.split(" as ")[0].strip(), *_own(run, safe), call=False)
        elif chosen:
            module, names = chosen.group(1), [item.split(" as ")[0].strip() for item in chosen.group(2).split(",")]
            if not all(map(is_dotted, names)):
                break
            for name in names:
                found += run.imports(f"{module}:{name}", *_own(run, safe), call=False)
        elif statement and not statement.startswith("#"):
            break
    return found
