"""The service items that lead to a kind: as people write them, and on the county's list."""

import re
from collections.abc import Iterable, Mapping, Sequence

from licences.models import CatalogueEntry, ItemLicenceLink, ServiceItem
from zezhou_portal.regulation.errors import FormFault
from zezhou_portal.regulation.identifiers import normalise_code

_LINE = re.compile(r"(\S+)[\s　]+(\S.*)")
_CODE = re.compile(r"[0-9A-Z][0-9A-Z-]{0,39}")


def read_service_items(text: str) -> list[dict[str, str]]:
    """Service items as people write them, one a line, code first. Raises ValueError."""
    found: list[dict[str, str]] = []
    for line in filter(None, (line.strip() for line in text.splitlines())):
        match = _LINE.fullmatch(line)
        if match is None:
            raise ValueError(f"“{line[:40]}”要写成一行：先写事项编码，空一格，再写事项名称")
        code, name = normalise_code(match[1]), match[2].strip()
        if not _CODE.fullmatch(code):
            raise ValueError(f"事项编码“{match[1][:40]}”只能有数字、大写字母和短横，最多 40 位")
        if any(one["code"] == code for one in found):
            raise ValueError(f"事项编码 {code} 写了两遍")
        if len(name) > 200:
            raise ValueError(f"事项 {code} 的名称最多 200 个字，现在是 {len(name)} 个")
        found.append({"code": code, "name": name})
    return found


def service_items_in_lines(items: Iterable[Mapping[str, str]]) -> str:
    """Service items as a form shows them."""
    return "\n".join(f"{one['code']} {one['name']}" for one in items)


def check_service_items(entry: CatalogueEntry) -> None:
    """Whether the codes of an entry's items are its own department's. Raises RuleBroken."""
    codes = [one["code"] for one in entry.service_items]
    taken = (
        ServiceItem.objects.filter(code__in=codes)
        .exclude(department_id=entry.issuing_department_id)
        .select_related("department")
        .order_by("code")
        .first()
    )
    if taken is not None:
        sentence = f"事项编码 {taken.code} 是{taken.department.name}的“{taken.name}”，请核对"
        raise FormFault("P.2.1.1", f"{sentence}。", fields={"service_items": sentence})


def enter_service_items(entry: CatalogueEntry) -> None:
    """Makes an entry's items those that lead to its kind at its department (P.2.1.1).

    Inside the transaction that publishes the entry. Items that the edition no longer names stay
    on the list, since applications name them, but lead to the kind no more.
    """
    ServiceItem.objects.bulk_create(
        [
            ServiceItem(
                code=one["code"], name=one["name"], department_id=entry.issuing_department_id
            )
            for one in entry.service_items
        ],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name"],
    )
    codes = [one["code"] for one in entry.service_items]
    own = ServiceItem.objects.filter(department_id=entry.issuing_department_id)
    links = ItemLicenceLink.objects.filter(type_code=entry.type_code)
    links.filter(service_item__in=own.exclude(code__in=codes)).delete()
    ItemLicenceLink.objects.bulk_create(
        [
            ItemLicenceLink(service_item=item, type_code=entry.type_code)
            for item in own.filter(code__in=codes)
        ],
        ignore_conflicts=True,
    )


def names_of(items: Sequence[Mapping[str, str]]) -> str:
    """The names of service items, as a comparison of editions shows them."""
    return "、".join(one["name"] for one in items)
