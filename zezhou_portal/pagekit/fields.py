"""Form fields that say what is wrong in the portal's words."""

from datetime import date
from typing import Any

from django import forms

from zezhou_portal.kernel.dates import DateFault, read_day


class DayField(forms.Field):
    """A day as people write it: 2028-11-03, 2028.11.3, 2028年11月3日, 20281103."""

    widget = forms.TextInput
    width = "date"

    def to_python(self, value: Any) -> date | None:
        """The day. Raises ValidationError with what is wrong."""
        text = str(value or "").strip()
        if not text:
            return None
        try:
            return read_day(text)
        except DateFault as fault:
            sentence = fault.advice or "日期写成 年-月-日，例如 2026-11-24"
            raise forms.ValidationError(sentence) from None

    def prepare_value(self, value: Any) -> Any:
        return value.isoformat() if isinstance(value, date) else value


def reason(label: str, missing: str, *, hint: str = "") -> forms.CharField:
    """Why something is done, in a few lines, with its own sentence for being left empty."""
    return forms.CharField(
        label=label,
        max_length=200,
        help_text=hint,
        error_messages={"required": missing, "max_length": f"{label}最多 200 个字"},
        widget=forms.Textarea(attrs={"rows": 3}),
    )


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
