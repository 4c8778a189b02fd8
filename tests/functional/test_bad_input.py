"""What a user can do wrong, and what can be wrong with a tree: one clear line and its exit status, or a report."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.functional.command import MERGE_GUARD, environment, findings, report, run, write
from tests.gitrepo import GitRepo

CONFLICT = "<<<<<<< HEAD\ny = 1\n=======\ny = 2\n>>>>>>> other\n"
SOUND = {
    "app/__init__.py": "",
    "app/main.py": "from app import core\n",
    "app/core.py": "x = 1\n",
    "notes.txt": "remember\n",
}
MAIN = ("--entry", "app.main")
STATES = {"work tree": (), "index": ("--staged",), "commit": ("--rev", "HEAD")}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path / "folder", SOUND)
    return tmp_path / "folder"


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    repo = GitRepo(tmp_path / "repo")
    repo.commit(SOUND)
    return repo


def assert_one_line(done: subprocess.CompletedProcess[str], message: str) -> None:
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("merge-guard: ")
    assert done.stderr.count("\n") == 1
    assert message in done.stderr


def drop(repo: GitRepo, name: str) -> None:
    """Lose the object that a revision names, as a broken disk or an interrupted fetch does."""
    oid = repo.run("rev-parse", name)
    (repo.root / ".git/objects" / oid[:2] / oid[2:]).unlink()


def unjudged(document: dict[str, object]) -> dict[str, bool]:
    items = document["unjudged"]
    assert isinstance(items, list)
    return {item["path"]: item["matters"] for item in items}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(["check"], "git is not installed, or not in PATH", id="work tree"),
        pytest.param(["check", "--staged"], "git is not installed, or not in PATH", id="index"),
        pytest.param(["hook"], "git is not installed, or not in PATH", id="hook"),
        pytest.param(["conflicts", "notes.txt"], "git is not installed, or not in PATH", id="conflicts"),
    ],
)
def test_no_git(repo: GitRepo, tmp_path: Path, arguments: list[str], message: str) -> None:
    (tmp_path / "bin").mkdir()
    assert_one_line(run(*arguments, cwd=repo.root, PATH=str(tmp_path / "bin")), message)


def test_a_plain_folder_needs_no_git(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    assert report("check", *MAIN, cwd=folder, PATH=str(tmp_path / "bin"))[0] == 0
    write(folder, {"app/core.py": CONFLICT})
    assert report("check", *MAIN, cwd=folder, PATH=str(tmp_path / "bin"))[0] == 1


def test_a_git_that_the_tree_brings_along_is_not_run(repo: GitRepo) -> None:
    fake = repo.root / "git"
    fake.write_text("#!/bin/sh\ntouch ran\n")
    fake.chmod(0o755)
    assert run("check", cwd=repo.root, PATH=f".{os.pathsep}{os.environ['PATH']}").returncode == 0
    assert_one_line(run("check", cwd=repo.root, PATH="."), "git is not installed, or not in PATH")
    assert not (repo.root / "ran").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(["check", "--staged"], "is not a git repository", id="index"),
        pytest.param(["check", "--rev", "HEAD"], "is not a git repository", id="revision"),
        pytest.param(["hook"], "is not a git repository", id="hook"),
        pytest.param(["check", "no/such.py"], "no/such.py: no such file", id="path"),
        pytest.param(["conflicts", "no-such.txt"], "no-such.txt: no such file", id="file of conflicts"),
        pytest.param(["check", "--select", "MG999"], "MG999", id="code"),
        pytest.param(["check", "--entry", "a b"], "not an entry point: 'a b'", id="entry"),
        pytest.param(["check", "--target-python", "2.7"], "'2.7'", id="target"),
        pytest.param(["check", "--config", "no-such.toml"], "no-such.toml", id="configuration"),
        pytest.param(["trace", "no.such"], "no.such: no module or file", id="trace"),
    ],
)
def test_mistakes_in_a_plain_folder(folder: Path, arguments: list[str], message: str) -> None:
    assert_one_line(run(*arguments, cwd=folder), message)


@pytest.mark.parametrize(
    "revision", ["no-such", "HEAD~9", "--help", "a..b", "x\n y", "\x1b[31m", "HEAD:notes.txt", "@{upstream}", "0" * 40]
)
def test_revisions_that_lead_nowhere(repo: GitRepo, revision: str) -> None:
    done = run("check", f"--rev={revision}", cwd=repo.root)
    assert_one_line(done, "revision")
    assert "\x1b" not in done.stderr


def test_a_bad_configuration(folder: Path) -> None:
    write(folder, {"pyproject.toml": "[tool.merge-guard]\nsorce-roots = []\n"})
    assert_one_line(run("check", cwd=folder), "source-roots")


def test_a_path_of_a_plain_folder_narrows_and_does_not_move_the_root(folder: Path) -> None:
    write(folder, {"app/main.py": "from app import core\nfrom app.core import x\n"})
    assert report("check", *MAIN, "app", cwd=folder)[0] == 0
    assert report("check", *MAIN, "app/core.py", cwd=folder)[0] == 0


def test_a_folder_in_which_nothing_is_judged(folder: Path) -> None:
    (folder / "empty").mkdir()
    assert report("check", *MAIN, "empty", cwd=folder)[0] == 0
    assert_one_line(run("check", "absent", cwd=folder), "absent: no such file or directory")


def test_an_entry_point_that_is_not_there_has_no_code_frame(folder: Path) -> None:
    done = run("check", "--entry", "nope.mod", cwd=folder)
    assert (done.returncode, "MG307" in done.stdout, " | " in done.stdout) == (1, True, False)


def test_a_bare_repository(repo: GitRepo, tmp_path: Path) -> None:
    bare = tmp_path / "bare.git"
    repo.run("clone", "-q", "--bare", str(repo.root), str(bare))
    assert_one_line(run("check", cwd=bare), "is a bare repository, without a work tree: judge a commit with --rev")
    assert_one_line(run("check", "--staged", cwd=bare), "is a bare repository")
    status, document = report("check", "--rev", "main", *MAIN, cwd=bare)
    assert (status, document["summary"]["files"]) == (0, 4)


@pytest.mark.parametrize("state", ["work tree", "index"])
def test_nothing_there(tmp_path: Path, state: str) -> None:
    unborn = GitRepo(tmp_path / "unborn")
    status, document = report("check", *STATES[state], cwd=unborn.root)
    assert (status, document["summary"]["files"], document["findings"]) == (0, 0, [])
    assert_one_line(run("check", "--rev", "HEAD", cwd=unborn.root), "unknown revision: 'HEAD'")


def test_an_empty_folder(tmp_path: Path) -> None:
    status, document = report("check", cwd=tmp_path)
    assert (status, document["entry_points"]) == (0, [])


def test_before_the_first_commit(tmp_path: Path) -> None:
    repo = GitRepo(tmp_path / "repo")
    repo.write({**SOUND, "app/core.py": CONFLICT})
    assert report("check", *MAIN, cwd=repo.root)[0] == 1
    assert report("check", "--staged", cwd=repo.root)[0] == 0
    repo.run("add", "-A")
    assert report("check", "--staged", *MAIN, cwd=repo.root)[0] == 1


@pytest.fixture
def special(folder: Path) -> Path:
    """Things that are called like modules and are none; opening some of them would wait for ever."""
    os.mkfifo(folder / "app/pipe.py")
    (folder / "app/folder.py").mkdir()
    (folder / "app/gone.py").symlink_to("nowhere.py")
    (folder / "app/loop.py").symlink_to("loop.py")
    (folder / "app/out.py").symlink_to("/etc/passwd")
    with socket.socket(socket.AF_UNIX) as unix:
        place = os.getcwd()
        os.chdir(folder / "app")  # the name of a socket may not be long
        unix.bind("sock.py")
        os.chdir(place)
    return folder


def test_special_files(special: Path) -> None:
    status, document = report("check", *MAIN, cwd=special)
    assert (status, document["findings"]) == (0, [])
    assert unjudged(document) == {"app/pipe.py": False, "app/sock.py": False}
    assert report("check", "--strict", *MAIN, cwd=special)[0] == 2


@pytest.mark.parametrize("name", ["pipe.py", "folder.py", "sock.py", "gone.py", "loop.py", "out.py"])
def test_special_files_by_name(special: Path, name: str) -> None:
    assert run("conflicts", f"app/{name}", cwd=special).returncode == 0
    assert run("check", *MAIN, f"app/{name}", cwd=special).returncode == 0
    assert run("trace", f"app/{name}", *MAIN, cwd=special).returncode in (0, 2)


@pytest.mark.parametrize(
    ("imported", "status", "verdict", "codes"),
    [
        pytest.param("pipe", 1, "blocked", {"MG302", "MG303"}, id="a FIFO is no module"),
        pytest.param("folder", 1, "blocked", {"MG302", "MG303"}, id="nor is a directory"),
        pytest.param("sock", 1, "blocked", {"MG302", "MG303"}, id="nor is a socket"),
        pytest.param("inside", 0, "ready", set(), id="a link inside the tree is followed"),
        pytest.param("out", 2, "unjudged", set(), id="a link that leaves it is not"),
        pytest.param("gone", 2, "unjudged", set(), id="a link that leads nowhere"),
        pytest.param("loop", 2, "unjudged", set(), id="a link to itself"),
    ],
)
def test_special_files_that_start_up_imports(
    special: Path, imported: str, status: int, verdict: str, codes: set[str]
) -> None:
    (special / "app/inside.py").symlink_to("core.py")
    write(special, {"app/main.py": f"from app import {imported}\n"})
    found, document = report("check", *MAIN, cwd=special)
    assert (found, document["verdict"]) == (status, verdict)
    assert {finding["code"] for finding in document["findings"]} == codes


def test_special_files_as_the_entry(special: Path) -> None:
    status, document = report("check", "--entry", "app/pipe.py", cwd=special)
    assert (status, document["verdict"]) == (2, "unjudged")
    assert unjudged(document)["app/pipe.py"]


@pytest.mark.parametrize(
    "name",
    [b"caf\xe9.md", b"new\nline.md", b"esc\x1b[31m.md", "\u202egnp.md".encode(), b" -rf.md", b"x" * 250 + b".md"],
    ids=["not UTF-8", "newline", "escape", "bidi", "blank and dash", "long"],
)
@pytest.mark.parametrize("state", [(), ("--staged",)], ids=["work tree", "index"])
def test_any_name(repo: GitRepo, name: bytes, state: tuple[str, ...]) -> None:
    with open(os.path.join(os.fsencode(repo.root), name), "w") as file:
        file.write(CONFLICT)
    repo.run("add", "-A")
    status, document = report("check", *state, cwd=repo.root)
    assert status == 1
    assert [os.fsencode(finding["path"]) for finding in findings(document, "MG101")] == [name]
    text = run("check", *state, cwd=repo.root)
    assert "\x1b" not in text.stdout
    assert "\u202e" not in text.stdout
    if not state:
        assert run("conflicts", b"./" + name, cwd=repo.root).returncode == 1


@pytest.mark.parametrize(
    ("data", "codes"),
    [
        pytest.param(b'x = "\xff"\n', {"MG203", "MG303"}, id="not UTF-8"),
        pytest.param(b"x = 1\0\n", {"MG203", "MG303"}, id="NUL"),
        pytest.param(b"# coding: no-such\n", {"MG203", "MG303"}, id="unknown cookie"),
        pytest.param(b"\xff\xfex\0=\x001\0\n\0", {"MG203", "MG303"}, id="UTF-16"),
        pytest.param(b"x = \xff\n" + CONFLICT.encode(), {"MG101", "MG303"}, id="not UTF-8, and a conflict"),
        pytest.param(b"x = 1\ry = 2\r", set(), id="bare CR"),
        pytest.param(b"\xef\xbb\xbfx = 1\n", set(), id="BOM"),
    ],
)
def test_any_bytes(folder: Path, data: bytes, codes: set[str]) -> None:
    write(folder, {"app/core.py": data})
    status, document = report("check", *MAIN, cwd=folder)
    assert status == (1 if codes else 0)
    assert codes <= {finding["code"] for finding in document["findings"]}


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="nothing is forbidden to root")
def test_a_file_that_may_not_be_read(folder: Path) -> None:
    (folder / "app/core.py").chmod(0)
    status, document = report("check", *MAIN, cwd=folder)
    assert (status, document["verdict"]) == (2, "unjudged")
    assert unjudged(document) == {"app/core.py": True}


@pytest.mark.parametrize(
    ("lost", "status", "matters"),
    [
        pytest.param("HEAD:app/core.py", 2, {"app/core.py": True}, id="a module that starts"),
        pytest.param("HEAD:notes.txt", 0, {"notes.txt": False}, id="a text beside"),
    ],
)
@pytest.mark.parametrize("state", ["index", "commit"])
def test_a_missing_blob(repo: GitRepo, state: str, lost: str, status: int, matters: dict[str, bool]) -> None:
    drop(repo, lost)
    # What the cache knows of a blob needs no bytes.
    found, document = report("check", "--no-cache", *STATES[state], *MAIN, cwd=repo.root)
    assert (found, unjudged(document)) == (status, matters)
    assert document["verdict"] == ("unjudged" if status else "ready")
    assert report("check", "--no-cache", "--strict", *STATES[state], *MAIN, cwd=repo.root)[0] == 2
    assert report("check", *MAIN, cwd=repo.root)[0] == 0


@pytest.mark.parametrize(
    ("lost", "state"), [("HEAD:app", "commit"), ("HEAD", "commit"), ("HEAD", "index")], ids=["tree", "commit", "index"]
)
def test_a_missing_tree_or_commit(repo: GitRepo, lost: str, state: str) -> None:
    drop(repo, lost)
    assert_one_line(run("check", *STATES[state], *MAIN, cwd=repo.root), "")


@pytest.mark.parametrize("left", [0, 10, 40, 100, -30, -1])
def test_a_truncated_index(repo: GitRepo, left: int) -> None:
    """Git takes some of these for an index with fewer files."""
    index = repo.root / ".git/index"
    index.write_bytes(index.read_bytes()[:left])
    assert_one_line(run("check", "--staged", cwd=repo.root), "index")
    assert_one_line(run("check", cwd=repo.root), "index")
    assert report("check", "--rev", "HEAD", *MAIN, cwd=repo.root)[0] == 0


def test_an_index_without_a_checksum(repo: GitRepo) -> None:
    """`index.skipHash` writes zeros in its place; git before 2.40 does not know the setting."""
    index = repo.root / ".git/index"
    index.write_bytes(index.read_bytes()[:-20] + bytes(20))
    assert report("check", "--staged", *MAIN, cwd=repo.root)[0] == 0


def test_a_shallow_clone(repo: GitRepo, tmp_path: Path) -> None:
    repo.commit({"app/core.py": "x = 2\n"})
    shallow = tmp_path / "shallow"
    repo.run("clone", "-q", "--depth", "1", repo.root.as_uri(), str(shallow))
    for state in STATES.values():
        assert report("check", *state, *MAIN, cwd=shallow)[0] == 0
    assert_one_line(run("check", "--rev", "HEAD~1", cwd=shallow), "the clone is shallow")


@pytest.mark.parametrize("state", STATES)
def test_a_sparse_checkout(repo: GitRepo, state: str) -> None:
    """What was left out would be there in a deploy: its absence from the work tree breaks nothing."""
    repo.commit({"lib/__init__.py": "", "lib/x.py": "", "app/main.py": "from lib import x\nimport lib.x\n"})
    repo.run("sparse-checkout", "set", "--no-cone", "/*", "!lib/x.py")
    assert not (repo.root / "lib/x.py").exists()
    status, document = report("check", *STATES[state], *MAIN, cwd=repo.root)
    assert (status, document["verdict"]) == (0, "ready")


@pytest.mark.parametrize(
    ("spoil", "arguments", "message"),
    [
        pytest.param(lambda git: (git / "config").write_text("[core\nbad"), ["check"], "config", id="configuration"),
        pytest.param(lambda git: (git / "HEAD").write_text("x\n"), ["check", "--rev", "HEAD"], "revision", id="HEAD"),
    ],
)
def test_a_damaged_repository(
    repo: GitRepo, spoil: Callable[[Path], object], arguments: list[str], message: str
) -> None:
    spoil(repo.root / ".git")
    assert_one_line(run(*arguments, cwd=repo.root), message)


def test_a_git_file_that_leads_nowhere_is_a_plain_folder(folder: Path) -> None:
    write(folder, {".git": "gitdir: /nowhere\n"})
    assert report("check", *MAIN, cwd=folder)[0] == 0


def test_the_folder_one_stands_in_is_gone(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    shell = 'cd "$1" && rmdir "$1" && shift && exec "$@"'
    done = subprocess.run(
        ["sh", "-c", shell, "sh", str(gone), MERGE_GUARD, "check"],
        env=environment(), capture_output=True, encoding="utf-8", check=False, cwd=tmp_path,
    )  # fmt: skip
    assert_one_line(done, "the current directory does not exist")


def test_files_that_vanish_and_change_during_the_run(folder: Path) -> None:
    """A build, an editor, a switch of branches: whatever the run meets, it ends with a report."""
    write(folder, {f"app/m{number}.py": f"x = {number}\n" * 50 for number in range(300)})
    shell = 'while :; do rm -rf "$1"/app; cp -r "$2" "$1"/app 2>/dev/null; done'
    copy = folder.parent / "copy"
    shutil.copytree(folder / "app", copy)
    noise = subprocess.Popen(["sh", "-c", shell, "sh", str(folder), str(copy)], stderr=subprocess.DEVNULL)
    try:
        for _ in range(4):
            done = run("check", "--output-format", "json", "--entry", "app.main", cwd=folder)
            assert done.returncode in (0, 1, 2)
            assert done.stdout or done.stderr.count("\n") == 1
    finally:
        noise.kill()
        noise.wait()
