"""A real interpreter that answers what importing modules of a mutated package comes to."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any


class Interpreter:
    """A fork server over one folder of packages; `python` has their dependencies installed."""

    def __init__(self, python: str, root: Path) -> None:
        self.root = root
        self._process = subprocess.Popen(
            [python, "-I", "-B", "-W", "ignore", str(Path(__file__).with_name("server.py")), str(root)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait()

    def warm(self, modules: Sequence[str]) -> None:
        self._ask({"do": "warm", "modules": list(modules)})

    def imports(self, modules: Sequence[str], closure: bool = False) -> dict[str, dict[str, Any] | None]:
        """For each module what `import module` does: `errors` (as `oracle.child` words them), `outside`, `modules`.

        None where the process died or took too long.
        """
        found: dict[str, dict[str, Any] | None] = self._ask(
            {"do": "import", "modules": list(modules), "closure": closure}
        )
        return found

    def mutated(self, changed: Mapping[str, str | None], modules: Sequence[str]) -> dict[str, dict[str, Any] | None]:
        """The same with files changed or gone; they are put back afterwards."""
        originals = {path: (self.root / path).read_bytes() for path in changed}
        try:
            for path, text in changed.items():
                for cached in (self.root / path).parent.glob(f"__pycache__/{Path(path).stem}.*.pyc"):
                    cached.unlink()
                if text is None:
                    (self.root / path).unlink()
                    self._tidy((self.root / path).parent)
                else:
                    (self.root / path).write_bytes(text.encode("utf-8", "surrogateescape"))
            return self.imports(modules)
        finally:
            for path, data in originals.items():
                (self.root / path).parent.mkdir(parents=True, exist_ok=True)
                (self.root / path).write_bytes(data)

    def _tidy(self, folder: Path) -> None:
        """A folder without files is none to git; to the interpreter it would be a namespace package."""
        while folder != self.root and not any(path.is_file() for path in folder.rglob("*")):
            shutil.rmtree(folder)
            folder = folder.parent

    def _ask(self, request: dict[str, Any]) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the fork server died")
        return json.loads(line)
