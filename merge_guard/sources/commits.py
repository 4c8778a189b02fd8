"""The commits that led to a revision."""

from __future__ import annotations

from merge_guard.errors import UsageError
from merge_guard.sources.git import shadow_of
from merge_guard.sources.refs import resolve
from merge_guard.sources.repository import repository_at


def recent_commits(root: str, revision: str, count: int) -> list[tuple[str, int]]:
    """(id, committer's time in seconds since 1970) of a commit and those before it along first parents, oldest first.

    Fewer than `count` where history ends, or a shallow clone does.
    """
    repository = repository_at(root)
    if repository is None:
        raise UsageError(f"{root} is not a git repository: there is no history")
    with shadow_of(repository) as git:
        kind, name = resolve(git, repository, revision)
        if kind != "commit":
            raise UsageError(f"{revision!r} is no commit")
        listed = git.run("rev-list", "--first-parent", f"--max-count={count}", "--timestamp", name)
    pairs = [line.split() for line in listed.decode("ascii").splitlines()]
    return [(commit, int(time)) for time, commit in reversed(pairs)]
