"""What the commands of a `RUN` do to the files of an image: what they take away, and where they may put anything.

Installing system packages, users, modes and caches puts no module where a project's modules are. A command that is not
known may have written anything into the directory where it ran.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from dataclasses import dataclass, field

from merge_guard.deploy.copying import inside
from merge_guard.deploy.shell_commands import Command, commands

_PLAIN = frozenset(
    {"apt-get", "apt", "apt-key", "add-apt-repository", "apk", "yum", "dnf", "microdnf", "zypper", "dpkg", "rpm",
     "dpkg-reconfigure", "conda", "mamba", "micromamba", "npm", "npx", "yarn", "pnpm", "node", "bun", "corepack",
     "useradd", "adduser", "addgroup", "groupadd", "usermod", "groupmod", "passwd", "chpasswd", "chmod", "chown",
     "chgrp", "mkdir", "echo", "printf", "true", "false", ":", "set", "export", "unset", "test", "[", "[[", "which",
     "hash", "type", "update-ca-certificates", "update-alternatives", "ldconfig", "locale-gen", "update-locale",
     "gpg", "ls", "cat", "head", "tail", "grep", "sleep", "exit", "id", "whoami", "uname", "rmdir", "sha256sum",
     "date", "umask", "ulimit", "find", "du", "df", "stat", "wait", "setcap", "strip", "playwright", "spacy",
     "nltk", "crontab", "service", "systemctl", "a2enmod", "a2ensite", "pre-commit", "compileall", "virtualenv",
     "poetry", "pipenv", "pdm", "uv", "pip", "pip3", "ensurepip", "rye", "hatch", "pipx", "easy_install", "su", "shopt",
     "source", ".", "alembic", "collectstatic", "awk", "sort", "wc", "tr", "cut", "nproc", "arch", "getent", "local",
     "return", "gem", "bundle", "go", "cargo", "rustup", "rustc", "ruby", "java", "for", "in", "case", "break", "mv-f"}
)  # fmt: skip
_PLAIN_MODULES = frozenset(
    {"pip", "venv", "virtualenv", "compileall", "ensurepip", "playwright", "spacy", "nltk.downloader", "pipenv", "uv",
     "poetry", "site", "pre_commit", "py_compile", "textblob.download_corpora"}
)  # fmt: skip
# Django's commands that make files for browsers, or none.
_STATIC = frozenset(
    {"check", "collectstatic", "compilemessages", "compilescss", "compress", "createcachetable", "migrate"}
)
_FETCHES = frozenset({"curl", "wget", "aria2c"})
_MOST = 2_000


@dataclass(slots=True)
class Effects:
    """Paths are inside the image. `installs` are the commands that install Python packages, with where they ran."""

    opened: set[str] = field(default_factory=set)
    removed: set[str] = field(default_factory=set)
    changed: set[str] = field(default_factory=set)
    made: set[str] = field(default_factory=set)
    copied: list[tuple[str, str, bool]] = field(default_factory=list)
    """(from, to, whether the first goes away)."""
    installs: list[tuple[tuple[str, ...], str]] = field(default_factory=list)


def effects_of(script: str, workdir: str, value: Callable[[str], str | None]) -> Effects:
    """`value` puts variables into a word, None where one is not known."""
    effects = Effects()
    listed = commands(script)
    if listed is None or len(listed) > _MOST:
        effects.opened.add(workdir)
        return effects
    here: str | None = workdir
    for command in listed:
        here = _run(command, here, workdir, value, effects)
    return effects


def _run(
    command: Command, here: str | None, workdir: str, value: Callable[[str], str | None], effects: Effects
) -> str | None:
    """Note one command's effects; gives the directory in which the next one runs, None where that is not known."""
    cwd = workdir if here is None else here

    def path(word: str) -> str:
        known = value(word)
        return cwd if known is None or here is None else inside(known, cwd)

    for word in command.written:
        effects.opened.add(path(word))
    if not command.argv:
        return here
    name = posixpath.basename(command.argv[0])
    words = list(command.argv[1:])
    operands = [word for word in words if not word.startswith("-")]
    if name in ("cd", "pushd"):
        target = value(operands[0]) if operands else None
        return inside(target, cwd) if target is not None and here is not None else None
    if name.startswith("python") or name == "pypy":
        _python(words, cwd, effects)
    elif name.endswith(".py"):
        _python(list(command.argv), cwd, effects)
    elif name in ("pip", "pip3", "uv", "poetry", "pipenv", "pdm", "conda", "mamba", "micromamba", "easy_install"):
        effects.installs.append(((name, *words), cwd))
    elif name.startswith("pip3."):
        effects.installs.append((("pip", *words), cwd))
    elif name in _PLAIN:
        if name in ("apt-get", "apt", "apk"):
            effects.installs.append(((name, *words), cwd))
        if name == "mkdir":
            effects.made.update(path(word) for word in operands)
    elif name == "rm":
        for word in operands:
            if not any(character in word for character in "*?[{"):
                effects.removed.add(path(word))
    elif name in ("cp", "mv") and len(operands) == 2 and not any(c in "".join(operands) for c in "*?[{"):
        effects.copied.append((path(operands[0]), path(operands[1]), name == "mv"))
    elif name in ("cp", "mv", "rsync", "install", "ln", "touch", "tee"):
        effects.opened.update([path(operands[-1])] if name != "touch" and operands else map(path, operands))
    elif name in ("sed", "perl") or name == "dos2unix":
        if name == "dos2unix":
            return here  # the same program, with other line ends
        if any(word.startswith("-i") or word in ("--in-place", "-pi") or "i" in word[:4] for word in words[:3]):
            for word in operands[1:] or operands:
                effects.changed.add(path(word))
    elif name in _FETCHES:
        _fetch(words, operands, cwd, path, effects)
    elif name in ("tar", "unzip", "gunzip", "bsdtar", "7z"):
        effects.opened.add(_option(words, ("-C", "-d", "--directory"), path) or cwd)
    elif name == "git":
        _git(operands, cwd, path, effects)
    else:
        effects.opened.update(path(word) for word in operands if word.startswith("/"))
        effects.opened.add(cwd)
    return here


def _python(words: list[str], cwd: str, effects: Effects) -> None:
    if words[:1] == ["-m"] and len(words) > 1:
        if words[1] in ("pip", "uv", "poetry", "pipenv"):
            effects.installs.append((tuple(words[1:]), cwd))
        if words[1] in _PLAIN_MODULES:
            return
    elif (words[:1] in (["--version"], ["-V"], ["-c"]) and "open(" not in " ".join(words)) or (
        words and words[0].endswith("manage.py") and words[1:2] and words[1] in _STATIC
    ):
        return
    elif words and words[0].endswith("setup.py") and words[1:2] and words[1] in ("install", "develop"):
        effects.installs.append((("pip", "install", "."), cwd))
        return
    effects.opened.add(cwd)


def _fetch(words: list[str], operands: list[str], cwd: str, path: Callable[[str], str], effects: Effects) -> None:
    target = _option(words, ("-o", "--output", "-O", "--output-document"), path)
    if target is not None:
        effects.opened.add(target)
    elif operands:
        effects.opened.add(inside(posixpath.basename(operands[-1]) or "index.html", cwd))


def _option(words: list[str], names: tuple[str, ...], path: Callable[[str], str]) -> str | None:
    for number, word in enumerate(words):
        if word in names and number + 1 < len(words):
            return path(words[number + 1])
        for name in names:
            if word.startswith(f"{name}="):
                return path(word[len(name) + 1 :])
    return None


def _git(operands: list[str], cwd: str, path: Callable[[str], str], effects: Effects) -> None:
    if operands[:1] == ["config"] or operands[:1] == ["lfs"]:
        return
    url = next((number for number, word in enumerate(operands) if "://" in word or word.startswith("git@")), None)
    if operands[:1] == ["clone"] and url is not None:
        named = operands[url + 1 : url + 2] or [posixpath.basename(operands[url]).removesuffix(".git")]
        effects.opened.add(path(named[0]))
        return
    effects.opened.add(cwd)
