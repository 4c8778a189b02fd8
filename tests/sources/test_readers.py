from __future__ import annotations

import multiprocessing
import os
import pickle
import socket
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import pytest

from merge_guard.model.source import FileKind, Reader, SourceFile, UnreadableError
from merge_guard.sources.index import index_snapshot
from merge_guard.sources.readers import GitReader, WorkTreeReader
from merge_guard.sources.repository import repository_at
from tests.gitrepo import GitRepo


def _git_reader(repo: GitRepo, limit: int = 1_000_000) -> GitReader:
    repository = repository_at(str(repo.root))
    assert repository is not None
    return GitReader(repository, limit)


def _read_all(job: tuple[Reader, list[SourceFile]]) -> list[bytes]:
    reader, files = job
    return [reader.read(file) for file in files]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"a = 1\n", id="a line"),
        pytest.param(b"\0\xff\r\n\x1b" * 100_000, id="half a megabyte of anything"),
    ],
)
def test_bytes_come_as_they_are(repo: GitRepo, content: bytes) -> None:
    repo.commit({"pkg/a.py": content})
    blob = repo.run("rev-parse", "HEAD:pkg/a.py")
    assert WorkTreeReader(str(repo.root)).read(SourceFile("pkg/a.py")) == content
    assert _git_reader(repo).read(SourceFile("pkg/a.py", blob=blob)) == content


def _make(root: Path, what: str) -> None:
    path = root / "x.py"
    if what == "fifo":
        os.mkfifo(path)
    elif what == "socket":
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(os.path.relpath(path))
    elif what == "directory":
        path.mkdir()
    elif what in ("dangling", "loop", "link"):
        path.symlink_to({"dangling": "gone", "loop": "x.py", "link": "good.py"}[what])
    elif what == "device":
        path.symlink_to("/dev/zero")
    elif what == "large":
        path.write_bytes(b"x" * 2_000_001)
    elif what == "forbidden":
        path.write_bytes(b"")
        path.chmod(0)


@pytest.mark.parametrize(
    ("what", "path", "reason"),
    [
        ("gone", "x.py", "vanished"),
        ("gone", "good.py/x.py", "vanished"),
        ("fifo", "x.py", "not a regular file"),
        ("socket", "x.py", "not a regular file"),
        ("directory", "x.py", "not a regular file"),
        ("dangling", "x.py", "not a regular file"),
        ("loop", "x.py", "not a regular file"),
        ("link", "x.py", "not a regular file"),
        ("device", "x.py", "not a regular file"),
        ("large", "x.py", "larger than 2 MB"),
        ("nul", "a\0b.py", "not a file name"),
        ("up", "../secret.py", "outside the root"),
        ("long", "n" * 300, "file name too long"),
    ],
)
def test_what_a_work_tree_reader_refuses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str, path: str, reason: str
) -> None:
    (tmp_path / "secret.py").write_bytes(b"secret")
    root = tmp_path / "root"
    root.mkdir()
    monkeypatch.chdir(root)
    (root / "good.py").write_bytes(b"good")
    _make(root, what)
    reader = WorkTreeReader(str(root), limit=2_000_000)
    with pytest.raises(UnreadableError, match=f"\\A{reason}\\Z"):
        reader.read(SourceFile(path))
    assert reader.read(SourceFile("good.py")) == b"good"


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to root")
def test_a_forbidden_file(tmp_path: Path) -> None:
    _make(tmp_path, "forbidden")
    with pytest.raises(UnreadableError, match="permission denied"):
        WorkTreeReader(str(tmp_path)).read(SourceFile("x.py"))


@pytest.mark.parametrize("kind", [kind for kind in FileKind if kind is not FileKind.REGULAR])
def test_only_regular_files_are_read(repo: GitRepo, kind: FileKind) -> None:
    repo.commit({"a.py": "a"})
    for reader in (WorkTreeReader(str(repo.root)), _git_reader(repo)):
        with pytest.raises(UnreadableError, match="not a regular file"):
            reader.read(SourceFile("a.py", kind, repo.run("rev-parse", "HEAD:a.py")))


def test_a_directory_that_leaves_the_root(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out/x.py").write_bytes(b"secret")
    (tmp_path / "root/inside").mkdir(parents=True)
    (tmp_path / "root/inside/x.py").write_bytes(b"inside")
    (tmp_path / "root/out").symlink_to(tmp_path / "out")
    (tmp_path / "root/in").symlink_to("inside")
    reader = WorkTreeReader(str(tmp_path / "root"))
    with pytest.raises(UnreadableError, match="outside the root"):
        reader.read(SourceFile("out/x.py"))
    assert reader.read(SourceFile("in/x.py")) == b"inside"


@pytest.mark.parametrize("name", [b"\xff.py", b"a\nb.py", b"\x1b[1m.py", b"-n", b" ", b"x" * 255])
def test_any_file_name(tmp_path: Path, name: bytes) -> None:
    path = os.fsencode(tmp_path) + b"/" + name
    with open(path, "wb") as file:
        file.write(name)
    assert WorkTreeReader(str(tmp_path)).read(SourceFile(name.decode("utf-8", "surrogateescape"))) == name


def test_a_missing_object(repo: GitRepo) -> None:
    repo.commit({"a.py": "a", "b.py": "b"})
    gone, there = (repo.run("rev-parse", f"HEAD:{name}") for name in ("a.py", "b.py"))
    (repo.root / ".git/objects" / gone[:2] / gone[2:]).unlink()
    reader = _git_reader(repo)
    with pytest.raises(UnreadableError, match="git object missing"):
        reader.read(SourceFile("a.py", blob=gone))
    assert reader.read(SourceFile("b.py", blob=there)) == b"b"


def test_a_damaged_object(repo: GitRepo) -> None:
    repo.commit({"a.py": "a", "b.py": "b"})
    bad, there = (repo.run("rev-parse", f"HEAD:{name}") for name in ("a.py", "b.py"))
    path = repo.root / ".git/objects" / bad[:2] / bad[2:]
    path.chmod(0o644)
    path.write_bytes(b"garbage")
    reader = _git_reader(repo)
    with pytest.raises(UnreadableError, match="git object"):
        reader.read(SourceFile("a.py", blob=bad))
    assert reader.read(SourceFile("b.py", blob=there)) == b"b"


def test_an_object_that_is_too_large(repo: GitRepo) -> None:
    repo.commit({"a.py": b"a" * 2_000_001, "b.py": "b"})
    large, there = (repo.run("rev-parse", f"HEAD:{name}") for name in ("a.py", "b.py"))
    reader = _git_reader(repo, limit=2_000_000)
    with pytest.raises(UnreadableError, match="larger than 2 MB"):
        reader.read(SourceFile("a.py", blob=large))
    assert reader.read(SourceFile("b.py", blob=there)) == b"b"


def test_readers_go_to_workers(repo: GitRepo) -> None:
    repo.commit({f"m{number}.py": f"n = {number}\n" for number in range(40)})
    snapshot = index_snapshot(str(repo.root))
    files = list(snapshot.files)
    expected = [f"n = {file.path[1:-3]}\n".encode() for file in files]
    for reader in (snapshot.reader, WorkTreeReader(str(repo.root))):
        assert _read_all((reader, files)) == expected
        assert _read_all((pickle.loads(pickle.dumps(reader)), files)) == expected
        with ThreadPoolExecutor(4) as threads:
            assert list(threads.map(_read_all, [(reader, files)] * 8)) == [expected] * 8


@pytest.mark.parametrize("method", ["spawn", "forkserver"])
def test_a_reader_in_use_goes_to_other_processes(repo: GitRepo, method: str) -> None:
    repo.commit({"a.py": "a"})
    snapshot = index_snapshot(str(repo.root))
    files = list(snapshot.files)
    assert _read_all((snapshot.reader, files)) == [b"a"]
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context(method)) as workers:
        assert list(workers.map(_read_all, [(snapshot.reader, files)] * 4)) == [[b"a"]] * 4


def test_a_forked_reader_does_not_share_the_pipe(repo: GitRepo) -> None:
    program = f"""
import os
from merge_guard.sources.index import index_snapshot
snapshot = index_snapshot({str(repo.root)!r})
files = {{file.path: file for file in snapshot.files}}
assert snapshot.reader.read(files["a.py"]) == b"a"
child = os.fork()
for _ in range(200):
    name = "a.py" if child else "b.py"
    assert snapshot.reader.read(files[name]) == name[:1].encode()
if child:
    assert os.waitpid(child, 0)[1] == 0
    assert snapshot.reader.read(files["a.py"]) == b"a"
"""
    repo.commit({"a.py": "a", "b.py": "b"})
    done = subprocess.run([sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_reader_leaves_nothing_behind(repo: GitRepo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    repo.commit({"a.py": "a"})
    reader = _git_reader(repo)
    assert reader.blob(repo.run("rev-parse", "HEAD:a.py")) == b"a"
    assert list(scratch.iterdir()) == [], "while it is open"
    reader.close()
    assert reader.blob(repo.run("rev-parse", "HEAD:a.py")) == b"a", "opened again"


def test_several_blobs_at_once(repo: GitRepo) -> None:
    repo.commit({f"{number}.py": f"{number}\n" * number for number in range(300)} | {"large.py": "x" * 2_000_001})
    names = {line.split()[3]: line.split()[2] for line in repo.run("ls-tree", "-r", "HEAD").splitlines()}
    reader = _git_reader(repo)
    asked = [*names.values(), "0" * 39 + "1", repo.run("rev-parse", "HEAD")]
    found = reader.blobs(asked)
    assert {name: found.get(blob) for name, blob in names.items()} == {
        **{f"{number}.py": (f"{number}\n" * number).encode() for number in range(300)},
        "large.py": None,
    }
    assert reader.blob(names["7.py"]) == b"7\n" * 7
