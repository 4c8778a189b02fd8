"""`.dockerignore` and the wildcards of `COPY`, by Docker's own examples and by the real client where there is one."""

from __future__ import annotations

import io
import shutil
import subprocess
import tarfile
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import ThreadingMixIn, UnixStreamServer
from typing import Any

import pytest

from merge_guard.deploy.docker_patterns import Clue, compile_ignore, go_match
from merge_guard.deploy.dockerignore import Ignore, Pattern, read_ignore
from tests.gitrepo import isolated_environment

FILES = (
    "README.md", "README-secret.md", "a.py", "a.pyc", "somedir/temporary.txt", "somedir/subdir/temp", "tempa", "tempb",
    "dir/a.py", "dir/b.pyc", "dir/sub/c.pyc", "dir/sub/README.md", "docs/x.md", "docs/guide/y.md", "foo", "dir/foo",
    "dir/sub/foo/bar", "__pycache__/a.pyc", "dir/__pycache__/b.pyc", "a[b].py", "ab.py", "lib/lib/x.py", "xlib/x.py",
)  # fmt: skip
CASES = [
    pytest.param("# comment\n*/temp*", {"somedir/temporary.txt"}, id="one level down"),
    pytest.param("*/*/temp*", {"somedir/subdir/temp"}, id="two levels down"),
    pytest.param("temp?", {"tempa", "tempb"}, id="one character"),
    pytest.param("*.md\n!README.md", {"README-secret.md"}, id="an exception"),
    pytest.param("*.md\n!README*.md\nREADME-secret.md", {"README-secret.md"}, id="the last one decides"),
    pytest.param("*.md\nREADME-secret.md\n!README*.md", set(), id="the last one decides, the other way"),
    pytest.param("**/*.pyc", {f for f in FILES if f.endswith(".pyc")}, id="any depth"),
    pytest.param("*.pyc", {"a.pyc"}, id="the root alone"),
    pytest.param("/dir", {f for f in FILES if f.startswith("dir/")}, id="a leading slash"),
    pytest.param("dir/", {f for f in FILES if f.startswith("dir/")}, id="a trailing slash"),
    pytest.param("./dir/../docs", {"docs/x.md", "docs/guide/y.md"}, id="cleaned"),
    pytest.param("dir/**", {f for f in FILES if f.startswith("dir/")}, id="all below"),
    pytest.param("**/foo", {"foo", "dir/foo", "dir/sub/foo/bar"}, id="a name at any depth"),
    pytest.param("**/__pycache__", {"__pycache__/a.pyc", "dir/__pycache__/b.pyc"}, id="a directory at any depth"),
    pytest.param("dir/**/*.pyc", {"dir/b.pyc", "dir/sub/c.pyc", "dir/__pycache__/b.pyc"}, id="any depth below"),
    pytest.param("lib", {"lib/lib/x.py"}, id="not at any depth, as git has it"),
    pytest.param("a[[]b].py", {"a[b].py"}, id="a class"),
    pytest.param("a\\[b\\].py", {"a[b].py"}, id="escaped"),
    pytest.param("[^a]oo", {"foo"}, id="not of a class"),
    pytest.param("*\n!dir", {f for f in FILES if not f.startswith("dir/")}, id="all but one directory"),
    pytest.param(
        "*\n!dir\ndir/sub",
        {f for f in FILES if not f.startswith("dir/") or f.startswith("dir/sub")},
        id="less a part",
    ),
    pytest.param("dir/sub/foo\n!dir", {"dir/sub/foo/bar"}, id="an exception that fits only above"),
    pytest.param("   docs   \n\n#!docs\n", {"docs/x.md", "docs/guide/y.md"}, id="blanks and comments"),
    pytest.param("\ufeffdocs", {"docs/x.md", "docs/guide/y.md"}, id="BOM"),
    pytest.param("docs\r\nfoo\r\n", {"docs/x.md", "docs/guide/y.md", "foo"}, id="CRLF"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "excluded"), CASES)
def test_dockerignore(text: str, excluded: set[str]) -> None:
    ignore = read_ignore(".dockerignore", text.encode())
    assert {path for path in FILES if ignore.excluded(path)} == excluded


def test_the_line_is_told() -> None:
    pattern = read_ignore(".dockerignore", b"# x\n*.md\n!README.md\n").excluded("x.md")
    assert pattern is not None
    assert (pattern.line, pattern.text) == (2, "*.md")


@pytest.mark.parametrize(
    ("pattern", "clue"),
    [
        pytest.param("dir/a.py", Clue("path", "dir/a.py"), id="a path"),
        pytest.param("**/foo", Clue("name", "foo"), id="a name"),
        pytest.param("**/sub/foo", Clue("end", "sub/foo"), id="several names"),
        pytest.param("**foo", Clue("end", "foo"), id="no slash behind any depth"),
        pytest.param("dir/**", Clue("start", "dir/"), id="all below"),
        pytest.param("dir/*.py", Clue("start", "dir/"), id="a wildcard in a directory"),
        pytest.param("*.py", Clue("end", ".py"), id="at the root"),
        pytest.param("**/a*.py", Clue("name start", "a"), id="the beginning of a name"),
        pytest.param("**/*.py", Clue("end", ".py"), id="the end of a name"),
        pytest.param("**/d*/sub/*.pyc", Clue("end", ".pyc"), id="a wildcard above"),
        pytest.param("**/?[^b]foo*b*", Clue("part", "foo"), id="a class may take a slash"),
        pytest.param("*", Clue("part", ""), id="anything"),
    ],
)
def test_clues(pattern: str, clue: Clue) -> None:
    compiled = compile_ignore(pattern)
    assert compiled is not None
    assert compiled.clue == clue
    with_clue, without = (Ignore("", [Pattern(compiled.test, False, 1, pattern, one)]) for one in (clue, Clue()))
    assert [*map(with_clue.excluded, FILES)] == [
        None if found is None else with_clue.patterns[0] for found in map(without.excluded, FILES)
    ]


class _Daemon(BaseHTTPRequestHandler):
    """As much of the Docker API as the client needs to send its context."""

    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def do_HEAD(self) -> None:
        self._answer(b"")

    def do_GET(self) -> None:
        self._answer(b"OK" if self.path.endswith("_ping") else b'{"ApiVersion": "1.40", "MinAPIVersion": "1.12"}')

    def do_POST(self) -> None:
        body = b""
        while size := int(self.rfile.readline(), 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        self.server.contexts.append(body)  # type: ignore[attr-defined]
        self._answer(b"{}\n")

    def _answer(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Api-Version", "1.40")
        self.send_header("OSType", "linux")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class _Server(ThreadingMixIn, UnixStreamServer):
    daemon_threads = True

    def __init__(self, path: str) -> None:
        super().__init__(path, _Daemon)
        self.contexts: list[bytes] = []

    def get_request(self) -> tuple[Any, Any]:
        return super().get_request()[0], ("client", 0)


@pytest.fixture
def docker(tmp_path: Path) -> Iterator[_Server]:
    if shutil.which("docker") is None:
        pytest.skip("no docker client")
    with _Server(str(tmp_path / "socket")) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(("text", "excluded"), CASES)
def test_the_docker_client_agrees(text: str, excluded: set[str], docker: _Server, tmp_path: Path) -> None:
    context = tmp_path / "context"
    for name in ("Dockerfile", *FILES):
        (context / name).parent.mkdir(parents=True, exist_ok=True)
        (context / name).write_text("FROM scratch\n")
    (context / ".dockerignore").write_text(text, encoding="utf-8", newline="")
    environment = isolated_environment() | {
        "DOCKER_HOST": f"unix://{tmp_path / 'socket'}", "DOCKER_BUILDKIT": "0", "DOCKER_CONFIG": str(tmp_path)
    }  # fmt: skip
    done = subprocess.run(
        ["docker", "build", "."], cwd=context, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert len(docker.contexts) == 1, done.stderr
    with tarfile.open(fileobj=io.BytesIO(docker.contexts[0])) as archive:
        sent = {member.name for member in archive if member.isfile()}
    assert set(FILES) - sent == excluded


@pytest.mark.parametrize(
    ("pattern", "path", "fits"),
    [
        pytest.param("*.py", "a.py", True, id="star"),
        pytest.param("*.py", "a/b.py", False, id="no slash in a star"),
        pytest.param("a?c", "a/c", False, id="no slash for a question mark"),
        pytest.param("[a-c]*", "bx", True, id="a range"),
        pytest.param("[^a-c]*", "bx", False, id="not in a range"),
        pytest.param("a\\*", "a*", True, id="escaped"),
        pytest.param("**/x", "a/x", True, id="two stars are one"),
        pytest.param("**/x", "a/b/x", False, id="two stars take no slash"),
        pytest.param("a.b", "axb", False, id="a dot is a dot"),
        pytest.param("*a*b*c*", "xaxbxcx", True, id="many stars"),
        pytest.param("*a*b*c*", "xaxcxbx", False, id="many stars, in order"),
        pytest.param("[]a]", "]", False, id="malformed: an empty class"),
        pytest.param("[a", "a", False, id="malformed: unclosed"),
        pytest.param("a\\", "a", False, id="malformed: nothing escaped"),
    ],
)
def test_go_match(pattern: str, path: str, fits: bool) -> None:
    test = go_match(pattern)
    assert (test is not None and test(path)) == fits


@pytest.mark.parametrize(
    "pattern", [pytest.param("*a" * 400, id="stars"), pytest.param("**/a" * 200 + "*", id="depths")]
)
def test_no_pattern_is_slow(pattern: str) -> None:
    compiled = compile_ignore(pattern)
    assert compiled is not None
    assert not compiled.test("a" * 2_000 + "b" if "/" not in pattern else "a/" * 1_000 + "b/c")


def test_what_is_too_large_is_refused() -> None:
    with pytest.raises(ValueError, match="larger"):
        read_ignore("x", b"#" * 1_000_000)
    with pytest.raises(ValueError, match="more than"):
        read_ignore("x", b"a\n" * 10_000)
