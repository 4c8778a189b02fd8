"""Merges of real git repositories for tables: base, both sides, and what somebody made of them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from merge_guard.model.finding import Finding, Severity
from merge_guard.model.request import Request
from merge_guard.operations import merging
from tests.gitrepo import GitRepo

Files = Mapping[str, str | None]
"""Path → text; None is a deletion."""


def tree(text: str | Files | None) -> dict[str, str | None]:
    """One text alone is that of app.py."""
    return {} if text is None else {"app.py": text} if isinstance(text, str) else dict(text)


def put(repo: GitRepo, files: Files) -> None:
    repo.write({path: text for path, text in files.items() if text is not None})
    for path, text in files.items():
        if text is None:
            (repo.root / path).unlink()


def branches(root: Path, base: str | Files, ours: str | Files, theirs: str | Files, **options: str) -> GitRepo:
    """A repository with the branches `main` (ours) and `theirs`; `main` is checked out."""
    repo = GitRepo(root, **options)  # type: ignore[arg-type]
    put(repo, tree(base))
    repo.commit()
    repo.branch("theirs")
    put(repo, tree(theirs))
    repo.commit()
    repo.switch("main")
    put(repo, tree(ours))
    repo.commit()
    return repo


def merged(repo: GitRepo, result: str | Files | None) -> str:
    """Merge `theirs` into `main` and commit: as git does it, or with other texts for some files."""
    clean = repo.merge("theirs")
    if result is None:
        assert clean, "this merge conflicts: say what was made of it"
        return repo.run("rev-parse", "HEAD")
    put(repo, tree(result))
    repo.run("add", "-A")
    repo.run("commit", "-q", "--allow-empty", "-m", "merge", *(["--amend"] if clean else []))
    return repo.run("rev-parse", "HEAD")


def resolved(repo: GitRepo, commit: str = "HEAD") -> list[str]:
    """What the rules about merges say of a merge commit: E or W, code, line (and the path, if it is not app.py)."""
    return told(merging.resolved(Request(start=str(repo.root), cache_dir=None), commit))


def told(findings: tuple[Finding, ...]) -> list[str]:
    return sorted(
        f"{'E' if finding.severity is Severity.ERROR else 'W'} {finding.code} {_where(finding)}" for finding in findings
    )


def _where(finding: Finding) -> str:
    return f"{'' if finding.place.path == 'app.py' else finding.place.path + ':'}{finding.place.line}"
