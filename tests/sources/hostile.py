"""A repository whose every program setting leads to a canary."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from tests.gitrepo import GitRepo

PROGRAMS = (
    "core.fsmonitor", "core.pager", "core.editor", "core.askPass", "core.sshCommand", "core.gitProxy",
    "core.alternateRefsCommand", "sequence.editor", "diff.external", "diff.evil.command", "diff.evil.textconv",
    "merge.evil.driver", "filter.evil.clean", "filter.evil.smudge", "filter.evil.process", "credential.helper",
    "gpg.program", "remote.origin.uploadpack", "remote.origin.receivepack",
    "uploadpack.packObjectsHook", "interactive.diffFilter", "init.templateDir", "trace2.eventTarget",
)  # fmt: skip
COMMANDS = (
    "ls-files", "ls-tree", "cat-file", "rev-parse", "diff-index", "config", "check-attr", "status", "version", "log",
)  # fmt: skip
HOOKS = (
    "post-index-change",
    "post-checkout",
    "pre-commit",
    "post-merge",
    "reference-transaction",
    "fsmonitor-watchman",
)


def hostile_repository(root: Path, programs: Path, canary: Path) -> GitRepo:
    """An unfinished merge; one blob is promised by a remote; every setting is a program that leaves its name.

    The programs are written below `programs`, what they leave below `canary`.
    """
    repo = GitRepo(root)
    repo.commit({"a.py": "base\n", "sub/b.py": "b\n", "link-to-be": "", "promised.py": "promised\n"})
    repo.branch("side")
    repo.commit({"a.py": "theirs\n"})
    repo.switch("main")
    repo.commit({"a.py": "ours\n", ".gitattributes": "* filter=evil diff=evil merge=evil conflict-marker-size=9\n"})
    repo.merge("side")
    repo.write({"untracked.py": "", ".lfsconfig": "[lfs]\n"})
    GitRepo(repo.root / "embedded.git", bare=True)
    os.mkfifo(repo.root / "fifo.py")

    def program(name: str) -> str:
        path = programs / name.replace("/", "-")
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/bin/sh\ntouch '{canary}/{path.name}'\nexit 1\n")
        path.chmod(0o755)
        return str(path)

    for hook in HOOKS:
        for folder in (repo.root / ".git/hooks", repo.root / "more-hooks"):
            folder.mkdir(exist_ok=True)
            (folder / hook).write_text(f"#!/bin/sh\ntouch '{canary}/hook-{hook}'\n")
            (folder / hook).chmod(0o755)
    settings = {name: program(name) for name in PROGRAMS}
    settings |= {f"alias.{name}": f"!{program('alias-' + name)}" for name in COMMANDS}
    settings |= {f"pager.{name}": program(f"pager-{name}") for name in COMMANDS}
    settings |= {
        "core.hooksPath": str(repo.root / "more-hooks"),
        "core.repositoryFormatVersion": "1",
        "core.untrackedCache": "true",
        "extensions.partialClone": "origin",
        "remote.origin.promisor": "true",
        "remote.origin.url": f"ext::{program('remote-url')}",
        f"url.ext::{program('instead-of')}.insteadOf": "https://",
        "protocol.ext.allow": "always",
        "filter.evil.required": "true",
        "submodule.x.update": f"!{program('submodule-update')}",
        "safe.bareRepository": "all",
        "safe.directory": "*",
        "core.worktree": "/etc",
    }
    for folder in (repo.root / ".git", repo.root / "embedded.git"):
        with (folder / "config").open("a") as file:
            for name, value in settings.items():
                section, _, rest = name.partition(".")
                subsection, _, key = rest.rpartition(".")
                file.write(f'[{section} "{subsection}"]\n' if subsection else f"[{section}]\n")
                file.write(f'\t{key} = "{value}"\n')
    blob = (
        subprocess.run(
            ["git", "hash-object", "--stdin", "-t", "blob"],
            input=b"promised\n",
            cwd="/",
            capture_output=True,
            check=True,
        )
        .stdout.decode()
        .strip()
    )
    (repo.root / ".git/objects" / blob[:2] / blob[2:]).unlink()
    assert list(canary.iterdir()) == []
    return repo
