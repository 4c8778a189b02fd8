"""Snapshot to report."""
