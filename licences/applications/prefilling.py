"""What a form takes over instead of asking again: holders' names, the business licence (M.17)."""

from collections.abc import Sequence
from typing import Any

from licences import values
from licences.data_items import DataItem
from licences.register.selectors import business_licence_of, representatives_known
from licences.roles import Part, Party, known_of, role_of
from zezhou_portal.parties.models import Holder

FROM_HOLDER = "持证人登记"


def prefill(items: Sequence[DataItem], holders: Sequence[Holder]) -> dict[str, Any]:
    """The first state of an application's values, each with the place it was taken from."""
    document: dict[str, Any] = {}
    known = known_of(items, parties_of(items, holders))
    business: dict[str, str] = {}
    source = ""
    if len(holders) == 1:
        version = business_licence_of(holders[0].pk)
        if version is not None:
            business = values.thaw(version.frozen["values"])
            source = f"营业执照第 {version.no} 版"
    for item in items:
        of_business = business.get(item.key) if item.key != "business_scope" else None
        is_representative = role_of(item).part is Part.REPRESENTATIVE
        if known.get(item.key) and not (is_representative and of_business):
            text = known[item.key]
            document[item.key] = {"value": values.close(item, text), "source": FROM_HOLDER}
        elif of_business:
            document[item.key] = {"value": values.close(item, of_business), "source": source}
        elif item.default:
            document[item.key] = {"value": item.default, "source": "目录默认值"}
    return document


def parties_of(
    items: Sequence[DataItem], holders: Sequence[Holder], *, with_register: bool = True
) -> list[Party]:
    """The holders as the face must name them.

    The register is asked for representatives only where the face names one.
    """
    asks = with_register and any(role_of(item).part is Part.REPRESENTATIVE for item in items)
    names = representatives_known(holders) if asks else {}
    return [
        Party(one.name, one.identity_type, one.identity_number, names.get(one.pk, ()))
        for one in holders
    ]
