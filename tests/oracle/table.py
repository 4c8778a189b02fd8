"""Every case of the oracle."""

from __future__ import annotations

from oracle.cases_bases import BASES
from oracle.cases_binding import BINDING, USING
from oracle.cases_calls import CALLS
from oracle.cases_careful import CAREFUL
from oracle.cases_careful_objects import CAREFUL_OBJECTS
from oracle.cases_conditions import CONDITIONS
from oracle.cases_cycles import CYCLES, RELATIVE
from oracle.cases_dynamic import DYNAMIC
from oracle.cases_entries import ENTRIES
from oracle.cases_finding import FINDING
from oracle.cases_folders import FOLDERS
from oracle.cases_from import FROM
from oracle.cases_guards import GUARDS
from oracle.cases_packages import PACKAGES
from oracle.cases_shadows import SHADOWS
from oracle.cases_source import SOURCE
from oracle.cases_star import STAR
from oracle.cases_stdlib import STDLIB
from oracle.cases_time import TIME
from oracle.cases_type_checking import TYPE_CHECKING
from oracle.cases_unseen import UNSEEN

CASES = (
    *FINDING, *FOLDERS, *ENTRIES, *FROM, *STAR, *BINDING, *USING, *GUARDS, *CONDITIONS, *TIME, *CALLS, *CYCLES,
    *RELATIVE, *DYNAMIC, *SHADOWS, *BASES, *TYPE_CHECKING, *STDLIB, *SOURCE, *CAREFUL, *CAREFUL_OBJECTS,
    *PACKAGES, *UNSEEN,
)  # fmt: skip
