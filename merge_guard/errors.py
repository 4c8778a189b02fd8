"""The one family of errors that a user can cause; the command line turns each into one line and exit status 2."""

from __future__ import annotations


class MergeGuardError(Exception):
    """Something that the user can mend: the message names the place and what to do."""


class UsageError(MergeGuardError):
    """A wrong option, path or revision."""


class ConfigError(MergeGuardError):
    """A configuration that does not load; the message names the file and the key."""


class GitError(MergeGuardError):
    """Git is missing, is too old, or refused to answer."""
