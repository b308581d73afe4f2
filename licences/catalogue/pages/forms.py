"""The editor of a catalogue entry: basic elements, and data items row by row, without scripts."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django import forms

from licences.catalogue import rules
from licences.catalogue.numbering import ranges_in_words, read_ranges
from licences.catalogue.pages.guide_forms import GUIDE, GuideFields
from licences.catalogue.pages.posted_rows import PostedRows
from licences.catalogue.service_items import service_items_in_lines
from licences.data_items import DataItem, items_of
from licences.models import CatalogueEntry
from licences.roles import MOST_HOLDERS, PART_WORDS, Part, role_of
from licences.sensitivity import in_words, sensitivities_of
from seals.models import SealKind
from zezhou_portal.regulation.identifiers import normalise_code

NUMBER_RULES = [
    ("typed", "由制发单位自己编"),
    ("same_as", "与某个数据项相同"),
    ("generated", "系统按规则编"),
]
_TYPED = (
    "name", "code_source", "defining_department_name", "supervisor", "holder_kind",
    "several_holders", "validity_years", "validity_months", "may_be_long_term",
    "conditions", "seal_kind", *GUIDE,
)  # fmt: skip


class EntryForm(GuideFields):
    """The basic elements of an edition and how its numbers come about."""

    type_code = forms.CharField(
        label="证照类型代码",
        max_length=60,
        help_text="21 位：定义机构的 18 位代码加 3 位顺序号。全角、半角、空格都行；存下以后不能改",
        error_messages={"required": "还没有填证照类型代码"},
    )
    name = forms.CharField(
        label="证照名称", max_length=120, error_messages={"required": "还没有填证照名称"}
    )
    holder_kind = forms.ChoiceField(
        label="发给谁",
        choices=[("", "请选择"), *CatalogueEntry._meta.get_field("holder_kind").flatchoices],
        error_messages={"required": "还没有选发给谁"},
    )
    several_holders = forms.BooleanField(label="可以由几人共同持有", required=False)
    validity_years = forms.IntegerField(
        label="有效期（年）",
        required=False,
        min_value=1,
        max_value=100,
        help_text="从签发当天起算。期限写在每份证照上的，年和月都空着",
    )
    validity_months = forms.IntegerField(
        label="有效期（月）",
        required=False,
        min_value=1,
        max_value=1200,
        help_text="不足整年的填月数，例如 18；整年的填年",
    )
    may_be_long_term = forms.BooleanField(label="可以长期有效，没有截止日期", required=False)
    seal_kind = forms.ChoiceField(label="盖哪种印章", choices=SealKind.choices)
    defining_department_name = forms.CharField(
        label="证照定义机构", max_length=120, required=False, help_text="规定这种证照的部委或单位"
    )
    code_source = forms.CharField(label="代码来源", max_length=120, required=False)
    supervisor = forms.CharField(label="日常监督管理机构", max_length=120, required=False)
    conditions = forms.CharField(
        label="使用要求",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="含商业秘密、个人信息的，写明在什么条件下可以用；涉及国家秘密的不得收录",
    )
    number_rule = forms.ChoiceField(label="证照编号怎么来", choices=NUMBER_RULES)
    number_item = forms.ChoiceField(label="编号取自哪一项", required=False)
    number_pattern = forms.CharField(
        label="编号规则",
        max_length=120,
        required=False,
        help_text="{year} 是年份，{sequence:06} 是 6 位顺序号。例如 晋泽{year}第{sequence:06}号",
    )
    number_first = forms.IntegerField(
        label="从几号起",
        required=False,
        min_value=1,
        max_value=999_999_999,
        help_text="纸质证照已经用到多少号的，填下一个；不填从 1 号起",
    )
    number_reserved = forms.CharField(
        label="留着不用的号",
        max_length=200,
        required=False,
        help_text="例如 100-199、300；已经印在纸质证照上的号写在这里",
    )

    def __init__(self, items: Sequence[DataItem], *args: Any, is_new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items = items
        choice = self.fields["number_item"]
        if isinstance(choice, forms.ChoiceField):
            named = [(item.key, item.name) for item in items if item.key and item.kind != "image"]
            choice.choices = [("", "请选择"), *named]
        if not is_new:
            del self.fields["type_code"]
        for name, width in _WIDTHS.items():
            if name in self.fields:
                self.fields[name].width = width  # type: ignore[attr-defined]
        for name in ("legal_basis", "service_items"):  # asked when the entry is handed in
            self.fields[name].quiet = True  # type: ignore[attr-defined]
        for name, reference in (("conditions", "M.22"), ("service_items", "P.2.1.1")):
            self.fields[name].article = reference  # type: ignore[attr-defined]

    def clean_type_code(self) -> str:
        """The code half-width and in upper case, its check character right."""
        code = normalise_code(self.cleaned_data["type_code"])
        if fault := rules.type_code_fault(code):
            raise forms.ValidationError(fault)
        return code

    def clean(self) -> dict[str, Any]:
        """Checks what hangs together: number rule and items, items and conditions."""
        cleaned = super().clean() or {}
        if "number_rule" in cleaned:
            faults = rules.number_rule_fault(self.number(), self.items)
            places = {"item": "number_item", "pattern": "number_pattern", "rule": "number_rule"}
            for name, sentence in faults.items():
                self.add_error(places[name], sentence)
        holds = in_words(sensitivities_of(self.items, str(cleaned.get("holder_kind", ""))))
        if holds and not str(cleaned.get("conditions", "")).strip():
            self.add_error("conditions", f"按数据项，这种证照含{holds}，要写明使用要求")
        if cleaned.get("validity_years") and cleaned.get("validity_months"):
            self.add_error("validity_months", "年和月只填一个。例如一年半填 18 个月")
        return cleaned

    def clean_number_reserved(self) -> list[list[int]]:
        """Ranges of sequence numbers, first and last."""
        try:
            return read_ranges(self.cleaned_data["number_reserved"])
        except ValueError as fault:
            raise forms.ValidationError(str(fault)) from fault

    def number(self) -> dict[str, Any]:
        """The number rule as an entry keeps it."""
        kind = self.cleaned_data.get("number_rule", "typed")
        rule: dict[str, Any] = {"rule": kind}
        if kind == "same_as":
            rule["item"] = self.cleaned_data.get("number_item", "")
        if kind == "generated":
            rule["pattern"] = self.cleaned_data.get("number_pattern", "").strip()
            if self.cleaned_data.get("number_first"):
                rule["first"] = self.cleaned_data["number_first"]
            if self.cleaned_data.get("number_reserved"):
                rule["reserved"] = self.cleaned_data["number_reserved"]
        return rule

    def written(self) -> dict[str, Any]:
        """What the verbs of the catalogue take, without the items."""
        names = (*_TYPED, "service_items")
        return {**{name: self.cleaned_data[name] for name in names}, "number_rule": self.number()}


_WIDTHS = {
    "type_code": "code",
    "holder_kind": "short",
    "validity_years": "short",
    "validity_months": "short",
    "number_first": "short",
    "seal_kind": "short",
    "working_days": "short",
    "number_rule": "short",
    "number_item": "short",
}


class ItemForm(forms.Form):
    """One data item."""

    key = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    name = forms.CharField(label="名称", max_length=60, required=False)
    kind = forms.ChoiceField(label="类型", choices=list(rules.KIND_WORDS.items()))
    required = forms.BooleanField(label="必填", required=False)
    max_length = forms.IntegerField(label="最多字数", required=False)
    choices = forms.CharField(
        label="选项",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="一行一个，只有“从几项里选”才填",
    )
    default = forms.CharField(label="默认值", max_length=200, required=False)
    sensitivity = forms.ChoiceField(
        label="敏感类别",
        required=False,
        choices=[("", "不涉及"), *rules.SENSITIVITIES.items()],
        help_text="涉及的加密保存，页面上默认遮住",
    )
    overflow = forms.ChoiceField(
        label="照面写不下时",
        required=False,
        choices=[("", "按照面模板"), *rules.OVERFLOWS.items()],
        help_text="只对文字有用。不选时，默认照面上的多行文字接到附页，其余请采集人精简",
    )
    role = forms.ChoiceField(
        label="写的是持证人吗",
        required=False,
        choices=[(part.value, words) for part, words in PART_WORDS.items()],
        help_text="写持证人的，采集时自动带出，和持证人对不上的不能提交",
    )
    holder = forms.ChoiceField(
        label="第几位持证人",
        required=False,
        choices=[
            ("0", "全体"),
            *((str(n), f"第 {n} 位") for n in range(1, MOST_HOLDERS + 1)),
        ],
        help_text="几个人各有各的格子时选，例如结婚证的两位",
    )
    pattern = forms.CharField(
        label="写法规则",
        max_length=200,
        required=False,
        help_text="正则表达式，不会写就空着",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("kind", "max_length", "sensitivity", "overflow", "role", "holder"):
            self.fields[name].width = "short"  # type: ignore[attr-defined]
        for name in ("name", "kind"):
            self.fields[name].quiet = True  # type: ignore[attr-defined]

    def item(self) -> DataItem:
        """The data item as typed; asks only that `is_valid` was called."""
        words = self.cleaned_data
        lines = [line.strip() for line in words.get("choices", "").splitlines()]
        return DataItem(
            key=words.get("key", ""),
            name=words.get("name", "").strip(),
            kind=words.get("kind", ""),
            required=bool(words.get("required")),
            max_length=words.get("max_length"),
            choices=tuple(line for line in lines if line) if words.get("kind") == "choice" else (),
            pattern=words.get("pattern", "").strip(),
            default=words.get("default", "").strip(),
            sensitivity=words.get("sensitivity", ""),
            overflow=words.get("overflow", ""),
            role=words.get("role", ""),
            holder=int(words.get("holder") or 0),
        )

    def clean(self) -> dict[str, Any]:
        """Puts each of the item's faults at its field."""
        cleaned = super().clean() or {}
        for name, sentence in rules.item_faults(self.item()).items():
            if name not in self.errors:
                self.add_error(name, sentence)
        return cleaned


class ItemRows(PostedRows[ItemForm]):
    """The rows of data items."""

    form = ItemForm
    name = "items"
    key = "item"

    @classmethod
    def of_items(cls, items: Sequence[DataItem]) -> "ItemRows":
        """The rows of an entry."""
        return cls([_row(item) for item in items])

    def blank(self, key: str) -> dict[str, str]:
        return _row(DataItem(key, "", "text"))

    def items(self) -> list[DataItem]:
        """The rows as data items, sound or not."""
        found = []
        for form in self.forms(judged=True):
            form.is_valid()
            found.append(form.item())
        return found


def raw_items(items: Sequence[DataItem]) -> list[dict[str, Any]]:
    """Data items as an entry keeps them; what says nothing is left out."""
    found = []
    for item in items:
        raw: dict[str, Any] = {
            "key": item.key, "name": item.name, "kind": item.kind, "required": item.required,
        }  # fmt: skip
        if item.max_length is not None:
            raw["max_length"] = item.max_length
        if item.choices:
            raw["choices"] = list(item.choices)
        for name in ("pattern", "default", "sensitivity", "overflow"):
            if getattr(item, name):
                raw[name] = getattr(item, name)
        role = role_of(item)
        if role != role_of(replace(item, role="")) or role.part is not Part.NONE:
            raw["role"] = role.part.value
        if role.place:
            raw["holder"] = role.place
        found.append(raw)
    return found


def initial_of(entry: CatalogueEntry) -> dict[str, Any]:
    """What the form of an entry shows at first."""
    rule = entry.number_rule
    return {
        **{name: getattr(entry, name) for name in _TYPED},
        "service_items": service_items_in_lines(entry.service_items),
        "number_rule": rule.get("rule", "typed"),
        "number_item": rule.get("item", ""),
        "number_pattern": rule.get("pattern", ""),
        "number_first": rule.get("first"),
        "number_reserved": ranges_in_words(rule.get("reserved", [])),
    }


def initial_like(entry: CatalogueEntry) -> dict[str, Any]:
    """What the form shows at first for a department that joins those who issue a kind.

    Service items and numbers are the department's own, so that they are left out.
    """
    return {
        **initial_of(entry),
        "type_code": entry.type_code,
        "service_items": "",
        "supervisor": "",
        "number_pattern": "",
        "number_first": None,
        "number_reserved": "",
    }


def written_of(entry: CatalogueEntry) -> dict[str, Any]:
    """What a new edition starts from: everything that stands in the one before it."""
    return {
        **{name: getattr(entry, name) for name in _TYPED},
        "number_rule": entry.number_rule,
        "items": raw_items(items_of(entry.items)),
        "service_items": entry.service_items,
        "materials": entry.materials,
    }


def _row(item: DataItem) -> dict[str, str]:
    return {
        "key": item.key,
        "name": item.name,
        "kind": item.kind,
        "required": "on" if item.required else "",
        "max_length": "" if item.max_length is None else str(item.max_length),
        "choices": "\n".join(item.choices),
        "default": item.default,
        "sensitivity": item.sensitivity,
        "overflow": item.overflow,
        "role": role_of(item).part.value,
        "holder": str(role_of(item).place),
        "pattern": item.pattern,
    }
