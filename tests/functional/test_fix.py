"""`merge-guard fix` through the installed command, on real repositories."""

from __future__ import annotations

import os
import stat
import subprocess
from pathlib import Path

import pytest

from tests.functional.command import report, run, state
from tests.gitrepo import GitRepo

CONFIG = """[tool.merge-guard]
entry = ["app.main"]
[tool.merge-guard.ssot.manager]
canonical = "app.new:Manager"
deprecated-paths = { "app.old:Manager" = "app.new:Manager" }
"""
TREE = {
    "pyproject.toml": CONFIG,
    "app/__init__.py": "",
    "app/new.py": "class Manager: ...\n",
    "app/old.py": "from app.new import Manager\nOTHER = 1\n",
    "app/main.py": "from app.new import Manager\n",
}
USE = "from app.old import OTHER, Manager\n\n\ndef f() -> Manager:\n    return Manager()\n"
USE_FIXED = USE.replace("from app.old import OTHER, Manager", "from app.new import Manager\nfrom app.old import OTHER")
DOUBLE = "def f(x):\n    return x\n\n\nLIMIT = 1\n\n\ndef f(x):\n    return x\n\n\nG = 2\n"
CONFLICT = "import os\n<<<<<<< HEAD\nimport a\n=======\nimport b\n>>>>>>> x\n"


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    made = GitRepo(tmp_path / "repo")
    made.commit(TREE)
    return made


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(USE, USE_FIXED, id="a deprecated path"),
        pytest.param("x = 1  # noqa: MG302\n", "x = 1\n", id="an unused suppression"),
        pytest.param(
            DOUBLE, DOUBLE.replace("\n\n\ndef f(x):\n    return x\n\n\nG", "\n\n\nG"), id="a second definition"
        ),
        pytest.param("<<<<<<< HEAD\nx = 1\n=======\nx = 1\n>>>>>>> x\n", "x = 1\n", id="a conflict of equal sides"),
        pytest.param(
            "import os\n<<<<<<< HEAD\nfrom app import new\n=======\nfrom app import old\n>>>>>>> x\n",
            "import os\nfrom app import new, old\n",
            id="a conflict of imports",
        ),
        pytest.param(
            "<<<<<<< HEAD\nfrom app.new import Manager\n=======\nfrom app.old import OTHER\n>>>>>>> x\n"
            "def f(): ...\ndef f(): ...\nx = 1  # noqa: MG302\n",
            "from app.new import Manager\nfrom app.old import OTHER\ndef f(): ...\nx = 1\n",
            id="one after the other",
        ),
        pytest.param("from app.old import Manager  # noqa: MG405\n", None, id="a silenced line"),
        pytest.param("from app.old import *\n", None, id="a star import"),
        pytest.param(
            "<<<<<<< HEAD\nx = 1\n=======\nx = 2\n>>>>>>> x\n", None, id="a conflict that somebody has to decide"
        ),
    ],
)
def test_fixes(repo: GitRepo, before: str, after: str | None) -> None:
    repo.commit({"app/use.py": before})
    unchanged = state(repo.root)
    dry = run("fix", "--diff", cwd=repo.root)
    assert dry.returncode == 0
    assert state(repo.root) == unchanged, "--diff writes nothing"
    done = run("fix", cwd=repo.root)
    assert done.returncode == 0
    assert (repo.root / "app/use.py").read_text() == (before if after is None else after)
    assert repo.run("status", "--porcelain") == ("" if after is None else " M app/use.py")
    settled = state(repo.root)
    assert run("fix", cwd=repo.root).stdout.endswith("0 files changed\n")
    assert state(repo.root) == settled, "a second run changes nothing"
    if after is not None:
        repo.run("checkout", "-q", ".")
        applied = subprocess.run(["git", "apply"], cwd=repo.root, input=dry.stdout, text=True, check=False)
        assert applied.returncode == 0
        assert (repo.root / "app/use.py").read_text() == after, "the diff is what would be written"


@pytest.mark.parametrize(
    ("files", "why"),
    [
        pytest.param(
            {"app/new.py": "class Other: ...\n", "app/old.py": "class Manager: ...\nOTHER = 1\n", "app/main.py": USE},
            "MG302 at app/main.py:1",
            id="the new path has no such name",
        ),
        pytest.param(
            {
                "app/main.py": "import app.new\n",
                "app/new.py": "import app.use\nclass Manager: ...\n",
                "app/old.py": "class Manager: ...\nOTHER = 1\n",
                "app/use.py": USE,
            },
            "MG304",
            id="the new path makes a cycle",
        ),
    ],
)
def test_what_would_bring_a_finding_is_left_as_it_is(repo: GitRepo, files: dict[str, str], why: str) -> None:
    repo.commit(files)
    before = state(repo.root)
    done = run("fix", cwd=repo.root)
    assert "left as it is: not fixed: that would bring" in done.stdout
    assert why in done.stdout
    assert state(repo.root) == before


def test_one_file_that_cannot_be_fixed_stops_no_other(repo: GitRepo) -> None:
    repo.commit(
        {
            "app/good.py": USE,
            "app/main.py": "import app.good, app.use, app.new\n",
            "app/new.py": "class Manager: ...\nimport app.use\n",
            "app/use.py": "import app.new\nfrom app.old import Manager\n",
            "app/deep.py": f"from app.old import Manager\nx = {'-' * 100_000}1\n",
            "app/broken.py": "from app.old import Manager\nx = (\n",
        }
    )
    done = run("fix", cwd=repo.root)
    assert (repo.root / "app/good.py").read_text() == USE_FIXED
    assert "app/broken.py:1: left as it is: not analysed" in done.stdout
    assert "app/deep.py:1: left as it is: not analysed" in done.stdout
    assert done.stdout.endswith("2 files changed\n")


def test_form_stays(repo: GitRepo) -> None:
    """Promise 14: mode, mark, line ends, encoding, links."""
    crlf = b"\xef\xbb\xbf" + USE.replace("\n", "\r\n").encode() + b"# \xc3\xa9"
    latin = b"# coding: latin-1\n# \xe9\n" + USE.encode()
    repo.write({"app/crlf.py": crlf, "app/latin.py": latin, "app/real.py": USE})
    (repo.root / "app/crlf.py").chmod(0o755)
    (repo.root / "app/link.py").symlink_to("real.py")
    repo.commit()
    assert run("fix", cwd=repo.root).stdout.endswith("3 files changed\n")
    assert (repo.root / "app/crlf.py").read_bytes() == (
        b"\xef\xbb\xbf" + USE_FIXED.replace("\n", "\r\n").encode() + b"# \xc3\xa9"
    )
    assert stat.S_IMODE((repo.root / "app/crlf.py").stat().st_mode) == 0o755
    assert (repo.root / "app/latin.py").read_bytes() == b"# coding: latin-1\n# \xe9\n" + USE_FIXED.encode()
    assert os.readlink(repo.root / "app/link.py") == "real.py"
    assert repo.run("diff", "--name-only").split() == ["app/crlf.py", "app/latin.py", "app/real.py"]


def test_a_merge_is_resolved_and_left_to_be_added(repo: GitRepo) -> None:
    repo.commit({"app/use.py": "import os\n\n\ndef f(): ...\n"})
    repo.branch("theirs", "main")
    repo.commit({"app/use.py": "import os\nfrom app.new import Manager\n\n\ndef f(): ...\n"})
    repo.branch("ours", "main")
    repo.commit({"app/use.py": "import os\nfrom app.old import OTHER\n\n\ndef f(): ...\n"})
    assert not repo.merge("theirs")
    assert run("fix", cwd=repo.root).returncode == 0
    assert (repo.root / "app/use.py").read_text() == (
        "import os\nfrom app.old import OTHER\nfrom app.new import Manager\n\n\ndef f(): ...\n"
    )
    repo.run("add", "-A")
    assert report("check", cwd=repo.root)[0] == 0


def test_only_the_named_paths(repo: GitRepo) -> None:
    repo.commit({"app/a.py": USE, "app/b/c.py": USE, "other/d.py": USE})
    run("fix", "app/b", "other/d.py", cwd=repo.root)
    assert repo.run("diff", "--name-only").split() == ["app/b/c.py", "other/d.py"]
    assert run("fix", "nowhere.py", cwd=repo.root).returncode == 2
    run("fix", "a.py", cwd=repo.root / "app")
    assert (repo.root / "app/a.py").read_text() == USE_FIXED


QUEUE = """class Queue(Base):
    def put(self, item):
        self.items.append(item)

    def get(self):
        return self.items.pop()

    def size(self):
        return len(self.items)
"""


@pytest.mark.parametrize("unsafe", [False, True], ids=["safe", "unsafe"])
def test_a_copy_becomes_an_import(repo: GitRepo, unsafe: bool) -> None:
    copy = f"from app.base import Base\n\n\n{QUEUE}\n\nLIMIT = 1\n".replace("class Queue", "class FastQueue")
    files = {
        "app/base.py": "class Base: ...\n",
        "app/one.py": f"from app.base import Base\n\n\n{QUEUE}",
        "app/two.py": copy,
    }
    repo.commit(files | {"app/main.py": "from app.two import FastQueue\n"})
    done = run("fix", *["--unsafe"] * unsafe, "--extend-select", "MG403", cwd=repo.root)
    assert done.returncode == 0
    changed = "from app.base import Base\n\n\nfrom app.one import Queue as FastQueue\n\n\nLIMIT = 1\n"
    assert (repo.root / "app/two.py").read_text() == (changed if unsafe else copy)
    assert repo.run("diff", "--name-only").split() == ["app/two.py"] * unsafe
    assert report("check", cwd=repo.root)[0] == 0


@pytest.mark.parametrize(
    ("options", "fixed"),
    [
        pytest.param([], ["app/double.py", "app/unused.py", "app/use.py"], id="all"),
        pytest.param(["--select", "MG405"], ["app/use.py"], id="one"),
        pytest.param(["--ignore", "MG405,MG407"], ["app/unused.py"], id="all but two"),
        pytest.param(["--per-file-ignores", "app/double.py:MG4"], ["app/unused.py", "app/use.py"], id="not in a file"),
        pytest.param(["--per-file-ignores", "**/use.py:MG405"], ["app/double.py", "app/unused.py"], id="not this code"),
    ],
)
def test_only_what_is_selected(repo: GitRepo, options: list[str], fixed: list[str]) -> None:
    repo.commit({"app/use.py": USE, "app/double.py": DOUBLE, "app/unused.py": "x = 1  # noqa: MG302\n"})
    run("fix", *options, cwd=repo.root)
    assert repo.run("diff", "--name-only").split() == fixed


def test_what_is_not_selected_is_not_broken_either(repo: GitRepo) -> None:
    repo.commit({"app/new.py": "", "app/old.py": "class Manager: ...\nOTHER = 1\n", "app/main.py": USE})
    done = run("fix", "--select", "MG405", cwd=repo.root)
    assert "not fixed: that would bring MG302" in done.stdout
    assert repo.run("status", "--porcelain") == ""


def test_foreign_code_stays(repo: GitRepo) -> None:
    config = CONFIG.replace('["app.main"]', '["app.main"]\nvendored = ["app/copied/**"]\ngenerated = ["app/made.py"]')
    repo.commit({"pyproject.toml": config, "app/copied/a.py": USE, "app/made.py": USE, "app/own.py": USE})
    run("fix", cwd=repo.root)
    assert repo.run("diff", "--name-only").split() == ["app/own.py"]


def test_a_file_that_cannot_be_written(repo: GitRepo) -> None:
    repo.commit({"app/a.py": USE, "app/b.py": USE})
    (repo.root / "app/a.py").chmod(0o444)
    done = run("fix", cwd=repo.root)
    assert done.returncode == 2
    assert "app/a.py: is read-only; nothing written" in done.stdout
    assert [(repo.root / name).read_text() for name in ("app/a.py", "app/b.py")] == [USE, USE_FIXED]


def test_what_is_accepted_is_fixed_too(repo: GitRepo) -> None:
    repo.commit({"app/use.py": DOUBLE})
    run("baseline", "create", cwd=repo.root)
    assert run("fix", cwd=repo.root).stdout.endswith("1 file changed\n")
    assert "stale" in run("check", cwd=repo.root).stdout


@pytest.mark.parametrize("arguments", [["--rev", "HEAD"], ["--staged"]])
def test_only_the_work_tree(repo: GitRepo, arguments: list[str]) -> None:
    assert run("fix", *arguments, cwd=repo.root).returncode == 2


@pytest.mark.parametrize("unsafe", [False, True], ids=["safe", "unsafe"])
def test_a_definition_that_does_more_is_unsafe(repo: GitRepo, unsafe: bool) -> None:
    double = "import itertools\nids = itertools.count()\n\n\ndef f(x=next(ids)): ...\n\n\ndef f(x=next(ids)): ...\n"
    repo.commit({"app/use.py": double})
    run("fix", *["--unsafe"] * unsafe, cwd=repo.root)
    assert ((repo.root / "app/use.py").read_text() != double) is unsafe
