"""A report that holds after a change is the report that a judgement from nothing comes to."""

from __future__ import annotations

import ast
import random
import shutil
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import click
import pytest
from gitrepo import GitRepo
from oracle.interpreters import RUNNING, interpreters

from merge_guard import wiring
from merge_guard.facts.extract import extract
from merge_guard.model.renumbering import moved
from merge_guard.model.report import Report, Verdict
from merge_guard.model.request import Mode, Request

CONFLICT = "<<<<<<< HEAD\nx = 1\n=======\nx = 2\n>>>>>>> other\n"
TREE = {
    "pyproject.toml": "[project]\nname = 'shop'\nversion = '1'\n[project.scripts]\nshop = 'shop.main:run'\n",
    "Dockerfile": 'FROM python:3.11\nWORKDIR /srv\nCOPY shop shop\nCMD ["python", "-m", "shop.main"]\n',
    "shop/__init__.py": "",
    "shop/main.py": """\
from shop.factory import build
from shop.models import Item


def run():
    return 1


app = build(Item)
""",
    "shop/factory.py": """\
import os


def build(kind):
    from shop import routes
    return routes.table(kind)


def unused():
    import shop.rare
    return shop.rare
""",
    "shop/routes.py": """\
from shop.models import Item, Order


def table(kind):
    return [kind, Item, Order]
""",
    "shop/models.py": """\
class Base:
    def save(self):
        return 1

    def drop(self):
        return 2


class Item(Base):
    size = 1


class Order(Base):
    pass
""",
    "shop/rare.py": """\
from shop.models import Base


def once():
    value = 1
    return value
""",
    "shop/aside.py": """\
from shop.models import Item
from shop.rare import once


def first():
    return once()


def second():
    return Item
""",
    "tests/test_shop.py": """\
from shop.aside import first
from shop.models import Order


def test_first():
    assert first()


def test_first():
    assert Order
""",
    "tools/work.py": """\
import shop.aside

if __name__ == '__main__':
    shop.aside.first()
""",
    "notes.md": "# Notes\n",
}

Edit = Callable[[random.Random, Path, Sequence[Path]], None]


def _lines(place: Path) -> list[str]:
    return place.read_text(encoding="utf-8", errors="replace").splitlines(keepends=True)


def _nodes(place: Path, *kinds: type[ast.AST]) -> list[ast.AST]:
    try:
        tree = ast.parse(place.read_bytes())
    except (SyntaxError, ValueError):
        return []
    return [node for node in ast.walk(tree) if isinstance(node, kinds)]


def into_a_body(chance: random.Random, root: Path, files: Sequence[Path]) -> None:
    place = chance.choice(files)
    functions = _nodes(place, ast.FunctionDef)
    if functions:
        first = chance.choice(functions).body[0]  # type: ignore[attr-defined]
        lines = _lines(place)
        lines.insert(first.lineno - 1, " " * first.col_offset + chance.choice(("pass\n", "made = 1\n", "# nothing\n")))
        place.write_text("".join(lines), encoding="utf-8")


def out_of_a_file(chance: random.Random, root: Path, files: Sequence[Path]) -> None:
    place = chance.choice(files)
    nodes = _nodes(place, ast.FunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom, ast.Assign)
    if nodes:
        node = chance.choice(nodes)
        lines = _lines(place)
        del lines[node.lineno - 1 : node.end_lineno]  # type: ignore[attr-defined]
        place.write_text("".join(lines), encoding="utf-8")


def at_the_top(text: str) -> Edit:
    def edit(chance: random.Random, root: Path, files: Sequence[Path]) -> None:
        place = chance.choice(files)
        place.write_text(text + "".join(_lines(place)), encoding="utf-8")

    return edit


def at_the_end(text: str) -> Edit:
    def edit(chance: random.Random, root: Path, files: Sequence[Path]) -> None:
        place = chance.choice(files)
        place.write_text("".join(_lines(place)) + text, encoding="utf-8")

    return edit


def gone(chance: random.Random, root: Path, files: Sequence[Path]) -> None:
    if len(files) > 4:
        chance.choice(files).unlink()


def renamed(chance: random.Random, root: Path, files: Sequence[Path]) -> None:
    place = chance.choice(files)
    place.rename(place.with_name(f"{place.stem}_2.py"))


def added(chance: random.Random, root: Path, files: Sequence[Path]) -> None:
    place = chance.choice(files)
    target = place.with_name(f"more{chance.randrange(3)}.py")
    if not target.exists():
        shutil.copyfile(place, target)


def as_it_was(chance: random.Random, root: Path, files: Sequence[Path]) -> None:
    """A state that was judged before."""


def configured(chance: random.Random, root: Path, files: Sequence[Path]) -> None:
    text = chance.choice(("", "ignore = ['MG302']\n", "exclude = ['tests/']\n", "builtins = ['made']\n"))
    (root / "merge-guard.toml").write_text(text)


def shipped(chance: random.Random, root: Path, files: Sequence[Path]) -> None:
    copied = chance.choice(("shop shop", ". .", "shop/main.py shop/main.py"))
    (root / "Dockerfile").write_text(TREE["Dockerfile"].replace("shop shop", copied))


EDITS: tuple[Edit, ...] = (
    into_a_body, into_a_body, into_a_body, at_the_top("# a line\n"), at_the_top("\n\n"), at_the_end("# the end\n"),
    out_of_a_file, out_of_a_file, gone, renamed, added, as_it_was, configured, shipped, at_the_end("made = 1\n"),
    at_the_top(CONFLICT), at_the_end("def broken(:\n"), at_the_top("import shop.nowhere\n"),
    at_the_end("  # noqa: MG302\n"),
)  # fmt: skip


@pytest.fixture(autouse=True)
def unsettled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("merge_guard.sources.stamps.SETTLED", -(10**9))


def said(root: Path, cache: Path | None, **fields: object) -> tuple[Report, bool]:
    """The report without its times, and whether it was known."""
    request = Request(start=str(root), cache_dir=str(cache) if cache else None, jobs=1, **fields)  # type: ignore[arg-type]
    report = wiring.judge(request)
    return replace(report, timings={}, summary=replace(report.summary, seconds=0)), "recalled" in report.timings


def write(root: Path) -> Path:
    for path, text in TREE.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return root


def of_click(root: Path) -> Path:
    shutil.copytree(Path(click.__file__).parent, root / "click", ignore=shutil.ignore_patterns("__pycache__"))
    return root


@pytest.mark.parametrize("make", [write, of_click], ids=["made", "a real package"])
@pytest.mark.parametrize("seed", range(4))
def test_equal_over_edits(tmp_path: Path, make: Callable[[Path], Path], seed: int) -> None:
    chance = random.Random(seed)
    root = tmp_path / "tree"
    root.mkdir()
    make(root)
    before = tmp_path / "before"
    known = 0
    for _ in range(12):
        shutil.copytree(root, before, dirs_exist_ok=True)
        files = sorted(root.rglob("*.py"))
        edit = chance.choice(EDITS)
        edit(chance, root, files)
        again, was_known = said(root, tmp_path / "cache")
        assert again == said(root, None)[0], edit
        known += was_known
        if chance.random() < 0.3:
            shutil.rmtree(root)
            shutil.copytree(before, root)
        shutil.rmtree(before)
    assert known < 12


@pytest.mark.parametrize("seed", range(3))
def test_equal_over_commits(tmp_path: Path, seed: int) -> None:
    """What the hook judges: every time other files, against another commit."""
    chance = random.Random(seed)
    root = tmp_path / "tree"
    repo = GitRepo(root)
    repo.commit(TREE)
    known = 0
    for _ in range(8):
        files = sorted(root.rglob("*.py"))
        for _ in range(chance.randrange(1, 3)):
            chance.choice(EDITS[:6] if chance.random() < 0.7 else EDITS)(chance, root, [f for f in files if f.exists()])
        repo.run("add", "-A")
        again, was_known = said(root, tmp_path / "cache", mode=Mode.STAGED)
        assert again == said(root, None, mode=Mode.STAGED)[0]
        known += was_known
        if chance.random() < 0.7:
            repo.run("commit", "-q", "--allow-empty", "-m", "more")
    assert known < 8


@pytest.mark.parametrize(
    ("path", "text", "holds"),
    [
        pytest.param("shop/aside.py", TREE["shop/aside.py"].replace("return once()", "x = 1\n    return once()"), True,
                     id="a body"),
        pytest.param("shop/aside.py", "# said\n\n" + TREE["shop/aside.py"], True, id="other lines"),
        pytest.param("shop/models.py", TREE["shop/models.py"].replace("return 2", "return 3"), True,
                     id="a body that start-up does not ask for"),
        pytest.param("notes.md", "# Other notes\n", True, id="a text"),
        pytest.param("shop/factory.py", TREE["shop/factory.py"].replace("[kind", "[1, kind"), True, id="nothing"),
        pytest.param("shop/routes.py", TREE["shop/routes.py"].replace("[kind", "[1, kind"), False,
                     id="a body that start-up runs"),
        pytest.param("shop/aside.py", TREE["shop/aside.py"].replace("def second", "def other"), False, id="an export"),
        pytest.param("shop/aside.py", "import shop.gone\n" + TREE["shop/aside.py"], False, id="an import"),
        pytest.param("tests/test_shop.py", "# said\n" + TREE["tests/test_shop.py"], False, id="lines of a finding"),
        pytest.param("pyproject.toml", TREE["pyproject.toml"] + "# said\n", False, id="what is read as it is"),
        pytest.param("notes.md", CONFLICT, False, id="a conflict"),
    ],
)  # fmt: skip
def test_when_a_report_holds(tmp_path: Path, path: str, text: str, holds: bool) -> None:
    root = write(tmp_path / "tree")
    said(root, tmp_path / "cache")
    (root / path).write_text(text)
    again, known = said(root, tmp_path / "cache")
    assert again == said(root, None)[0]
    assert known is holds


def test_a_staged_body_holds_over_commits(tmp_path: Path) -> None:
    repo = GitRepo(tmp_path / "tree")
    repo.commit(TREE)
    known = []
    for number in range(4):
        path = ("shop/aside.py", "shop/rare.py")[number % 2]
        place = repo.root / path
        place.write_text(f"# {number}\n" + place.read_text())
        repo.run("add", "-A")
        again, was_known = said(repo.root, tmp_path / "cache", mode=Mode.STAGED)
        assert again == said(repo.root, None, mode=Mode.STAGED)[0]
        known.append(was_known)
        repo.run("commit", "-q", "-m", "more")
    assert known == [False, True, True, True]


def test_what_is_not_listed_may_come_into_the_change(tmp_path: Path) -> None:
    repo = GitRepo(tmp_path / "tree")
    repo.commit(TREE | {"shop/extra.py": "import shop.nowhere\n"})
    asked = {"mode": Mode.STAGED, "paths": (str(repo.root / "tools"),)}
    assert said(repo.root, tmp_path / "cache", **asked)[0].verdict is Verdict.READY
    repo.commit({"shop/extra.py": "import shop.nowhere\n# a change\n"})
    repo.run("reset", "-q", "--soft", "HEAD~1")
    again, _ = said(repo.root, tmp_path / "cache", **asked)
    assert again == said(repo.root, None, **asked)[0]
    assert again.verdict is Verdict.BLOCKED


CAME_WITH = {
    (3, 11): "try:\n    pass\nexcept* OSError:\n    pass\n",
    (3, 12): "type A = int\n",
    (3, 13): "type A[T = int] = list[T]\n",
}


def test_a_python_that_comes_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    version = (RUNNING[0], RUNNING[1] + 1)
    if version not in interpreters() or version not in CAME_WITH:
        pytest.skip("no newer Python here")
    said_of_itself = [interpreters()[version], "-c", "import sys; print(sys.executable)"]
    newer = Path(subprocess.run(said_of_itself, capture_output=True, text=True, check=True).stdout.strip())
    git = Path(shutil.which("git") or "git")
    shown = ".".join(map(str, version))
    for place, program in (("bin/git", git), (f"later/{shown}.0/bin/python{shown}", newer)):
        (tmp_path / place).parent.mkdir(parents=True)
        (tmp_path / place).symlink_to(program)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))
    root = tmp_path / "tree"
    root.mkdir()
    (root / "main.py").write_text(CAME_WITH[version])
    asked = {"entry": ("main",), "target_python": shown}
    before = said(root, tmp_path / "cache", **asked)[0]
    (tmp_path / "later").rename(tmp_path / "versions")
    again, was_known = said(root, tmp_path / "cache", **asked)
    assert (again, was_known) == (said(root, None, **asked)[0], False)
    assert again.findings != before.findings


def test_what_changes_meanwhile_is_not_kept(tmp_path: Path) -> None:
    """The facts of a file are known, and what is read for more is not what they were made from."""
    root = write(tmp_path / "tree")
    place = root / "tests/test_shop.py"
    said(root, tmp_path / "cache", ignore=("MG4",))
    request = Request(start=str(root), cache_dir=str(tmp_path / "cache"), jobs=1)
    wiring.judge(request, progress=lambda *_: place.write_text("") and None)
    assert not place.read_text()
    place.write_text(TREE["tests/test_shop.py"])
    assert said(root, tmp_path / "cache")[0] == said(root, None)[0]


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        pytest.param("import a\nimport b\n", "\n\nimport a\n# x\nimport b\n", True, id="other lines"),
        pytest.param("from a import b, c\n", "from a import (\n    b, c)\n", False, id="other columns"),
        pytest.param("from a import (b,\n  c)\nx = 1\n", "\nfrom a import (b,\n  c)\nx = 1\n", True, id="names"),
        pytest.param("import a; import b\n", "import a\nimport b\n", False, id="lines that part"),
        pytest.param("x = 1\n", "x = 2\n", False, id="a value"),
        pytest.param("x = 1\n", "x = True\n", False, id="equal, and something else"),
        pytest.param("def f():\n    import a\n", "\ndef f():\n\n    import a\n", True, id="inside functions"),
        pytest.param("def f():\n    import a\n", "def f():\n    import b\n", False, id="another import inside"),
        pytest.param("x = 1  # noqa: MG302\n", "x = 1\n", False, id="a suppression"),
        pytest.param("x = 1\n", "x = 1\n<<<<<<< a\n=======\n>>>>>>> b\n", False, id="a conflict"),
    ],
)
def test_moved(old: str, new: str, same: bool) -> None:
    assert moved(extract(old.encode(), "python"), extract(new.encode(), "python")) is same
