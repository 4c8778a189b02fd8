"""Bytes of one file to facts: markers, sides, syntax, events. Nothing here knows a path or another file."""
