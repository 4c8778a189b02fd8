"""Rewriting files: bytes and a task in, bytes out. Only a worker process that may be killed imports libcst."""
