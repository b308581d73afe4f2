"""Form fields that say what is wrong in the portal's words."""

import re
import unicodedata
from datetime import date
from typing import Any

from django import forms

_DAY = re.compile(r"(\d{4})\s*[-年./]\s*(\d{1,2})\s*[-月./]\s*(\d{1,2})\s*日?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")


class DayField(forms.Field):
    """A day as people type it: 2028-11-03, 2028年11月3日, 20281103."""

    widget = forms.TextInput
    width = "date"

    def to_python(self, value: Any) -> date | None:
        """The day. Raises ValidationError with what is wrong."""
        text = unicodedata.normalize("NFKC", str(value or "")).strip()
        if not text:
            return None
        match = _DAY.fullmatch(text) or _COMPACT.fullmatch(text)
        if match is None:
            raise forms.ValidationError("日期写成 年-月-日，例如 2026-11-24")
        year, month, day = (int(part) for part in match.groups())
        try:
            return date(year, month, day)
        except ValueError:
            raise forms.ValidationError(f"日期不存在，没有{year}年{month}月{day}日") from None

    def prepare_value(self, value: Any) -> Any:
        return value.isoformat() if isinstance(value, date) else value


def text(
    label: str,
    missing: str,
    *,
    required: bool = True,
    width: str = "",
    hint: str = "",
    most: int = 120,
    attrs: dict[str, str] | None = None,
) -> forms.CharField:
    """A line of text with its own sentence for being left empty."""
    field = forms.CharField(
        label=label,
        required=required,
        max_length=most,
        help_text=hint,
        error_messages={
            "required": missing,
            "max_length": f"{label}最多 {most} 个字",
        },
        widget=forms.TextInput(attrs=attrs or {}),
    )
    field.width = width  # type: ignore[attr-defined]
    return field
