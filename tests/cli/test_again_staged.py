"""The hook's command that is given again writes what it wrote, and only while that is what it would write."""

from __future__ import annotations

import contextlib
import hashlib
import os
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from gitrepo import GitRepo, isolated_environment

from merge_guard import __main__
from merge_guard.cli import again
from tests.cli.running import command, environment

BODY = "class User:\n    def first(self):\n        return 1\n\n    def second(self):\n        return 2\n"
CONFLICT = "<<<<<<< HEAD\nx = 1\n=======\nx = 2\n>>>>>>> other\n"
FILES = {
    "app/__init__.py": "",
    "app/main.py": "from app.models import User\n\n\ndef late():\n    return 1\n\n\napp = User\n",
    "app/models.py": BODY,
    "app/aside.py": "def aside():\n    return 1\n",
    "notes.txt": "nothing\n",
    "pyproject.toml": "[tool.merge-guard]\nentry = ['app.main:app']\n",
}

Hook = Callable[..., tuple[str, int, bool]]
Change = Callable[[GitRepo], object]


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> GitRepo:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    for name in [name for name in os.environ if name.startswith(("GIT_", "PRE_COMMIT"))]:
        monkeypatch.delenv(name)
    repo = GitRepo(tmp_path / "tree")
    repo.commit(FILES)
    monkeypatch.chdir(repo.root)
    return repo


@pytest.fixture
def hook(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Hook:
    """The command's output without its seconds, its exit status, and whether that was known before."""

    def run(*options: str, cached: bool = True) -> tuple[str, int, bool]:
        arguments = ["hook", *(("--cache-dir", str(tmp_path / "cache")) if cached else ("--no-cache",)), *options]
        known = again.written_before(arguments) is not None
        capsys.readouterr()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sys, "argv", ["merge-guard", *arguments])
            status = __main__.main()
        printed = capsys.readouterr()
        return re.sub(r"in \d+\.\d s$|\"seconds\": ?[\d.]+", "", printed.out + printed.err, flags=re.M), status, known

    return run


def staged(path: str, text: str, *more: str) -> Change:
    def change(repo: GitRepo) -> None:
        repo.write({path: text})
        repo.run("add", *more, "--", path)

    return change


def both(*changes: Change) -> Change:
    def change(repo: GitRepo) -> None:
        for each in changes:
            each(repo)

    return change


def git(*arguments: str) -> Change:
    return lambda repo: repo.run(*arguments)


def in_git(path: str, text: str) -> Change:
    return lambda repo: repo.write({f".git/{path}": text})


def merged(repo: GitRepo) -> None:
    """With a conflict in the index."""
    repo.branch("side")
    repo.commit({"app/models.py": BODY.replace("return 2", "return 3")})
    repo.switch("main")
    repo.commit({"app/models.py": BODY.replace("return 2", "return 4")})
    assert not repo.merge("side")


def merging(repo: GitRepo) -> None:
    repo.write({".git/MERGE_HEAD": repo.run("rev-parse", "HEAD") + "\n"})


def linked(repo: GitRepo) -> None:
    (repo.root / "app/models.py").unlink()
    (repo.root / "app/models.py").symlink_to("aside.py")
    repo.run("add", "-A")


def damaged(repo: GitRepo) -> None:
    index = repo.root / ".git/index"
    index.write_bytes(index.read_bytes()[:-30])


BODY_EDIT = staged("app/models.py", BODY.replace("return 2", "return 3"))
EXPORT_EDIT = staged("app/models.py", BODY.replace("User", "Used"))

CHANGES: dict[str, tuple[Change, bool]] = {
    "nothing": (lambda repo: None, True),
    "nothing but stamps": (
        lambda repo: (os.utime("notes.txt", ns=(1, 1)), repo.run("update-index", "--refresh")), True,
    ),
    "the work tree alone": (
        lambda repo: repo.write({"app/main.py": CONFLICT, "app/new.py": "import app.gone\n"}), True,
    ),
    "a body": (BODY_EDIT, True),
    "a body, committed": (both(BODY_EDIT, git("commit", "-q", "-m", "more")), True),
    "two bodies": (both(BODY_EDIT, staged("app/aside.py", "# said\n\n" + FILES["app/aside.py"])), True),
    "a text": (staged("notes.txt", "something\n"), True),
    "an empty commit": (git("commit", "-q", "--allow-empty", "-m", "more"), True),
    "an export": (EXPORT_EDIT, False),
    "an import": (staged("app/aside.py", "import app.gone\n"), False),
    "a syntax error": (staged("app/aside.py", "def aside(:\n"), False),
    "what only the compiler refuses": (staged("app/aside.py", "def aside():\n    return 1\n\n\nreturn 2\n"), False),
    "a conflict": (staged("notes.txt", CONFLICT), False),
    "a new file": (staged("app/new.py", "import app.gone\n"), False),
    "a new text": (staged("new.txt", "new\n"), False),
    "a removed file": (git("rm", "-q", "--cached", "app/models.py"), False),
    "a removed text": (git("rm", "-q", "notes.txt"), False),
    "a renamed file": (git("mv", "app/models.py", "app/modelz.py"), False),
    "a renamed file, committed": (
        both(git("mv", "app/aside.py", "app/asidf.py"), git("commit", "-q", "-m", "more")), False,
    ),
    "a new file behind all others": (staged("zzz.py", "import app.gone\n"), False),
    "a removed file behind all others": (git("rm", "-q", "pyproject.toml"), False),
    "a link": (linked, False),
    "a submodule": (
        lambda repo: repo.run("update-index", "--add", "--cacheinfo", f"160000,{repo.run('rev-parse', 'HEAD')},sub"),
        False,
    ),
    "a mode": (git("update-index", "--chmod=+x", "app/aside.py"), False),
    "what was announced": (lambda repo: (repo.write({"app/new.py": "x = 1\n"}), repo.run("add", "-N", ".")), False),
    "a removed file that is announced": (
        both(git("rm", "-q", "--cached", "app/models.py"), git("add", "-N", "app/models.py")), False,
    ),
    "an empty file that is announced": (
        both(git("rm", "-q", "--cached", "app/__init__.py"), git("add", "-N", "app/__init__.py")), False,
    ),
    "the configuration": (staged("pyproject.toml", "[tool.merge-guard]\nentry = ['app.gone']\n"), False),
    "a nearer configuration": (staged("merge-guard.toml", "entry = ['app.gone']\n"), False),
    "attributes": (staged(".gitattributes", "* conflict-marker-size=9\n"), False),
    "attributes besides": (in_git("info/attributes", "* conflict-marker-size=9\n"), False),
    "a conflicted index": (merged, False),
    "a merge": (merging, False),
    "a pick": (in_git("CHERRY_PICK_HEAD", "0" * 40), False),
    "another branch": (git("checkout", "-q", "-b", "other"), True),
    "an earlier commit": (
        both(BODY_EDIT, git("commit", "-q", "-m", "more"), git("reset", "-q", "--soft", "HEAD~")), True,
    ),
    "no commit": (git("update-ref", "-d", "HEAD"), False),
    "no index": (lambda repo: (repo.root / ".git/index").unlink(), False),
    "a damaged index": (damaged, False),
    "no repository": (lambda repo: shutil.rmtree(repo.root / ".git"), False),
    "a split index": (git("update-index", "--split-index"), True),
    "a body in a split index": (both(git("update-index", "--split-index"), BODY_EDIT), True),
    "an export in a split index": (both(git("update-index", "--split-index"), EXPORT_EDIT), False),
    "what is announced in a split index": (
        both(staged("app/new.py", "x = 1\n", "-N"), git("update-index", "--split-index"), BODY_EDIT), False,
    ),
    "an index with untracked files": (both(git("update-index", "--force-untracked-cache"), BODY_EDIT), True),
    "an index of version 4": (both(git("update-index", "--index-version", "4"), BODY_EDIT), True),
    "an announced file in version 4": (
        both(git("update-index", "--index-version", "4"), staged("app/new.py", "", "-N")), False,
    ),
    "a flag": (both(git("update-index", "--assume-unchanged", "app/models.py"), git("read-tree", "HEAD")), True),
    "a sparse checkout": (git("update-index", "--skip-worktree", "app/models.py"), True),
}  # fmt: skip


@pytest.mark.parametrize("what", CHANGES)
def test_what_changes_is_noticed(repo: GitRepo, hook: Hook, what: str) -> None:
    change, known = CHANGES[what]
    hook()
    assert hook()[2]
    change(repo)
    fresh = hook(cached=False)[:2]
    assert hook() == (*fresh, known)
    assert hook() == (*fresh, what not in ("a damaged index", "no repository"))


@pytest.mark.parametrize("what", CHANGES)
def test_two_changes(repo: GitRepo, hook: Hook, what: str) -> None:
    hook()
    BODY_EDIT(repo)
    hook()
    CHANGES[what][0](repo)
    assert hook()[:2] == hook(cached=False)[:2]


@pytest.mark.parametrize("form", ["full", "concise", "json", "sarif", "github", "markdown"])
def test_formats(repo: GitRepo, hook: Hook, form: str) -> None:
    staged("app/aside.py", "import app.gone\n")(repo)
    fresh, status, _ = hook("--output-format", form, cached=False)
    assert hook("--output-format", form) == (fresh, status, False)
    BODY_EDIT(repo)
    assert hook("--output-format", form) == (*hook("--output-format", form, cached=False)[:2], True)


def test_there_and_back(repo: GitRepo, hook: Hook) -> None:
    hook()
    for text, known in (
        (BODY.replace("return 2", "return 3"), True),
        (BODY, True),
        (BODY.replace("User", "Used"), False),
        (BODY, False),
        (CONFLICT, False),
        (BODY, False),
    ):
        staged("app/models.py", text)(repo)
        assert hook() == (*hook(cached=False)[:2], known)


def test_in_a_merge(repo: GitRepo, hook: Hook) -> None:
    """What is unmerged stands as it did; what else is staged is asked."""
    merged(repo)
    hook()
    staged("app/aside.py", "def aside():\n    return 2\n")(repo)
    assert hook() == (*hook(cached=False)[:2], True)
    BODY_EDIT(repo)
    assert hook() == (*hook(cached=False)[:2], False)
    staged("app/aside.py", "def aside():\n    return 3\n")(repo)
    assert hook() == (*hook(cached=False)[:2], True)
    repo.run("commit", "-q", "-m", "merge")
    assert hook() == (*hook(cached=False)[:2], False)


def test_any_name(repo: GitRepo, hook: Hook) -> None:
    names = ("app/a\tb 0\tc.py", "app/x\ny.py", "app/ \x1b.py", "-rf.py", "app/\u00e9.py")
    repo.commit(dict.fromkeys(names, BODY))
    hook()
    for name in names:
        staged(name, BODY.replace("return 2", "return 3"))(repo)
        assert hook() == (*hook(cached=False)[:2], True)
    staged(names[0], BODY.replace("User", "Used"))(repo)
    assert hook() == (*hook(cached=False)[:2], False)


@pytest.mark.parametrize("forged", [b"../x.py", b"/./x.py"])
def test_a_forged_index(repo: GitRepo, hook: Hook, forged: bytes) -> None:
    """It may name what no checkout would write."""
    index = repo.root / ".git/index"
    for number in range(3):
        staged("--/x.py", f"x = {number}\n")(repo)
        whole = index.read_bytes()
        content = whole[:-20].replace(b"--/x.py", forged).replace(b"--\0", forged[:2] + b"\0")
        index.write_bytes(content + hashlib.sha1(content).digest())
        assert hook() == (*hook(cached=False)[:2], False)
        index.write_bytes(whole)


def test_many_files(repo: GitRepo, hook: Hook) -> None:
    """What is kept is brought to the state of now where too much has changed since."""
    names = [f"app/m{number}.py" for number in range(40)]
    repo.commit(dict.fromkeys(names, BODY))
    hook()
    repo.write(dict.fromkeys(names, BODY.replace("return 2", "return 3")))
    repo.run("add", "-A")
    assert hook() == (*hook(cached=False)[:2], False)
    staged(names[0], BODY)(repo)
    assert hook() == (*hook(cached=False)[:2], True)


def test_a_file_that_the_report_names(repo: GitRepo, hook: Hook) -> None:
    """It may not come into the change or leave it, and its lines may not move."""
    repo.commit({"app/aside.py": "def aside():\n    import app.gone\n    return 1\n"})
    hook()
    for text in ("def aside():\n    import app.gone\n    return 2\n", "# said\ndef aside():\n    import app.gone\n"):
        staged("app/aside.py", text)(repo)
        assert hook() == (*hook(cached=False)[:2], False)
    repo.run("commit", "-q", "-m", "more")
    assert hook() == (*hook(cached=False)[:2], False)


def test_a_removed_file_is_committed(repo: GitRepo, hook: Hook) -> None:
    """What is left of it in a module that nothing starts is an error in the change that deletes it, no longer after."""
    repo.commit({"app/aside.py": "import app.extra\n", "app/extra.py": "", "more.txt": ""})
    for path, known in (("app/extra.py", False), ("more.txt", False)):
        repo.run("rm", "-q", path)
        assert hook() == (*hook(cached=False)[:2], False)
        repo.run("commit", "-q", "-m", "more")
        assert hook() == (*hook(cached=False)[:2], known)


def test_other_parents(repo: GitRepo, hook: Hook) -> None:
    """A block of conflict markers in a document that a parent has is an example."""
    block = "# Merging\n\n```\n<<<<<<< HEAD\nx = 1\n=======\nx = 2\n>>>>>>> other\n```\n"
    repo.branch("side")
    side = repo.commit({"notes.md": block})
    repo.switch("main")
    staged("notes.md", block)(repo)
    said = []
    for head in (side, repo.run("rev-parse", "HEAD")):
        repo.write({".git/MERGE_HEAD": f"{head}\n"})
        said.append(hook())
        assert said[-1] == (*hook(cached=False)[:2], False)
    assert said[0] != said[1]


def test_what_another_format_learnt_is_of_another_state(repo: GitRepo, hook: Hook) -> None:
    """Which bodies start-up asks for differs between the two."""
    calling = FILES["app/main.py"] + "from app.aside import aside\naside()\n"
    staged("app/main.py", calling)(repo)
    hook()
    staged("app/main.py", FILES["app/main.py"])(repo)
    hook("--output-format", "json")
    staged("app/main.py", calling)(repo)
    staged("app/aside.py", "def aside():\n    return gone\n")(repo)
    assert hook() == (*hook(cached=False)[:2], False)
    assert hook()[1] == 1


def test_what_comes_into_the_change_is_compiled(repo: GitRepo, hook: Hook) -> None:
    repo.commit({"app/aside.py": "def aside():\n    return 2\n"})
    hook()
    repo.run("reset", "-q", "--soft", "HEAD~")
    assert hook() == (*hook(cached=False)[:2], True)
    assert hook()[2]


@pytest.mark.parametrize("object_format", ["sha1", "sha256"])
def test_before_the_first_commit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, object_format: str, hook: Hook
) -> None:
    repo = GitRepo(tmp_path / "new", object_format=object_format)
    monkeypatch.chdir(repo.root)
    assert [hook() for _ in "ab"][1] == (*hook(cached=False)[:2], True)
    repo.write(FILES)
    repo.run("add", "-A")
    assert hook() == (*hook(cached=False)[:2], False)
    BODY_EDIT(repo)
    again = hook()
    assert again[:2] == hook(cached=False)[:2]
    assert again[2] or object_format == "sha256"


def test_a_linked_work_tree(repo: GitRepo, hook: Hook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hook()
    repo.run("worktree", "add", "-q", "-b", "side", str(tmp_path / "linked"))
    linked = GitRepo.at(tmp_path / "linked")
    monkeypatch.chdir(linked.root)
    monkeypatch.setenv("GIT_DIR", str(repo.root / ".git/worktrees/linked"))
    assert hook()[2] is False
    BODY_EDIT(linked)
    assert hook() == (*hook(cached=False)[:2], True)
    EXPORT_EDIT(linked)
    assert hook() == (*hook(cached=False)[:2], False)


def test_in_a_real_commit(repo: GitRepo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Git tells its hooks people, a date and an index; these are no other question."""
    script = (
        "import sys; from merge_guard.cli import again; from merge_guard.__main__ import main\n"
        "said = sys.argv.pop()\n"
        "print(again.written_before(sys.argv[1:]) is not None, file=open(said, 'a'))\n"
        "sys.exit(main())\n"
    )
    (tmp_path / "run.py").write_text(script)
    place = repo.root / ".git/hooks/pre-commit"
    place.parent.mkdir(exist_ok=True)
    said = tmp_path / "said"
    place.write_text(f"#!/bin/sh\nexec {sys.executable} {tmp_path}/run.py hook --cache-dir {tmp_path}/cache {said}\n")
    place.chmod(0o755)
    path = environment()["PYTHONPATH"]
    for number, (text, options) in enumerate(
        (("return 3", ["-a"]), ("return 4", []), ("return 5", ["-a"]), ("return 6", ["app/models.py"]))
    ):
        repo.write({"app/models.py": BODY.replace("return 2", text)})
        if not options:
            repo.run("add", "-A")
        date = f"2024-01-02T03:04:{number:02}+00:00"
        repo.run("commit", "-q", "-m", "more", *options, PYTHONPATH=path, GIT_AUTHOR_DATE=date, GIT_COMMITTER_DATE=date)
    assert said.read_text().split() == ["False", "True", "True", "True"]


@pytest.mark.parametrize(
    "options",
    [
        pytest.param(["--no-cache"], id="no cache"),
        pytest.param(["--rev", "HEAD"], id="a revision"),
        pytest.param(["--entry", "app/main.py"], id="a path that is looked for in the work tree"),
        pytest.param(["--output-file", "report.txt"], id="into a file"),
        pytest.param(["--config", "other.toml"], id="a configuration elsewhere"),
    ],
)
def test_nothing_is_kept(repo: GitRepo, hook: Hook, options: list[str]) -> None:
    (repo.root / "other.toml").write_text("[tool.merge-guard]\n")
    assert [hook(*options)[2] for _ in "ab"] == [False, False]


def test_what_pre_commit_names_is_another_question(repo: GitRepo, hook: Hook, monkeypatch: pytest.MonkeyPatch) -> None:
    hook()
    repo.commit({"app/aside.py": "import app.gone\n"})
    monkeypatch.setenv("PRE_COMMIT_TO_REF", "HEAD")
    assert hook() == (*hook(cached=False)[:2], False)


@pytest.mark.parametrize("seed", range(4))
def test_equal_over_changes(repo: GitRepo, hook: Hook, seed: int) -> None:
    chance = random.Random(seed)
    hook()
    known = 0
    texts = [BODY, "# said\n" + BODY, BODY.replace("return 2", "pass"), BODY.replace("second", "third"), CONFLICT]
    ended = {"no repository", "no index", "a damaged index", "a conflicted index", "a merge", "a pick", "no commit"}
    for _ in range(12):
        kind = chance.random()
        if kind < 0.6:
            path = chance.choice(("app/models.py", "app/aside.py", "app/more.py", "notes.txt"))
            staged(path, chance.choice(texts))(repo)
        elif kind < 0.8:
            repo.run("commit", "-q", "--allow-empty", "-m", "more")
        else:
            repo.run("reset", "-q", "--hard", "HEAD")
            with contextlib.suppress(AssertionError):  # not everything can be done to every tree
                CHANGES[chance.choice(sorted(CHANGES.keys() - ended))][0](repo)
        cached = hook()
        assert cached[:2] == hook(cached=False)[:2]
        known += cached[2]
    assert 0 < known < 12


@pytest.mark.parametrize("seed", range(3))
def test_torn_and_foreign_values(repo: GitRepo, hook: Hook, tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    fresh = hook(cached=False)[:2]
    hook()
    for number in range(6):
        with sqlite3.connect(tmp_path / "cache" / "facts-1.sqlite3") as connection:
            for key, value in connection.execute("SELECT key, value FROM entries").fetchall():
                if key.startswith(("answer:", "bearing:")) and chance.random() < 0.7:
                    end = chance.randrange(len(value) + 1)
                    torn = chance.choice((value[:end], value + b"\0", b"\xc1" + value, value[end:], b""))
                    connection.execute("UPDATE entries SET value = ? WHERE key = ?", (torn, key))
        connection.close()
        staged("app/models.py", f"# {number}\n{BODY}")(repo)
        assert hook()[:2] == hook(cached=False)[:2]
        staged("app/models.py", BODY)(repo)
        assert hook()[:2] == fresh


def test_a_bearing_of_another_state(repo: GitRepo, hook: Hook) -> None:
    """Two formats share what the report depends on; each answer is good for the state that it was given about."""
    for form in ("full", "json"):
        hook("--output-format", form)
    for text in (BODY.replace("second", "third"), BODY.replace("return 2", "return 3"), BODY):
        staged("app/models.py", text)(repo)
        for form in ("full", "json"):
            assert hook("--output-format", form)[:2] == hook("--output-format", form, cached=False)[:2]


def test_several_at_once(repo: GitRepo, tmp_path: Path) -> None:
    cache = str(tmp_path / "cache")
    subprocess.run(command("hook", "--cache-dir", cache), env=environment(), capture_output=True, check=True)
    EXPORT_EDIT(repo)
    said: list[tuple[int, str]] = []

    def run(*options: str) -> None:
        done = subprocess.run(command("hook", *options), env=environment(), capture_output=True, text=True, check=False)
        said.append((done.returncode, re.sub(r"in \d+\.\d s$", "", done.stdout, flags=re.M)))

    threads = [threading.Thread(target=run, args=("--cache-dir", cache)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    run("--no-cache")
    assert said[0][0] == 1
    assert len(set(said)) == 1


def test_nothing_that_the_repository_configures_is_run(repo: GitRepo, hook: Hook, tmp_path: Path) -> None:
    script = tmp_path / "canary"
    script.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    script.chmod(0o755)
    hook()
    for name in (
        "core.fsmonitor",
        "filter.x.clean",
        "filter.x.smudge",
        "diff.external",
        "core.pager",
        "diff.x.textconv",
    ):
        repo.run("config", name, str(script))
    (tmp_path / "ran").unlink(missing_ok=True)
    env = isolated_environment()
    repo.write({".git/info/attributes": "*.py filter=x diff=x\n"})
    hook()
    blob = subprocess.run(
        ["git", "hash-object", "-w", "--no-filters", "--stdin"], input=(BODY + "# x\n").encode(), env=env,
        capture_output=True, check=True,
    ).stdout.decode().strip()  # fmt: skip
    repo.run("-c", "core.fsmonitor=false", "update-index", "--cacheinfo", f"100644,{blob},app/models.py")
    (tmp_path / "ran").unlink(missing_ok=True)
    assert hook() == (*hook(cached=False)[:2], True)
    assert not (tmp_path / "ran").exists()
