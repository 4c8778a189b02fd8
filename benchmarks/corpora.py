"""Trees to measure on: source distributions from PyPI, or any folder, copied so that nothing else is touched."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path

PROJECTS = (
    "django==5.2.1", "ansible-core==2.18.5", "sqlalchemy==2.0.41", "sympy==1.14.0", "twisted==24.11.0",
    "sphinx==8.2.3", "networkx==3.4.2",
)  # fmt: skip
_PIP = (sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:")
_GIT = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}


def add_corpus_options(parser: ArgumentParser) -> None:
    """The options `--tree`, `--projects` and `--cache`, from which `corpus_of` makes the corpus."""
    parser.add_argument("--tree", type=Path, help="measure on a copy of this folder instead of the corpus")
    parser.add_argument("--projects", nargs="+", default=PROJECTS, help="requirements whose source distributions count")
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "merge-guard-corpus")


def corpus_of(options: Namespace) -> list[Path]:
    return [options.tree.resolve()] if options.tree else corpus(options.projects, options.cache)


def corpus(requirements: Sequence[str], cache: Path) -> list[Path]:
    """Each requirement's source distribution, unpacked once; pip builds as much of it as it needs to know its name."""
    cache.mkdir(parents=True, exist_ok=True)
    folders = []
    for requirement in requirements:
        folder = cache / requirement.replace("==", "-")
        if folder.exists() or _unpacked(requirement, folder):
            folders.append(folder)
        else:
            print(f"{requirement}: no source distribution was downloaded; left out", file=sys.stderr)
    if not folders:
        sys.exit("no corpus: name projects that have source distributions, or a folder with --tree")
    return folders


def _unpacked(requirement: str, folder: Path) -> bool:
    with tempfile.TemporaryDirectory() as scratch:
        subprocess.run([*_PIP, "--dest", scratch, requirement], check=False)
        archives = [path for path in Path(scratch).iterdir() if path.name.endswith(".tar.gz")]
        if not archives:
            return False
        with tarfile.open(archives[0]) as archive:
            members = [item for item in archive if item.isfile() and ".." not in Path(item.name).parts]
            archive.extractall(folder, [item for item in members if not item.name.startswith("/")])
    return True


def copied(parts: Sequence[Path], target: Path, share: int) -> Path:
    """The folders without byte code, or every `share`-th folder in them, so that all sizes have the same mixture."""
    target.mkdir()
    number = 0
    for part in parts:
        for directory, names, files in os.walk(part):
            names[:] = sorted(name for name in names if name not in ("__pycache__", ".git"))
            number += 1
            if number % share:
                continue
            here = target / part.name / Path(directory).relative_to(part)
            here.mkdir(parents=True, exist_ok=True)
            for name in files:
                source = Path(directory, name)
                if source.is_file() and not source.is_symlink() and not name.endswith(".pyc"):
                    shutil.copyfile(source, here / name)
    return target


def as_repository(tree: Path) -> None:
    """Make a repository of the folder with all in one commit, ignored or not: what was copied counts."""
    name = ["-c", "user.name=benchmark", "-c", "user.email=benchmark@example.org", "-c", "gc.auto=0"]
    for command in (
        ["init", "--quiet"],
        ["add", "--all", "--force"],
        [*name, "commit", "--quiet", "--message", "The corpus"],
    ):
        subprocess.run(["git", *command], cwd=tree, env={**os.environ, **_GIT}, check=True)


def python_files(tree: Path) -> int:
    return sum(name.endswith(".py") for _, _, names in os.walk(tree) for name in names)
