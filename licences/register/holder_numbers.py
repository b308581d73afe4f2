"""Holders without a number in what the city is told: the number once it is known, else why not.

A newborn has none for weeks, and a certificate is sealed before (M.3). The elements of the code
stay in the message and are empty, so that the holders keep their places; beside them stands
which elements are absent and why (ours; GB/T 36903 asks for a code of every holder).
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from licences.models import LicenceHolder, LicenceVersion
from licences.production.face_rules import Metadata
from zezhou_portal.parties.models import Holder, IdentityType

ELEMENTS = ("CZZTDM", "CZZTDMLX", "CZZTDMLXDM")
# The holders of a licence in their places, by its row id.
Holders: TypeAlias = Mapping[int, Sequence[Holder]]


def holders_without_number(versions: Iterable[LicenceVersion]) -> Holders:
    """The holders of those licences whose version was frozen without somebody's number."""
    wanted = [
        version.licence_id
        for version in versions
        if not all(one["number"] for one in version.frozen["holders"])
    ]
    found: dict[int, list[Holder]] = {key: [] for key in wanted}
    if not found:
        return found
    links = LicenceHolder.objects.filter(licence__in=found).select_related("holder__same_as")
    for link in links.order_by("place", "pk"):
        found[link.licence_id].append(link.holder)
    return found


def told(
    version: LicenceVersion, metadata: Metadata, holders: Holders
) -> tuple[Metadata, list[dict[str, Any]]]:
    """The metadata with every number that is known by now, and what is still absent and why."""
    present = holders.get(version.licence_id, ())
    filled = {name: _listed(metadata[name]) for name in ELEMENTS}
    absent: list[dict[str, Any]] = []
    frozen = version.frozen["holders"]
    for place, (one, holder) in enumerate(zip(frozen, present, strict=False)):
        if one["number"]:
            continue
        now = holder.same_as or holder
        if now.identity_number:
            label = IdentityType(now.identity_type).label
            told_of = (now.identity_number, label, now.identity_type)
            for name, value in zip(ELEMENTS, told_of, strict=True):
                filled[name][place] = value
        else:
            absent.append({"place": place + 1, "elements": list(ELEMENTS), "reason": _why(now)})
    return {**metadata, **filled} if present else metadata, absent


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def _why(holder: Holder) -> str:
    if holder.no_number_reason:
        return f"没有证件号码：{holder.no_number_reason}"
    if holder.outside_subject:
        return "只有外部身份标识，没有登记证件号码"
    return "没有登记证件号码"
