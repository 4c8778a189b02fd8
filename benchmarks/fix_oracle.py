#!/usr/bin/env python3
"""Real packages with an invented deprecation: what `fix` rewrites, and whether their tests pass without the old module.

    python benchmarks/fix_oracle.py                 every case of the table below
    python benchmarks/fix_oracle.py --cases rich    some of them

A module of the package is moved to another name, and a shim that imports every name stays in its old place. The old
paths are deprecated, `fix` runs, and the shim is deleted. Then the package's own tests have to give what they gave
before (or, where it ships none, every module has to import), lines that no edit concerns have to be equal byte for
byte, and a second `fix` has to change nothing.
"""

from __future__ import annotations

import argparse
import ast
import difflib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
import time
import venv
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Case:
    """`source` is the folder of the package in the source distribution; without `names` the module is deprecated.

    Without `tests` it is what an installation has, and its modules are imported.
    """

    requirement: str
    source: str
    package: str
    old: str
    new: str
    names: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()
    keeps_shim: bool = False


CASES = {
    "werkzeug": Case(
        "werkzeug==3.1.3", "src", "werkzeug", "exceptions", "http_errors",
        ("HTTPException", "BadRequest", "NotFound", "RequestEntityTooLarge", "SecurityError", "BadRequestKeyError"),
        ("pytest", "markupsafe", "pytest-timeout", "ephemeral-port-reserve", "watchdog", "cryptography",
         "pytest-xprocess"),
        ("-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "tests", "--ignore=tests/test_serving.py",
         "--ignore=tests/middleware/test_http_proxy.py", "--ignore=tests/test_debug.py"),
    ),
    "jinja2": Case(
        "jinja2==3.1.6", "src", "jinja2", "exceptions", "template_errors", (),
        ("pytest", "markupsafe", "trio"), ("-m", "pytest", "-q", "-p", "no:cacheprovider", "tests"),
    ),
    "rich": Case("rich==14.0.0", ".", "rich", "text", "styled_text", ("Text",), ("pygments", "markdown-it-py")),
    # Nearly all of its modules say `from .. import exc` and `exc.ArgumentError`.
    "sqlalchemy": Case(
        "sqlalchemy==2.0.40", ".", "sqlalchemy", "exc", "failures", ("SQLAlchemyError",),
        ("typing_extensions", "greenlet"),
        keeps_shim=True,  # the package itself imports the module for those who say `sqlalchemy.exc`
    ),
    "click": Case(
        "click==8.1.8", "src", "click", "exceptions", "failures",
        ("UsageError", "ClickException", "BadParameter", "Abort"),
        ("pytest<9",), ("-m", "pytest", "-q", "-p", "no:cacheprovider", "tests"),
    ),
}  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", nargs="*", default=list(CASES), choices=list(CASES))
    parser.add_argument("--work", type=Path, default=Path(tempfile.gettempdir()) / "fix-oracle")
    options = parser.parse_args()
    bad = 0
    for name in options.cases:
        figures = judged(CASES[name], options.work / name)
        print(json.dumps({"case": name, **figures}), flush=True)
        bad += not figures["sound"]
    return 1 if bad else 0


def judged(case: Case, work: Path) -> dict[str, object]:
    root = unpacked(case, work)
    python = environment(case, work)
    base = root / case.source / case.package
    before = tested(case, python, root)
    deprecate(case, root, base)
    texts = {path: path.read_bytes() for path in root.rglob("*.py")}
    started = time.perf_counter()
    said = merge_guard("fix", "--jobs", "2", cwd=root)
    seconds = time.perf_counter() - started
    changed = {path: (old, path.read_bytes()) for path, old in texts.items() if path.read_bytes() != old}
    if not case.keeps_shim:
        (base / f"{case.old}.py").unlink()
    after = tested(case, python, root)
    subprocess.run(["git", "checkout", "-q", str(base / f"{case.old}.py")], cwd=root, check=True)
    again = merge_guard("fix", "--jobs", "2", cwd=root)
    unconcerned = [line for old, new in changed.values() for line in stray_lines(case, old, new)]
    return {
        "files": len(changed),
        "lines": sum(len(list(removed(old, new))) for old, new in changed.values()),
        "tests_before": before,
        "tests_after": after,
        "lines_changed_that_name_nothing_moved": unconcerned,
        "second_run": again.splitlines()[-1],
        "left": sum("left as it is" in line for line in said.splitlines()),
        "seconds": round(seconds, 1),
        "sound": bool(changed)
        and before == after
        and "error" not in before
        and not unconcerned
        and again.endswith("0 files changed\n"),
    }


def unpacked(case: Case, work: Path) -> Path:
    subprocess.run(["rm", "-rf", str(work / "tree")], check=True)
    (work / "tree").mkdir(parents=True)
    if not case.tests:
        target = work / "tree" / case.package
        install = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-compile", "--target", str(target)]
        subprocess.run([*install, case.requirement], check=True)
        return target
    if not list(work.glob("*.tar.gz")):
        command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--no-binary", ":all:", case.requirement]
        subprocess.run(command, cwd=work, check=True)
    with tarfile.open(next(work.glob("*.tar.gz"))) as archive:
        archive.extractall(work / "tree")
    (root,) = (work / "tree").iterdir()
    return root


def environment(case: Case, work: Path) -> str:
    folder = work / "environment"
    python = str(folder / "bin" / "python")
    if not folder.exists():
        venv.create(folder, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "-q", *case.needs, "setuptools"], check=True)
    return python


def deprecate(case: Case, root: Path, base: Path) -> None:
    old, new = base / f"{case.old}.py", base / f"{case.new}.py"
    old.rename(new)
    bound = sorted({name for node in ast.parse(new.read_bytes()).body for name in bindings(node)} - {"annotations"})
    old.write_text("".join(f"from .{case.new} import {name} as {name}\n" for name in bound))
    module, target = f"{case.package}.{case.old}", f"{case.package}.{case.new}"
    pairs = {f"{module}:{name}": f"{target}:{name}" for name in case.names} or {module: target}
    if case.names:
        # What is not deprecated is nowhere else: the shim goes, so all of it has to be.
        pairs = {f"{module}:{name}": f"{target}:{name}" for name in bound}
    table = ", ".join(f'"{a}" = "{b}"' for a, b in pairs.items())
    roots = f'source-roots = ["{case.source}"]\n' if case.source != "." else ""
    (root / "merge-guard.toml").write_text(
        f'entry = ["{case.package}"]\n{roots}[ssot.moved]\ndeprecated-paths = {{ {table} }}\n'
    )
    for command in (["init", "-q"], ["add", "-A"], ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "a"]):
        subprocess.run(["git", *command], cwd=root, check=True)


def bindings(node: ast.stmt) -> list[str]:
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        return [node.name]
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return [alias.asname or alias.name.partition(".")[0] for alias in node.names]
    if isinstance(node, (ast.Assign, ast.AnnAssign)) and getattr(node, "value", None) is not None:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        return [name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)]
    inner = [item for name in ("body", "orelse") for item in getattr(node, name, ())]
    return [name for item in inner for name in bindings(item)] if isinstance(node, ast.If) and not _typing(node) else []


def _typing(node: ast.If) -> bool:
    return "TYPE_CHECKING" in ast.unparse(node.test)


def tested(case: Case, python: str, root: Path) -> str:
    environ = {"PYTHONPATH": str(root / case.source), "PATH": "/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1"}
    if case.tests:
        command = [python, *case.tests]
    else:
        program = (
            "import importlib, pkgutil, sys\n"
            f"package = importlib.import_module({case.package!r})\n"
            "names = [m.name for m in pkgutil.walk_packages(package.__path__, package.__name__ + '.')]\n"
            "good = 0\n"
            "for name in names:\n"
            f"    if name.endswith(('.__main__', '.{case.old}', '.{case.new}')): continue\n"
            "    try: importlib.import_module(name); good += 1\n"
            "    except Exception as error: print(name, error)\n"
            "print(good, 'modules imported')\n"
        )
        command = [python, "-c", program]
    done = subprocess.run(command, cwd=root, env=environ, capture_output=True, text=True, check=False)
    last = (done.stdout.strip().splitlines() or done.stderr.strip().splitlines() or [""])[-1]
    return re.sub(r" in [0-9.]+s.*|, \d+ warnings?", "", last)


def merge_guard(*arguments: str, cwd: Path) -> str:
    command = [str(Path(sys.executable).with_name("merge-guard")), *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=True).stdout


def removed(old: bytes, new: bytes) -> list[str]:
    lines = [data.decode("utf-8", "surrogateescape").splitlines(keepends=True) for data in (old, new)]
    return [line for line in difflib.ndiff(*lines) if line.startswith("- ")]


def stray_lines(case: Case, old: bytes, new: bytes) -> list[str]:
    """Changed lines that are neither part of an import of the old module nor use it by its name."""
    concerned: set[int] = set()
    for node in ast.walk(ast.parse(old)):
        text = ast.unparse(node) if isinstance(node, (ast.Import, ast.ImportFrom, ast.Attribute)) else ""
        if re.search(rf"\b{case.old}\b", text):
            concerned.update(range(node.lineno, node.end_lineno + 1))
    lines = old.decode("utf-8", "surrogateescape").splitlines(keepends=True)
    after = new.decode("utf-8", "surrogateescape").splitlines(keepends=True)
    blocks = difflib.SequenceMatcher(None, lines, after, autojunk=False).get_opcodes()
    gone = {number for tag, low, high, _, _ in blocks if tag != "equal" for number in range(low + 1, high + 1)}
    return [lines[number - 1] for number in sorted(gone - concerned)]


if __name__ == "__main__":
    sys.exit(main())
