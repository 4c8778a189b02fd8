"""The one module that runs git, and only on a shadow of the judged repository.

Git does what a repository's configuration says: `ls-files` alone starts `core.fsmonitor`. So git never sees the
judged git directory. It is given a *shadow*: an empty bare repository in a temporary directory with a configuration
of its own, to which the real object store is lent as an alternate, so that even a command that writes could not write
there. What the answers depend on is brought over as data: the object format, the shallow file, a split index's shared
part and, only to resolve a revision, refs, reflogs and upstream names. The work tree is not lent at all.

Lost on purpose: replace refs and grafts, promised objects that were not fetched, system and user configuration.
"""

from __future__ import annotations

import functools
import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import IO

from merge_guard.errors import GitError
from merge_guard.sources.bounded import read_optional
from merge_guard.sources.repository import Repository, is_within
from merge_guard.sources.user import answer, ask, clean_environment

OLDEST = (2, 30)
_MEMORY = "/dev/shm"
_ROOM = 1 << 28
"""Bytes that are free in memory where anything is put there."""

_CONFIG = """\
[core]
\trepositoryFormatVersion = 1
\tbare = false
\tfsmonitor = false
\tuntrackedCache = false
\thooksPath = /dev/null
\tattributesFile = /dev/null
\texcludesFile = /dev/null
\tpager = cat
\twarnAmbiguousRefs = false
[protocol]
\tallow = never
[gc]
\tauto = 0
[maintenance]
\tauto = false
"""


@dataclass(frozen=True, slots=True)
class ShadowGit:
    """A shadow git directory; exists as long as the `shadow_of` that made it."""

    directory: str
    environ: Mapping[str, str]
    object_format: str
    """"sha1" or "sha256"."""

    def empty_object(self, kind: str) -> str:
        """The id of a tree or blob without content; git knows these without having them."""
        return hashlib.new(self.object_format, f"{kind} 0\0".encode()).hexdigest()

    def run(self, *arguments: str, stdin: bytes = b"") -> bytes:
        """Standard output of a git command; raises `GitError` with git's first line."""
        done = self._run(arguments, stdin)
        if done.returncode:
            complaint = done.stderr.decode("utf-8", "replace").strip().splitlines() or ["no reason given"]
            raise GitError(f"git {arguments[0]} failed: {complaint[0]}")
        return done.stdout

    def ask(self, *arguments: str) -> str | None:
        """The one line that a git command answers, None where it fails."""
        done = self._run(arguments, b"")
        return None if done.returncode else done.stdout.decode("utf-8", "surrogateescape").rstrip("\n")

    def attempt(self, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        """A command whose failure says something too."""
        return self._run(arguments, b"")

    def together(self, commands: Sequence[Sequence[str]], meanwhile: Callable[[], object]) -> list[bytes]:
        """Standard output of several git commands, which run at once; raises `GitError` with the first line of one.

        `meanwhile` is called while they run, and is the first to complain.
        """
        with ExitStack() as stack:
            outputs = [stack.enter_context(tempfile.TemporaryFile(dir=self.directory)) for _ in commands]
            processes = [
                stack.enter_context(self._started(arguments, output)) for arguments, output in zip(commands, outputs)
            ]
            try:
                meanwhile()
                statuses = [process.wait() for process in processes]
            except BaseException:
                for process in processes:
                    process.kill()
                raise
            texts = []
            for arguments, output, status in zip(commands, outputs, statuses):
                output.seek(0)
                # Given again, the command tells why it fails.
                texts.append(output.read() if status == 0 else self.run(*arguments))
            return texts

    def _started(self, arguments: Sequence[str], output: IO[bytes]) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [executable(), *arguments],
            cwd="/",
            env=self.environ,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.DEVNULL,
        )

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """A git command to talk to through pipes."""
        return subprocess.Popen(
            [executable(), *arguments],
            cwd="/",
            env=self.environ,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )

    def _run(self, arguments: Sequence[str], stdin: bytes) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [executable(), *arguments],
            cwd="/",
            env=self.environ,
            input=stdin,
            capture_output=True,
            check=False,
        )


@contextmanager
def shadow_of(repository: Repository, *, small: bool = False) -> Iterator[ShadowGit]:
    """A shadow of the repository, removed on the way out, whatever the way.

    `small`: few objects will be written to it, so that it may be in memory, where it is gone quickest.
    """
    executable()
    with tempfile.TemporaryDirectory(prefix="merge-guard-", dir=_scratch(repository, small)) as directory:
        for name in ("objects", "refs/heads", "info", "nothing"):
            os.makedirs(os.path.join(directory, name))
        _write(directory, "HEAD", b"ref: refs/heads/none\n")
        object_format = _object_format(repository)
        _write(directory, "config", f"{_CONFIG}[extensions]\n\tobjectFormat = {object_format}\n".encode())
        if (shallow := read_optional(os.path.join(repository.common_dir, "shallow"))) is not None:
            _write(directory, "shallow", shallow)
        yield ShadowGit(directory, _environment(repository, directory), object_format)


def executable() -> str:
    """The absolute path of a git that is new enough; raises `GitError` where there is none.

    Relative entries of PATH are passed over: they would find a `git` that the judged tree brings along.
    """
    entries = os.environ.get("PATH", os.defpath).split(os.pathsep)
    return _executable_in(os.pathsep.join(entry for entry in entries if os.path.isabs(entry)))


@functools.cache
def _executable_in(path: str) -> str:
    found = shutil.which("git", path=path) if path else None
    if found is None:
        raise GitError("git is not installed, or not in PATH")
    try:
        answer = subprocess.run(
            [found, "--version"], cwd="/", env=clean_environment(), capture_output=True, check=False
        ).stdout
    except OSError as error:
        raise GitError(f"{found} does not start: {error.strerror}") from None
    version = re.search(rb"(\d+)\.(\d+)", answer)
    if version is None or (int(version[1]), int(version[2])) < OLDEST:
        wanted = ".".join(map(str, OLDEST))
        raise GitError(f"{found} is {answer.decode(errors='replace').strip()!r}: git {wanted} or newer is needed")
    return found


def read_config(path: str) -> dict[str, list[str]]:
    """The settings of one configuration file as data, under the names that git lists: lower-case but for the middle.

    Includes are not followed. `git config --file` reads that file and no other, and starts nothing.
    """
    if read_optional(path) is None:
        return {}
    environ = clean_environment() | _QUIET | {"GIT_DIR": "/dev/null"}
    done = subprocess.run(
        [executable(), "config", "--file", path, "--no-includes", "--null", "--list"],
        cwd="/", env=environ, stdin=subprocess.DEVNULL, capture_output=True, check=False,
    )  # fmt: skip
    if done.returncode:
        complaint = done.stderr.decode("utf-8", "replace").strip().splitlines() or ["unreadable"]
        raise GitError(f"{path}: {complaint[0]}")
    settings: dict[str, list[str]] = {}
    for item in done.stdout.decode("utf-8", "surrogateescape").split("\0"):
        name, equals, value = item.partition("\n")
        if name:
            settings.setdefault(name, []).append(value if equals else "true")
    return settings


def user_setting(name: str) -> str | None:
    """A setting of the person who runs the program, from user and system configuration; no repository is looked at."""
    return answer(ask(executable(), name))


_QUIET = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_PAGER": "cat",
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_ALLOW_PROTOCOL": "none",
    "LC_ALL": "C",
}


def _environment(repository: Repository, directory: str) -> dict[str, str]:
    return clean_environment() | _QUIET | {
        "GIT_DIR": directory,
        "GIT_WORK_TREE": os.path.join(directory, "nothing"),
        "GIT_INDEX_FILE": repository.index,
        "GIT_ALTERNATE_OBJECT_DIRECTORIES": os.pathsep.join(map(_quoted, repository.objects)),
    }  # fmt: skip


def _quoted(path: str) -> str:
    """A path as git reads it in a list of them: in C quotes, for it may hold the separator."""
    escaped = path.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def _object_format(repository: Repository) -> str:
    content = read_optional(os.path.join(repository.common_dir, "config")) or b""
    if b"objectformat" not in content.lower():
        return "sha1"
    stated = read_config(os.path.join(repository.common_dir, "config")).get("extensions.objectformat", ["sha1"])[-1]
    if stated not in ("sha1", "sha256"):
        raise GitError(f"the repository's object format {stated!r} is not known")
    return stated


def _scratch(repository: Repository, small: bool) -> str:
    """A directory for temporary files that is not in the judged repository, even where TMPDIR says so."""
    usual = (tempfile.gettempdir(), "/tmp", "/var/tmp", _MEMORY)
    for place in (_MEMORY, *usual) if small and _has_room(_MEMORY) else usual:
        real = os.path.realpath(place)
        inside = any(is_within(real, part) for part in (repository.root, repository.git_dir) if part)
        if not inside and os.access(real, os.W_OK | os.X_OK):
            return real
    raise GitError("there is no directory for temporary files outside the judged tree: set TMPDIR")


def _has_room(place: str) -> bool:
    try:
        status = os.statvfs(place)
    except (OSError, AttributeError):
        return False
    return status.f_bavail * status.f_frsize > _ROOM


def _write(directory: str, name: str, content: bytes) -> None:
    with open(os.path.join(directory, name), "wb") as file:
        file.write(content)
