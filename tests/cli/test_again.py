"""A command that is given again writes what it wrote, and only while that is what it would write."""

from __future__ import annotations

import os
import random
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import platformdirs
import pytest
from gitrepo import GitRepo

from merge_guard import __main__
from merge_guard.cache.directory import default_cache_directory
from merge_guard.cli import again

FILES = {
    "app/__init__.py": "",
    "app/main.py": "from app.models import User\napp = User\n",
    "app/models.py": "class User: ...\n",
    "notes.txt": "nothing\n",
    ".gitignore": "*.log\nbuild/\n",
    "build/made.py": "x = 1\n",
    "pyproject.toml": "[tool.merge-guard]\nentry = ['app.main:app']\n",
}
CONTENTS = (
    "class User: ...\n",
    "class Other: ...\n",
    "<<<<<<< HEAD\nclass User: ...\n=======\nclass User: pass\n>>>>>>> other\n",
    "class User\n",
    "import app.gone\nclass User: ...\n",
)


Check = Callable[..., tuple[str, int, bool]]


def main(arguments: list[str]) -> int:
    """As a process of its own would run it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["merge-guard", *arguments])
        return __main__.main()


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> GitRepo:
    """A repository to stand in; stamps count at once: the tests do not wait until the files are old enough."""
    monkeypatch.setattr("merge_guard.sources.stamps.SETTLED", -(10**9))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    repo = GitRepo(tmp_path / "tree")
    repo.commit(FILES)
    monkeypatch.chdir(repo.root)
    return repo


@pytest.fixture
def check(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Check:
    """The command's output without its seconds, its exit status, and whether that was known before."""

    def run(*options: str, cached: bool = True) -> tuple[str, int, bool]:
        arguments = ["check", *(("--cache-dir", str(tmp_path / "cache")) if cached else ("--no-cache",)), *options]
        known = again.written_before(arguments) is not None
        capsys.readouterr()
        status = main(arguments)
        text = capsys.readouterr().out
        return re.sub(r"in \d+\.\d s$|\"seconds\": ?[\d.]+", "", text, flags=re.MULTILINE), status, known

    return run


@pytest.mark.parametrize("form", ["full", "concise", "json", "json-lines", "sarif", "github", "markdown"])
def test_the_second_time_nothing_is_judged(repo: GitRepo, check: Check, form: str) -> None:
    (repo.root / "app/models.py").write_text(CONTENTS[2])
    fresh, status, _ = check("--output-format", form, cached=False)
    runs = [check("--output-format", form) for _ in range(3)]
    assert [run[:2] for run in runs] == [(fresh, status)] * 3
    assert [run[2] for run in runs] == [False, True, True]
    assert not check("--output-format", form, "--verbose")[2], "another question"


def test_the_seconds_are_those_of_this_run(repo: GitRepo, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["check", "--cache-dir", str(tmp_path / "cache")]
    for _ in range(2):
        assert main(arguments) == 0
        assert re.search(r"\(3 modules\) in \d\.\d s\n\Z", capsys.readouterr().out)


def _commit(repo: GitRepo) -> None:
    repo.run("add", "-A")
    repo.run("commit", "-q", "--allow-empty", "-m", "more")


CHANGES: dict[str, Callable[[GitRepo, Path], object]] = {
    "an edit": lambda repo, home: (repo.root / "app/models.py").write_text("class Other: ...\n"),
    "an edit that keeps size and time": lambda repo, home: _keeping_times(repo.root / "app/models.py"),
    "a new module": lambda repo, home: (repo.root / "app/more.py").write_text("import app.gone\n"),
    "a module that is gone": lambda repo, home: (repo.root / "app/models.py").unlink(),
    "a renamed module": lambda repo, home: (repo.root / "app/models.py").rename(repo.root / "app/model.py"),
    "a link in its place": lambda repo, home: _link(repo.root / "app/models.py"),
    "the configuration": lambda repo, home: (repo.root / "pyproject.toml").write_text(
        "[tool.merge-guard]\nentry = ['app.gone']\n"
    ),
    "a nearer configuration": lambda repo, home: (repo.root / "merge-guard.toml").write_text("entry = ['app.gone']\n"),
    "an untracked directory": lambda repo, home: _write(repo.root / "new/deep/__init__.py", "import nothing.at.all\n"),
    "what is ignored in the tree": lambda repo, home: (repo.root / ".gitignore").write_text("models.py\n"),
    "what is ignored besides": lambda repo, home: _write(repo.root / ".git/info/exclude", "more.py\n"),
    "what the user ignores": lambda repo, home: _write(home / ".config/git/ignore", "*.txt\n"),
    "where the user says so": lambda repo, home: _write(home / ".gitconfig", "[core]\nexcludesFile = ~/mine\n"),
    "an ignored package": lambda repo, home: _write(repo.root / "build/__init__.py", ""),
    "the size of markers": lambda repo, home: _write(repo.root / ".git/info/attributes", "* conflict-marker-size=9\n"),
    "the index": lambda repo, home: repo.run("rm", "-q", "--cached", "app/models.py"),
    "a commit": lambda repo, home: _commit(repo),
    "a merge": lambda repo, home: _write(repo.root / ".git/MERGE_HEAD", repo.run("rev-parse", "HEAD")),
    "another branch": lambda repo, home: repo.run("checkout", "-q", "-b", "other"),
    "no repository": lambda repo, home: shutil.rmtree(repo.root / ".git"),
    "a virtual environment": lambda repo, home: _write(repo.root / "new/pyvenv.cfg", ""),
    "a repository inside": lambda repo, home: subprocess.run(["git", "init", "-q", "inside"], check=True),
    "rights": lambda repo, home: (repo.root / "app").chmod(0o700),
}
UNSEEN = {"another branch", "rights", "a commit"}
"""Changes after which the output may be the same; all others have to be noticed."""


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def _keeping_times(path: Path) -> None:
    before = path.stat()
    path.write_text(path.read_text().replace("User", "Used"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def _link(path: Path) -> None:
    path.unlink()
    path.symlink_to("main.py")


@pytest.mark.parametrize("what", CHANGES)
def test_what_changes_is_noticed(repo: GitRepo, tmp_path: Path, check: Check, what: str) -> None:
    _write(repo.root / "new/some.py", "import app.models\n")
    check()
    assert check()[2]
    CHANGES[what](repo, tmp_path / "home")
    text, status, known = check()
    assert (text, status) == check(cached=False)[:2]
    assert not known or what in UNSEEN
    assert check()[2] or what == "a repository inside"


def test_an_ignore_file_that_is_ignored_is_watched(repo: GitRepo, check: Check) -> None:
    _write(repo.root / "app/.gitignore", ".gitignore\nmore.py\n")
    _write(repo.root / "app/more.py", "<<<<<<< HEAD\n")
    check()
    assert check()[1:] == (0, True)
    with (repo.root / "app/.gitignore").open("r+") as file:
        file.write(".gitignore\nless.py\n")
    assert check() == (*check(cached=False)[:2], False)
    assert check()[1:] == (1, True)


@pytest.mark.parametrize("staged", [[], ["--staged"]], ids=["work tree", "index"])
def test_what_arguments_mean_is_looked_at(
    repo: GitRepo, check: Check, monkeypatch: pytest.MonkeyPatch, staged: list[str]
) -> None:
    """Paths and scripts are looked for on disk, also where nothing is listed."""
    repo.commit({"run.py": "x = 1\n"})
    for name in ("deep/run.py", "deep/er/made.py"):
        _write(repo.root / "build" / name, "x = 1\n")
    monkeypatch.chdir(repo.root / "build/deep")
    for options, gone, statuses in ((["er"], "er", (0, 2)), (["--entry", "run.py"], "run.py", (1, 0))):
        options = [*options, *staged]
        assert [check(*options)[1] for _ in range(2)] == [statuses[0]] * 2
        Path(gone).rename(f"not-{gone}")
        again = check(*options)
        assert again == (*check(*options, cached=False)[:2], False)
        assert again[1] == statuses[1]


@pytest.mark.parametrize("seed", range(4))
def test_equal_over_changes(repo: GitRepo, check: Check, seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    known = 0
    for _ in range(10):
        kind = chance.random()
        if kind < 0.4:
            _write(repo.root / chance.choice(("app/models.py", "app/main.py", "new/a.py")), chance.choice(CONTENTS))
        elif kind < 0.7 and (repo.root / "app/models.py").is_file():
            CHANGES[chance.choice(sorted(CHANGES.keys() - {"no repository", "a repository inside"}))](
                repo, tmp_path / "home"
            )
        elif kind < 0.8:
            _write(repo.root / "app/models.py", CONTENTS[0])
        cached, fresh = check(), check(cached=False)
        assert cached[:2] == fresh[:2]
        known += cached[2]
    assert known < 10


BODY = "class User:\n    def first(self):\n        return 1\n\n    def second(self):\n        return 2\n"


def test_an_edit_that_says_nothing_else_is_no_judgement(repo: GitRepo, check: Check) -> None:
    place = repo.root / "app/models.py"
    place.write_text(BODY)
    for form in ("full", "json"):
        check("--output-format", form)
    for number in range(3):
        place.write_text(BODY.replace("return 2", f"# {number}\n        return {number}"))
        for form in ("full", "json"):
            text, status, known = check("--output-format", form)
            assert (text, status) == check("--output-format", form, cached=False)[:2]
            assert known
    check()
    place.write_text(BODY.replace("return 1", "return 3"))
    assert check()[2]
    place.write_text(BODY.replace("User", "Other"))
    assert not check()[2]


def test_edits_one_after_the_other_are_told_by_the_first_answer(repo: GitRepo, check: Check) -> None:
    """What says the same as what said the same; each file counts as it was seen last, also where it is as before."""
    first, second = repo.root / "app/models.py", repo.root / "notes.txt"
    first.write_text(BODY)
    check()
    for place, text in (
        (first, BODY.replace("return 2", "return 3")),
        (second, "something\n"),
        (first, "# said\n" + BODY.replace("return 2", "return 3")),
        (first, BODY),
        (second, "nothing\n"),
    ):
        place.write_text(text)
        for _ in range(2):
            assert check() == (*check(cached=False)[:2], True)
    first.write_text(BODY.replace("User", "Used"))
    assert check() == (*check(cached=False)[:2], False)


def test_saving_by_renaming_is_an_edit(repo: GitRepo, check: Check) -> None:
    place = repo.root / "app/models.py"
    place.write_text(BODY)
    check()
    for text, known in ((BODY + "# said\n", True), (BODY, True), (BODY.replace("User", "Used"), False)):
        (repo.root / "app/models.py~").write_text(text)
        (repo.root / "app/models.py~").replace(place)
        again, status, was_known = check()
        assert (again, status) == check(cached=False)[:2]
        assert was_known is known
    place.unlink()
    place.symlink_to("main.py")
    again, status, was_known = check()
    assert (again, status, was_known) == (*check(cached=False)[:2], False)


def test_a_folder_that_was_just_written(tmp_path: Path, check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files and directories without times to rely on are looked into each time."""
    root = tmp_path / "folder"
    for path, text in FILES.items():
        _write(root / path, text)
    monkeypatch.chdir(root)
    place = root / "app/models.py"
    place.write_text(BODY)
    check()
    for text, known in (
        (BODY, True),
        (BODY.replace("return 1", "return 3"), True),
        (BODY.replace("User", "Used"), False),
    ):
        before = place.stat()
        place.write_text(text)
        os.utime(place, ns=(before.st_atime_ns, before.st_mtime_ns))
        again, status, was_known = check()
        assert (again, status) == check(cached=False)[:2]
        assert was_known is known
    _write(root / "app/more.py", "import app.gone\n")
    assert not check()[2]


def test_an_edit_of_just_now(repo: GitRepo, check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is looked at again until it is old enough for its times to say that nothing changed since."""
    place = repo.root / "app/models.py"
    place.write_text(BODY)
    check()
    monkeypatch.setattr("merge_guard.sources.stamps.SETTLED", 2 * 10**9)
    for text, known in ((BODY + "# said\n", True), (BODY + "# done\n", True), (BODY.replace("User", "Used"), False)):
        place.write_text(text)
        again, status, was_known = check()
        assert (again, status) == check(cached=False)[:2]
        assert was_known is known


@pytest.mark.parametrize("seed", range(4))
def test_equal_over_edits(repo: GitRepo, check: Check, seed: int) -> None:
    chance = random.Random(seed)
    texts = [
        BODY,
        "# said\n" + BODY,
        BODY.replace("return 2", "pass"),
        BODY.replace("second", "third"),
        BODY + "x = 1\n",
    ]
    paths = [repo.root / path for path in ("app/models.py", "app/main.py", "app/__init__.py", "notes.txt")]
    paths[0].write_text(BODY)
    known = 0
    for _ in range(12):
        for _ in range(chance.randrange(3)):
            place = chance.choice(paths)
            kept = place.read_text() if place.name == "main.py" else ""
            place.write_text(kept + chance.choice(texts if chance.random() < 0.8 else [*CONTENTS]))
        again = check()
        assert again[:2] == check(cached=False)[:2]
        known += again[2]
    assert 0 < known < 12


@pytest.mark.parametrize("seed", range(3))
def test_torn_and_foreign_values(repo: GitRepo, check: Check, tmp_path: Path, seed: int) -> None:
    """Of the answer, of what was seen and of what the report depends on: none of them brings anything but time."""
    chance = random.Random(seed)
    place = repo.root / "app/models.py"
    place.write_text(BODY)
    fresh = check(cached=False)[:2]
    check()
    for number in range(6):
        with sqlite3.connect(tmp_path / "cache" / "facts-1.sqlite3") as connection:
            for key, value in connection.execute("SELECT key, value FROM entries").fetchall():
                if key.startswith(("answer:", "seen:", "bearing:")) and chance.random() < 0.6:
                    end = chance.randrange(len(value) + 1)
                    torn = chance.choice((value[:end], value + b"\0", b"\xc1" + value, value[end:], b""))
                    connection.execute("UPDATE entries SET value = ? WHERE key = ?", (torn, key))
        connection.close()
        place.write_text(f"# {number}\n{BODY}")
        assert check()[:2] == fresh
        assert check()[:2] == fresh


def test_what_was_just_written_is_not_relied_on(repo: GitRepo, check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    monkeypatch.chdir(repo.root)
    check()
    assert not check()[2]


@pytest.mark.parametrize(
    "options",
    [
        pytest.param(["--no-cache"], id="no cache"),
        pytest.param(["--output-file", "report.txt"], id="into a file"),
        pytest.param(["--config", "other.toml"], id="a configuration elsewhere"),
    ],
)
def test_nothing_is_kept(repo: GitRepo, tmp_path: Path, options: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    (repo.root / "other.toml").write_text("[tool.merge-guard]\n")
    arguments = ["check", "--cache-dir", str(tmp_path / "cache"), *options]
    for _ in range(2):
        main(arguments)
        assert again.written_before(arguments) is None


def test_the_environment_is_a_part_of_the_question(
    repo: GitRepo, check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    check()
    for name, value in (("NO_COLOR", "1"), ("PATH", f"{os.environ['PATH']}:/nowhere"), ("GIT_CONFIG_GLOBAL", "/none")):
        monkeypatch.setenv(name, value)
        assert not check()[2], name
    monkeypatch.setenv("GIT_INDEX_FILE", str(repo.root / ".git/index"))
    check()
    assert not check()[2], "in a hook git says where everything is"


def test_what_the_program_reads_of_the_environment_is_known() -> None:
    """Every name that stands beside `environ` in the sources is one that makes another question."""
    names = set()
    for path in Path(again.__file__).parents[1].rglob("*.py"):
        if "startup" in path.parts:
            continue  # there it is the environment of what is judged
        text = path.read_text()
        names.update(re.findall(r"environ(?:ment)?(?:\.get\(|\[)\s*\"([A-Z_]+)\"", text))
    assert names
    assert {name for name in names if name not in again._VARIABLES and not name.startswith(again._FAMILIES)} == {
        "ANDROID_DATA"
    } & names


def test_recalling_imports_little(repo: GitRepo, tmp_path: Path) -> None:
    script = (
        "import sys\n"
        "from merge_guard.sources import stamps\n"
        "stamps.SETTLED = -10**9\n"
        "from merge_guard.__main__ import main\n"
        "status = main()\n"
        "print(*sys.modules, file=sys.stderr)\n"
    )
    command = [sys.executable, "-c", script, "check", "--cache-dir", str(tmp_path / "cache")]
    environ = os.environ | {"PYTHONPATH": str(Path(again.__file__).parents[2])}
    first, second = (subprocess.run(command, capture_output=True, text=True, check=True, env=environ) for _ in "ab")
    assert re.sub(r"[\d.]+ s$", "", first.stdout) == re.sub(r"[\d.]+ s$", "", second.stdout)
    heavy = {"click", "msgspec", "pathspec", "yaml", "dataclasses", "platformdirs", "merge_guard.wiring"}
    assert "msgspec" in first.stderr.split()
    assert not heavy.intersection(second.stderr.split())


@pytest.mark.parametrize("base", [None, "", "/var/tmp/cache", "relative", "  "])
def test_the_cache_is_where_the_platform_has_it(monkeypatch: pytest.MonkeyPatch, base: str | None) -> None:
    monkeypatch.delenv("MERGE_GUARD_CACHE_DIR", raising=False)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    if base is not None:
        monkeypatch.setenv("XDG_CACHE_HOME", base)
    assert default_cache_directory() == platformdirs.user_cache_dir("merge-guard", appauthor=False)
