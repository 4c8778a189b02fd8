"""Break modules of a tree and let CPython say which others cannot be imported then. Run as a script in a child process.

Reads `{"trees": [[directory, [module, ...]], ...]}` from standard input; writes for each tree the modules that fail,
each imported in a process of its own.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path


def failing(trees: Sequence[tuple[Path, Sequence[str]]]) -> list[set[str]]:
    done = subprocess.run(
        [sys.executable, "-I", "-B", __file__],
        input=json.dumps([[str(directory), list(modules)] for directory, modules in trees]),
        capture_output=True,
        text=True,
        check=True,
    )
    return [set(names) for names in json.loads(done.stdout)]


def write_tree(root: Path, files: Mapping[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def _fails(directory: str, module: str) -> bool:
    child = os.fork()
    if not child:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        sys.path.insert(0, directory)
        try:
            import_module(module)
        except BaseException:
            os._exit(1)
        os._exit(0)
    return os.waitpid(child, 0)[1] != 0


if __name__ == "__main__":
    given = json.load(sys.stdin)
    answers = [[name for name in modules if _fails(directory, name)] for directory, modules in given]
    print(json.dumps(answers))
