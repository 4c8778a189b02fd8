"""Three-way algebra on what files define and use: what a merge lost, doubled, brought back or broke."""
