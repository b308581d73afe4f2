"""A holder's row: found by its identity, or made (M.3). Belongs to the act of whoever calls."""

from typing import Any

from django.db import IntegrityError

from zezhou_portal.kernel.names import bigrams
from zezhou_portal.parties.holders import selectors as find
from zezhou_portal.parties.models import Holder
from zezhou_portal.regulation.errors import RuleBroken


def known_row(identity_type: str, number: str, outside_subject: str) -> Holder | None:
    """The holder whom a number names, else an outside subject."""
    if number:
        return find.holder_with_identity(identity_type, number)
    return find.holder_with_subject(outside_subject) if outside_subject else None


def columns_of(kind: str, name: str, identity_type: str, number: str, phone: str) -> dict[str, Any]:
    """What is told of a new holder, as the row keeps it."""
    return {
        "kind": kind,
        "name": name,
        "name_bigrams": bigrams(name),
        "identity_type": identity_type if number else "",
        "identity_number": number,
        "phone": phone,
        "phone_index": find.phone_index(phone),
    }


def make_row(
    identity_type: str, number: str, outside_subject: str, rest: dict[str, Any]
) -> tuple[Holder, bool]:
    """The new holder; or, where another clerk was quicker, the one that now stands."""
    unique: dict[str, str] = {}
    if number:
        unique["identity_index"] = find.identity_index(identity_type, number)
    if outside_subject:
        unique["outside_subject"] = outside_subject
    if not unique:
        return Holder.objects.create(**rest), False
    try:
        holder, created = Holder.objects.get_or_create(**unique, defaults=rest)
    except IntegrityError as error:
        raise RuleBroken("M.3", "这个外部身份标识已经属于另一位持证人。请核对证件号码。") from error
    return holder, not created
