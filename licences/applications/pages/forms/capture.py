"""The form of an application, made of its kind's data items (M.6, M.7).

Nothing is refused here: a draft keeps what was typed, right or wrong, and what is wrong is said
by the rules that submission relies on (`licences.applications.completeness`).
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict

from licences import data_items, values
from licences.applications.completeness import types_number
from licences.applications.materials import licences_in_place, states_of
from licences.applications.pages.forms.identity import IdentityWidget
from licences.applications.pages.forms.materials import (
    AskedMaterial,
    asked_materials,
    material_fields,
    stored_materials,
)
from licences.data_items import DataItem
from licences.models import Application
from licences.roles import Part, role_of
from licences.terms import is_offline
from licences.typed import plain
from zezhou_portal.parties.masking import mask_identity
from zezhou_portal.regulation.errors import Fault

FEW_CHOICES = 4
_DAYS = ("valid_from", "valid_until", "paper_issued_on")
LONG_TEXT = 4000
_HOLDER_KEYS = ("entity_type",)
_HOLDER_STARTS = ("mother_", "father_")
_WIDTHS = {
    "credit_code": "code", "citizen_id": "code", "date": "date", "datetime": "code",
    "number": "short",
}  # fmt: skip
_HINTS = {
    "date": "年-月-日，也可以写 2028年11月3日、20281103",
    "datetime": "写到几点几分，例如 2026-11-24 09:30",
    "credit_code": "18 位，字母大写",
    "citizen_id": "18 位，最后一位可能是 X",
    "number": "只填数字",
}


@dataclass
class Section:
    """A group of fields under a heading, and how it stands."""

    key: str
    title: str
    names: list[str] = field(default_factory=list)
    note: str = "已填"
    is_bad: bool = False
    fields: list[Any] = field(default_factory=list)


@dataclass(frozen=True)
class Typed:
    """What a form brought, ready for `capturing.capture`."""

    items: dict[str, str]
    licence_number: str
    valid_from: date | None
    valid_until: date | None
    is_long_term: bool
    drafted: dict[str, str]
    term_reason: str
    paper_issued_on: date | None


class CaptureForm(forms.Form):
    """One field for every data item, the number where it is typed, the term, and files."""

    valid_from = forms.CharField(label="有效期起", help_text=_HINTS["date"], required=False)
    valid_until = forms.CharField(label="有效期至", help_text=_HINTS["date"], required=False)
    is_long_term = forms.BooleanField(label="长期有效，没有截止日期", required=False)
    term_reason = forms.CharField(
        label="和规定不一样的理由",
        help_text="例如：房屋租到2028年6月，按租期缩短",
        required=False,
        max_length=200,
    )
    paper_issued_on = forms.CharField(
        label="纸质证照的颁发日期", help_text=_HINTS["date"], required=False
    )
    attachment_title = forms.CharField(
        label="材料名称", help_text="例如：食品经营许可申请书", required=False
    )
    attachment = forms.FileField(
        label="添加材料", help_text="PDF、JPG、PNG，不超过 20 MB", required=False
    )

    def __init__(
        self,
        application: Application,
        data: Mapping[str, Any] | None = None,
        *,
        hidden: Collection[str] = (),
    ) -> None:
        """`hidden`: items whose values are not shown in full; left empty they stay (M.26)."""
        self.hidden = hidden
        self.items = data_items.items_of(application.entry.items)
        self.application = application
        self.states = states_of(application)
        super().__init__(data if data is not None else self._kept())
        made = {
            item.key: _field(item, application.values.get(item.key), is_hidden=item.key in hidden)
            for item in self.items
        }
        if types_number(application):
            made["licence_number"] = forms.CharField(label="证照编号", required=False)
        own = dict(self.fields)
        offered = licences_in_place(application.entry, application.holders)
        self.fields = {**made, **own, **material_fields(self.states, offered)}
        if not is_offline(application):
            del self.fields["paper_issued_on"]
        for name in _DAYS:
            if name in self.fields:
                self.fields[name].width = "date"  # type: ignore[attr-defined]
        for name in ("paper_issued_on", "licence_number"):
            if name in self.fields:
                self.fields[name].quiet = True  # type: ignore[attr-defined]
        self.full_clean()

    def materials(self) -> list[AskedMaterial]:
        """The materials, each with its fields."""
        return asked_materials(self, self.states)

    def say(self, faults: Iterable[Fault]) -> None:
        """Puts sentences at their fields, or at the head where there is no such field."""
        for fault in faults:
            self.add_error(fault.field if fault.field in self.fields else None, fault.sentence)

    def mark_requested(self, names: Iterable[str]) -> None:
        """Says at each field that the reviewer asked for it to be mended."""
        for name in names:
            if name in self.fields:
                hint = self.fields[name].help_text
                self[name].help_text = f"审核人要求改这一项。{hint}"

    def show_stored(self) -> None:
        """Beside what was typed, what somebody else has saved meanwhile."""
        for name, text in self._kept().items():
            if name in self.hidden:
                continue
            if name in self.fields and name in self.data and self._typed(name) != text:
                shown = dict(getattr(self.fields[name], "choices", ())).get(text, text) or "空"
                self[name].help_text = f"现在存的是“{shown}”"

    def _kept(self) -> dict[str, str]:
        """What is stored, by field; nothing of what is not shown in full."""
        kept = {**stored(self.application, self.items), **stored_materials(self.states)}
        return {name: "" if name in self.hidden else text for name, text in kept.items()}

    def _typed(self, name: str) -> str:
        is_identity = isinstance(self.fields[name].widget, IdentityWidget)
        return str(self[name].value() if is_identity else self.data[name])

    def sections(self, faults: list[Fault]) -> list[Section]:
        """The fields under their headings, each with what is still amiss."""
        holder = Section("holder", "持证人")
        content = Section("content", "登记信息")
        photo = Section("photo", "照片")
        for item in self.items:
            about_holder = role_of(item).part is not Part.NONE or (
                item.key in _HOLDER_KEYS or item.key.startswith(_HOLDER_STARTS)
            )
            place = photo if item.kind == "image" else holder if about_holder else content
            place.names.append(item.key)
        holder_names = ["holders"]
        term = Section(
            "term", "有效期", ["valid_from", "valid_until", "is_long_term", "term_reason"]
        )
        typed = [name for name in ("licence_number", "paper_issued_on") if name in self.fields]
        if typed:
            term = Section("term", "编号和有效期", [*typed, *term.names])
        found = [one for one in (holder, content, photo, term) if one.names]
        for section in found:
            extra = holder_names if section is holder else []
            _judge(section, [f for f in faults if f.field in {*section.names, *extra}])
            section.fields = [self[name] for name in section.names]
        return found


def stored(application: Application, items: Iterable[DataItem]) -> dict[str, str]:
    """The application's words by field name, as its form shows them."""
    found = values.read_all([i for i in items if i.kind != "image"], application.values)
    for name in _DAYS:
        day: date | None = getattr(application, name)
        found[name] = values.drafted(application.values, name) or (day.isoformat() if day else "")
    if application.is_long_term:
        found["is_long_term"] = "on"
    return {
        **found,
        "licence_number": application.licence_number,
        "term_reason": application.term_reason,
    }


def typed_of(application: Application, data: QueryDict, *, hidden: Collection[str] = ()) -> Typed:
    """What was typed; days that cannot be read or make no term are kept as words.

    A field of `hidden` that was left empty says nothing: what is stored stays.
    """
    drafted: dict[str, str] = {}
    days: dict[str, date | None] = {}
    for name in _DAYS:
        text = plain(data.get(name, "")).strip()
        try:
            days[name] = data_items.read_date(text) if text else None
        except data_items.ItemFault:
            days[name], drafted[name] = None, text
    first, last = days["valid_from"], days["valid_until"]
    if first is not None and last is not None and last < first:
        days["valid_until"], drafted["valid_until"] = (
            None,
            plain(data.get("valid_until", "")).strip(),
        )
    items = data_items.items_of(application.entry.items)
    return Typed(
        items={
            item.key: plain(_text_of(item, data))
            for item in items
            if item.kind != "image"
            and item.key in data
            and (item.key not in hidden or _text_of(item, data).strip())
        },
        licence_number=plain(data.get("licence_number", "")),
        valid_from=days["valid_from"],
        valid_until=days["valid_until"],
        is_long_term=bool(data.get("is_long_term")),
        drafted=drafted,
        term_reason=plain(data.get("term_reason", "")),
        paper_issued_on=days["paper_issued_on"],
    )


def _text_of(item: DataItem, data: QueryDict) -> str:
    if item.kind == "identity_number":
        return IdentityWidget(item).value_from_datadict(data, {}, item.key)
    return str(data.get(item.key, ""))


def _judge(section: Section, faults: list[Fault]) -> None:
    absent = sum(fault.is_missing for fault in faults)
    wrong = len(faults) - absent
    words = [f"{wrong} 处有误" if wrong else "", f"缺 {absent} 项" if absent else ""]
    section.is_bad = bool(faults)
    section.note = "，".join(word for word in words if word) or "已填"


def _field(
    item: DataItem, cell: Mapping[str, Any] | None, *, is_hidden: bool = False
) -> forms.Field:
    """A field that judges nothing; width, hint and source by the item and its cell."""
    made: forms.Field
    if item.kind == "identity_number":
        widget = IdentityWidget(item)
        made = forms.CharField(label=item.name, required=False, strip=False, widget=widget)
        made.help_text = _hint(item, cell, is_hidden=is_hidden)
        if cell and cell.get("value"):
            made.source = cell["source"]  # type: ignore[attr-defined]
    elif item.kind == "image":
        hint = "JPG 或 PNG，短边至少 150 像素，长边最多 6000 像素"
        made = forms.FileField(label=item.name, required=False, help_text=hint)
    else:
        made = forms.CharField(label=item.name, required=False, strip=False, widget=_widget(item))
        made.help_text = _hint(item, cell, is_hidden=is_hidden)
        made.width = _WIDTHS.get(item.kind, "")  # type: ignore[attr-defined]
        if cell and cell.get("value"):
            made.source = cell["source"]  # type: ignore[attr-defined]
    setattr(made, "quiet", item.required)  # noqa: B010
    return made


def _widget(item: DataItem) -> forms.Widget:
    if item.kind == "long_text":
        return forms.Textarea(attrs={"rows": 3})
    if item.kind != "choice":
        return forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})
    choices = [(one, one) for one in item.choices]
    if len(choices) <= FEW_CHOICES:
        return forms.RadioSelect(choices=choices)
    return forms.Select(choices=[("", "请选择"), *choices])


def _hint(item: DataItem, cell: Mapping[str, Any] | None, *, is_hidden: bool) -> str:
    hint = _HINTS.get(item.kind, "")
    if item.kind in {"text", "long_text"} and item.max_length and item.max_length > 60:
        hint = f"最多 {item.max_length} 个字"
    if cell and is_hidden:
        return f"已填“{mask_identity(values.open_(cell['value']))}”，不改就空着。{hint}"
    if cell and "was" in cell:
        before = values.open_(cell["was"])
        return f"原值“{before}”（{cell.get('was_source', '')}），已改。{hint}"
    return hint
