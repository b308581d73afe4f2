"""Keeping people's numbers out of what is kept for good or shown to many (M.22, M.26).

What people type in words, what a file is called and what the city answers may name a person by
number without anybody meaning it to. The trail and the inbox pass such words through here.
"""

import re
from collections.abc import Mapping
from typing import Any

from zezhou_portal.regulation.identifiers import citizen_id_fault

_LIKE_A_CITIZEN_ID = re.compile(r"(?<![0-9A-Za-z.])\d{17}[\dXx](?![0-9A-Za-z])")


def without_people(told: Any) -> Any:
    """The same words, lists and mappings with citizen ids masked and null characters left out.

    Only what is a citizen id by its check character is masked (GB 11643-1999), so that numbers
    of departments, licences and messages stay readable.
    """
    if isinstance(told, str):
        return _LIKE_A_CITIZEN_ID.sub(_masked, told.replace("\0", ""))
    if isinstance(told, Mapping):
        return {key: without_people(value) for key, value in told.items()}
    if isinstance(told, list | tuple):
        return [without_people(value) for value in told]
    return told


def _masked(found: re.Match[str]) -> str:
    number = found[0]
    if citizen_id_fault(number.upper()) is not None:
        return number
    return f"{number[:6]}********{number[-4:]}"
