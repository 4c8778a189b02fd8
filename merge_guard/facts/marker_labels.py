"""Which tool wrote a conflict: told by its form and its labels."""

from __future__ import annotations

import re

from merge_guard.facts.marker_blocks import Block

_JJ = re.compile(r"conflict \d+ of \d+", re.IGNORECASE)
# Mercurial's filemerge labels; the text after the colon is a template of the user's.
_HG_OURS = re.compile(r"(?:working copy|local|dest|destination|current|parent|shelve|unshelved)(?::|\Z| \[)")
_HG_THEIRS = re.compile(
    r"(?:merge rev|other|source|graft|histedit|evolving|changed|updated|working-copy changes)(?::|\Z| \[)"
)
_SVN = re.compile(r"\.(?:mine|working|r\d+|merge-left\.r\d+|merge-right\.r\d+)\b|\(revision \d+\)|\.r\d+\Z")


def family(block: Block) -> str:
    """One of `Conflict.family`; merge tools that leave no name behind count as git."""
    if block.mergediff:
        return "hg"
    ours, theirs = block.opener.label_text, block.closer.label_text
    if block.marks or _JJ.match(ours):
        return "jj"
    if _SVN.match(ours) and _SVN.search(theirs):
        return "svn"
    if ours == "TREE" and theirs.startswith("MERGE-SOURCE"):
        return "bzr"
    if _HG_OURS.match(ours) and _HG_THEIRS.match(theirs):
        return "hg"
    return "git"
