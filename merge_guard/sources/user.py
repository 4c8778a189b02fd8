"""What git knows of the person who runs the program, apart from any repository."""

from __future__ import annotations

import os
import subprocess


def clean_environment() -> dict[str, str]:
    """The environment without what steers git: a hook's variables speak of the judged repository."""
    return {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}


def ask(git: str, name: str) -> subprocess.Popen[bytes]:
    """Start asking `git`, an absolute path, for a setting in the user's and the system's configuration."""
    kept = ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM")
    environ = clean_environment() | {key: os.environ[key] for key in kept if key in os.environ}
    return subprocess.Popen(
        [git, "config", "--null", "--get", name],
        cwd="/",
        env=environ | {"GIT_DIR": "/dev/null"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )


def answer(asked: subprocess.Popen[bytes]) -> str | None:
    """What came of `ask`, None where the setting is not made."""
    said, _ = asked.communicate()
    return None if asked.returncode else said.decode("utf-8", "surrogateescape").rstrip("\0")
