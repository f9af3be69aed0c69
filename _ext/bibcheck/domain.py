"""What a build remembers of the check of the bibliography."""

from typing import Any, ClassVar

from common.store import PageStore


class BibCheckDomain(PageStore):
    """What the last check found clean, and where each entry is written."""

    name = "bibcheck"
    label = "Check of the bibliography"
    data_version = 2
    initial_data: ClassVar[dict[str, Any]] = {
        "clean": "",  # a hash of the files and the rules, when nothing was found
        "places": {},  # key -> (file, line)
        "sources": {},  # key -> the entry as it is written, and behind it what it inherits from
        "wholes": set(),  # keys that other entries inherit from
    }
