"""The two things printed on a face for whoever cannot scan, read from what people type (M.19)."""

import re

from licences.register.entering import CHECK_CODE_ALPHABET
from zezhou_portal.regulation.identifiers import normalise_code

_SERIAL = re.compile(r"[0-9]{6,24}")
_CODE = re.compile(f"[{CHECK_CODE_ALPHABET}]{{8}}")


def normalise_serial(text: str) -> str:
    """The serial part, from the serial itself or from a whole identifier; empty if neither."""
    plain = normalise_code(text).strip(".")
    serial = plain.split(".")[-3] if plain.count(".") >= 2 else plain
    return serial if _SERIAL.fullmatch(serial) else ""


def normalise_check_code(text: str) -> str:
    """The eight characters, however they were typed; empty if they can be no check code."""
    plain = normalise_code(text).replace("-", "")
    return plain if _CODE.fullmatch(plain) else ""
