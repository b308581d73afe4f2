"""Forms of permit sheets: which file of which kind, which column is what, why it goes back."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet

from licences.data_items import items_of
from licences.models import CatalogueEntry
from licences.stock.sheets.headings import (
    FIELDS,
    ITEM_PREFIX,
    LEDGER_FIELDS,
    REQUIRED,
    TYPE_SUFFIX,
)
from licences.stock.sheets.kinds import FILLED, type_heading
from licences.stock.sheets.refusals import TEXT_BYTES, too_large

# the holder's own number has a field of the notice
_OF_HOLDER = frozenset({"credit_code", "citizen_id"})
_HEADING_ROWS = 100


class UploadForm(forms.Form):
    """The kind of licence, the file, and the headings' row where it is not found by itself."""

    kind = forms.ModelChoiceField(
        label="证照种类",
        queryset=CatalogueEntry.objects.none(),
        to_field_name="uuid",
        empty_label="请选择",
        error_messages={"invalid_choice": "目录里没有这一种，请重新选"},
    )
    file = forms.FileField(
        label="许可清单",
        help_text="XLSX 不超过 20 MB，CSV 不超过 64 MB，最多 200,000 行；不要有公式和密码",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt"}),
        error_messages={"empty": "这个文件里没有内容，请选有许可记录的表格"},
        max_length=200,
    )
    heading_row = forms.IntegerField(
        label="列名在第几行",
        help_text="通常不用填，系统自己找得到",
        min_value=1,
        max_value=_HEADING_ROWS,
        required=False,
    )

    def __init__(self, kinds: "QuerySet[CatalogueEntry]", *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind: Any = self.fields["kind"]
        kind.queryset = kinds
        kind.label_from_instance = lambda entry: entry.name
        row: Any = self.fields["heading_row"]
        row.width = "short"

    def clean_file(self) -> "UploadedFile[bytes]":
        """The upload; one above the limit is refused by its size and never read."""
        upload: UploadedFile[bytes] = self.cleaned_data["file"]
        if (upload.size or 0) > TEXT_BYTES:
            raise forms.ValidationError(
                too_large(upload.name or "", upload.size or 0, TEXT_BYTES).sentence
            )
        return upload


class ColumnsForm(forms.Form):
    """One list of fields for every column of the sheet."""

    def __init__(
        self, headings: Sequence[str], entry: CatalogueEntry, *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choices = _choices(entry)
        for place, heading in enumerate(headings):
            self.fields[f"column_{place}"] = forms.ChoiceField(
                label=heading or f"第 {place + 1} 列（没有列名）", choices=choices, required=False
            )

    def clean(self) -> dict[str, Any]:
        """Refuses a field that two columns claim, at the second of them."""
        cleaned: dict[str, Any] = super().clean() or {}
        first: dict[str, str] = {}
        for name, chosen in list(cleaned.items()):
            if not chosen:
                continue
            if chosen in first:
                other = self.fields[first[chosen]].label
                self.add_error(name, f"与“{other}”选成了同一项。一项只能用一列")
            first.setdefault(chosen, name)
        return cleaned

    def columns(self) -> dict[str, int]:
        """Which column holds which field, as `services.sheets.map_columns` takes it."""
        return {
            chosen: int(name.removeprefix("column_"))
            for name, chosen in self.cleaned_data.items()
            if chosen
        }


class SendBackForm(forms.Form):
    """What is wrong with a sheet that goes back."""

    remarks = forms.CharField(
        label="退回意见",
        help_text="写明哪些行、哪里不对，提交人照着改",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=500,
        error_messages={"required": "还没有写退回意见"},
    )


def initial_of(columns: Mapping[str, int]) -> dict[str, str]:
    """The fields that a mapping gives to the columns."""
    return {f"column_{place}": key for key, place in columns.items()}


def _choices(entry: CatalogueEntry) -> list[Any]:
    wanted = [(key, name) for key, name in FIELDS.items() if key in REQUIRED]
    others = [(key, name) for key, name in FIELDS.items() if key not in REQUIRED]
    items = [
        choice
        for item in items_of(entry.items)
        if item.kind in FILLED and item.key not in _OF_HOLDER
        for choice in (
            (ITEM_PREFIX + item.key, item.name),
            (f"{ITEM_PREFIX}{item.key}{TYPE_SUFFIX}", type_heading(item.name)),
        )[: 2 if item.kind == "identity_number" else 1]
    ]
    return [
        ("", "不用这一列"),
        ("一定要有", wanted),
        ("公示标准的其他项", others),
        ("台账里常有的", list(LEDGER_FIELDS.items())),
        (f"{entry.name}的数据项", items),
    ]
