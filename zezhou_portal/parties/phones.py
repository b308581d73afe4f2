"""Phone numbers as they are written here; pure."""

import re

_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"(0\d{2,3}-?)?\d{7,8}")


def phone_fault(phone: str) -> str | None:
    """What is wrong with a phone number, or None."""
    if _MOBILE.fullmatch(phone) or _LANDLINE.fullmatch(phone):
        return None
    return "电话写手机号（11 位）或固定电话（可带区号，如 0356-1234567）"
