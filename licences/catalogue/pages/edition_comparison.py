"""An edition beside the one in force: what differs, element by element, item by item (M.5)."""

from collections.abc import Sequence
from dataclasses import dataclass

from licences.catalogue.examples import example_number
from licences.catalogue.numbering import rule_of
from licences.catalogue.pages.descriptions import number_words, requirement
from licences.catalogue.rules import OVERFLOWS, SENSITIVITIES
from licences.catalogue.service_items import names_of
from licences.data_items import DataItem, items_of
from licences.materials import Material, materials_of
from licences.models import CatalogueEntry
from licences.roles import role_words
from seals.models import SealKind
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.differences import Piece, differences

SAME, DIFFERS, ADDED, REMOVED = "same", "differs", "added", "removed"
VERDICTS = {SAME: "没有变", DIFFERS: "改了", ADDED: "新增", REMOVED: "去掉"}


@dataclass(frozen=True)
class ComparedElement:
    """One element or data item: as it is in force, as it is proposed."""

    name: str
    before: list[Piece]
    after: list[Piece]
    verdict: str

    @property
    def words(self) -> str:
        """What came of it, in words."""
        return VERDICTS[self.verdict]


def compare_editions(new: CatalogueEntry, old: CatalogueEntry | None) -> list[ComparedElement]:
    """Basic elements, then data items by key, in the new edition's order; dropped ones last."""
    after, before = _elements(new), _elements(old) if old else {}
    lines = [_line(name, before.get(name), text) for name, text in after.items()]
    items, former = items_of(new.items), items_of(old.items) if old else ()
    known = {item.key: item for item in former}
    for item in items:
        was = known.get(item.key)
        lines.append(
            _line(f"数据项：{item.name}", _item_words(was) if was else None, _item_words(item))
        )
    kept = {item.key for item in items}
    lines += [
        _line(f"数据项：{item.name}", _item_words(item), None)
        for item in former
        if item.key not in kept
    ]
    if old:
        lines.append(_line("数据项的顺序", _order(former, kept), _order(items, set(known))))
    return lines


def number_text(entry: CatalogueEntry) -> str:
    """How numbers come about, with an example; a rule that names an item that is gone says so."""
    items = items_of(entry.items)
    try:
        words = number_words(entry.number_rule, items)
    except (KeyError, ValueError):
        return "编号规则不完整"
    year = clock.today().year
    example = (
        ""
        if rule_of(entry.number_rule) == "typed"
        else example_number(entry.number_rule, items, year)
    )
    return f"{words}，例如 {example}" if example else words


def _elements(entry: CatalogueEntry) -> dict[str, str]:
    return {
        "证照名称": entry.name,
        "发给谁": entry.get_holder_kind_display()
        + ("，可以由几人共同持有" if entry.several_holders else ""),
        "这是什么证照": entry.about,
        "有效期": entry.term_rule.words,
        "印章": SealKind(entry.seal_kind).label,
        "编号": number_text(entry),
        "定义机构": entry.defining_department_name,
        "代码来源": entry.code_source,
        "日常监管": entry.supervisor,
        "设定依据": entry.legal_basis.replace("\n", "；"),
        "政务服务事项": names_of(entry.service_items),
        "申请材料": "；".join(_material_words(one) for one in materials_of(entry.materials)),
        "办结时限": f"{entry.working_days} 个工作日" if entry.working_days else "",
        "敏感内容": entry.sensitive_words or "不含",
        "使用要求": entry.conditions,
        "照面模板": f"摘要 {entry.layout_digest[:12]}" if entry.layout_digest else "",
    }


def _item_words(item: DataItem) -> str:
    parts = [item.name, requirement(item), "必填" if item.required else "可不填"]
    if item.is_sensitive:
        parts.append(SENSITIVITIES.get(item.sensitivity, "个人隐私"))
    if role := role_words(item):
        parts.append(f"写的是{role}")
    if item.overflow:
        parts.append(f"照面写不下时{OVERFLOWS[item.overflow]}")
    if item.pattern:
        parts.append(f"写法 {item.pattern}")
    return "；".join(parts)


def _material_words(material: Material) -> str:
    words = material.name if material.required else f"{material.name}（可不交）"
    return f"{words}，{material.note}" if material.note else words


def _order(items: Sequence[DataItem], common: set[str]) -> str:
    return "、".join(item.name for item in items if item.key in common)


def _line(name: str, before: str | None, after: str | None) -> ComparedElement:
    if before is None or after is None:
        verdict = ADDED if before is None else REMOVED
        return ComparedElement(name, _whole(before), _whole(after), verdict)
    if before == after:
        return ComparedElement(name, _whole(before), _whole(after), SAME)
    left, right = differences(before, after)
    return ComparedElement(name, left, right, DIFFERS)


def _whole(text: str | None) -> list[Piece]:
    return [Piece(text, is_marked=False)] if text else []
