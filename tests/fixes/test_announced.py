"""A finding's `fix` says what `merge-guard fix` does with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from merge_guard import wiring
from merge_guard.model.request import Request
from merge_guard.operations.fix import fix
from tests.functional.command import write

CONFIG = """[tool.merge-guard.ssot.manager]
canonical = "app.new:Manager"
deprecated-paths = { "app.old:Manager" = "app.new:Manager", "app.gone" = "app.new" }
"""
TREE = {
    "pyproject.toml": CONFIG,
    "app/__init__.py": "",
    "app/new.py": "class Manager: ...\n",
    "app/old.py": "from app.new import Manager\n",
    "app/gone.py": "from app.new import Manager\n",
}
METHODS = "".join(f"    def {name}(self):\n        return self.{name}s + 1\n" for name in ("user", "item", "order"))
CLASS = f"class Store:\n{METHODS}"


def twice(definition: str) -> str:
    return f"{definition}LIMIT = 1\n{definition}"


@pytest.mark.parametrize(
    ("text", "code", "safe"),
    [
        pytest.param("x = 1  # noqa: MG302\n", "MG901", True, id="a suppression"),
        pytest.param("from app.old import Manager\n", "MG405", True, id="a deprecated name"),
        pytest.param("from app.gone import Manager\n", "MG405", True, id="a deprecated module"),
        pytest.param("from app.gone import *\n", "MG405", None, id="a star import"),
        pytest.param(twice("def f(a, b=1):\n    return a\n"), "MG407", True, id="a function again"),
        pytest.param(twice("def f(a, b=c()):\n    return a\n"), "MG407", False, id="whose default is made"),
        pytest.param(twice("def f(a: c()):\n    return a\n"), "MG407", False, id="whose annotation is made"),
        pytest.param(twice("class A:\n    x = 1\n    def f(self): ...\n"), "MG407", True, id="a class again"),
        pytest.param(twice("class A(B):\n    x = 1\n"), "MG407", False, id="with a base"),
        pytest.param(twice("class A:\n    x = y()\n"), "MG407", False, id="with a value that is made"),
        pytest.param("def f(): return 1\nL = 1\ndef f(): return 2\n", "MG407", None, id="another function"),
        pytest.param("def f():\n    'A.'\nL = 1\ndef f():\n    'B.'\n", "MG407", None, id="another docstring"),
        pytest.param(CLASS, "MG403", False, id="a copy"),
        pytest.param(f"@decorated\n{CLASS}", "MG403", None, id="a decorated copy"),
        pytest.param(f"if x:\n{CLASS}".replace("\n", "\n    ").rstrip() + "\n", "MG403", None, id="a copy in a branch"),
    ],
)
def test_what_is_announced_is_done(tmp_path: Path, text: str, code: str, safe: bool | None) -> None:
    write(tmp_path, {**TREE, "app/first.py": CLASS, "app/use.py": text})
    request = Request(start=str(tmp_path), extend_select=("MG403",), jobs=1)
    (finding,) = [item for item in wiring.judge(request).findings if item.code == code]
    assert finding.place.path == "app/use.py"
    assert (finding.fix.safe if finding.fix else None) is safe
    done = [bool(fix(request, unsafe=unsafe, write=False).changes) for unsafe in (False, True)]
    assert done == {True: [True, True], False: [False, True], None: [False, False]}[safe]
