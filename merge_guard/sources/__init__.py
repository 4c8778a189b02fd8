"""Adapters that make a `Snapshot` out of a work tree, an index or a commit, and the readers of its bytes.

Nothing here runs a program that the judged repository configures, writes into it, or opens a special file.
"""
