"""Frozen values that the layers hand each other, and the ports that adapters fill."""
