"""merge_guard: a static guard that says before a deploy whether a Python tree will start."""

__version__ = "0.1.0"
