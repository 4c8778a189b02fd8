"""Simulated start-up: the interpreter's own rules over events, never executing anything."""
