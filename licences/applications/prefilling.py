"""What a form takes over instead of asking again: holders' names, the business licence (M.17)."""

from collections.abc import Sequence
from typing import Any

from licences import values
from licences.data_items import DataItem
from licences.register.selectors import business_licence_of
from zezhou_portal.parties.models import Holder, IdentityType

FROM_HOLDER = "持证人登记"


def prefill(items: Sequence[DataItem], holders: Sequence[Holder]) -> dict[str, Any]:
    """The first state of an application's values, each with the place it was taken from."""
    document: dict[str, Any] = {}
    known = _of_holders(holders)
    business: dict[str, str] = {}
    source = ""
    if len(holders) == 1:
        version = business_licence_of(holders[0].pk)
        if version is not None:
            business = values.thaw(version.frozen["values"])
            source = f"营业执照第 {version.no} 版"
    for item in items:
        if known.get(item.key):
            document[item.key] = {
                "value": values.close(item, known[item.key]),
                "source": FROM_HOLDER,
            }
        elif business.get(item.key) and item.key not in {"business_scope"}:
            document[item.key] = {"value": values.close(item, business[item.key]), "source": source}
        elif item.default:
            document[item.key] = {"value": item.default, "source": "目录默认值"}
    return document


def _of_holders(holders: Sequence[Holder]) -> dict[str, str]:
    known = {"holder_name": "、".join(holder.name for holder in holders)}
    for holder in holders:
        if holder.identity_type == IdentityType.CREDIT_CODE:
            known.setdefault("credit_code", holder.identity_number)
        if holder.identity_type == IdentityType.CITIZEN_ID:
            known.setdefault("citizen_id", holder.identity_number)
    if len(holders) == 2:
        for place, holder in enumerate(holders, start=1):
            known[f"spouse_{place}_name"] = holder.name
            if holder.identity_type == IdentityType.CITIZEN_ID:
                known[f"spouse_{place}_citizen_id"] = holder.identity_number
    return known
