"""Personal values as pages show them until somebody opens them on the record (M.26).

Practice of public platforms; GB/T 35273 asks for masked display by default.
"""

from zezhou_portal.parties.identity_numbers import DOCUMENTS

_STAR = "*"


def mask_name(name: str) -> str:
    """A person's name: all but the first character masked, at most two stars."""
    return name[:1] + _STAR * min(len(name) - 1, 2) if name else ""


def mask_identity(number: str) -> str:
    """A number of an identity document: first six and last four of 18, fewer of shorter ones.

    The name of the document before it stays to be read (`zezhou_portal.parties.identity_numbers`).
    """
    document, space, rest = number.partition(" ")
    if space and document in DOCUMENTS:
        return f"{document} {mask_identity(rest)}"
    if len(number) >= 15:
        return number[:6] + _STAR * (len(number) - 10) + number[-4:]
    if len(number) >= 7:
        return number[:2] + _STAR * (len(number) - 4) + number[-2:]
    return _STAR * len(number)


def mask_phone(phone: str) -> str:
    """A phone number: 138****1234; others keep their last two digits."""
    if len(phone) == 11:
        return f"{phone[:3]}****{phone[-4:]}"
    return _STAR * max(len(phone) - 2, 0) + phone[-2:] if len(phone) > 2 else _STAR * len(phone)
