"""Forms about a year's calendar; what is wrong the verbs say, at the field (M.9)."""

from typing import Any

from django import forms

from zezhou_portal.pagekit.fields import reason, text
from zezhou_portal.parties.calendars.rules import EXAMPLE, LinesFault, read_lines


class CalendarForm(forms.Form):
    """A year, the notice that announces it, and its days."""

    year = forms.IntegerField(
        label="年份",
        min_value=2000,
        max_value=2999,
        error_messages={
            "required": "还没有填年份",
            "invalid": "年份写成四位数字，例如 2027",
            "min_value": "年份写成四位数字，例如 2027",
            "max_value": "年份写成四位数字，例如 2027",
        },
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    notice_number = text(
        "通知文号", "还没有填通知文号", most=60, hint="例如：国办发明电〔2026〕9号"
    )
    notice_text = forms.CharField(
        label="通知原文",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="把国务院办公厅的通知贴在这里，确认的人对照它核对",
        error_messages={
            "required": "还没有贴通知原文",
            "max_length": "通知原文最多 4000 个字",
        },
    )
    lines = forms.CharField(
        label="放假和调休上班的日子",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 12, "autocomplete": "off"}),
        help_text=f"一行一个日期，后面写 休 或 班，例如：{EXAMPLE}。平常的周末不用写",
        error_messages={"required": "还没有写哪些日子放假、上班"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].width = "date"  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The lines are read before anybody is asked: each that is wrong is told."""
        cleaned = super().clean() or {}
        if "year" in cleaned and "lines" in cleaned:
            try:
                self.days = read_lines(cleaned["year"], cleaned["lines"])
            except LinesFault as fault:
                self.add_error("lines", forms.ValidationError(list(fault.sentences)))
        return cleaned


class WithdrawForm(forms.Form):
    """Why a calendar is withdrawn."""

    reason = reason("为什么撤回", "还没有写为什么撤回", hint="留在登记里，谁都不能再改")
