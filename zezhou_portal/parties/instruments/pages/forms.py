"""Forms about successors of the instruments; what is wrong the verbs say, at the field (M.32)."""

from typing import Any

from django import forms

from zezhou_portal.kernel import clock
from zezhou_portal.pagekit.fields import DayField, reason, text
from zezhou_portal.regulation.articles import article
from zezhou_portal.regulation.numbers import NUMBERS, Number, numbers_on


class InstrumentForm(forms.Form):
    """A successor of one of the three instruments, with a field for every regulated number."""

    replaces = forms.ChoiceField(
        label="接替哪一个文件",
        choices=[("", "请选文件"), ("M", "办法"), ("S", "印章办法"), ("P", "方案")],
        error_messages={"required": "还没有选它接替哪一个文件"},
    )
    title = text("文件名称", "还没有填文件名称")
    number = text("文号", "还没有填文号", most=60)
    in_force_from = DayField(label="施行日期", error_messages={"required": "还没有填施行日期"})
    ends_on = DayField(label="有效期至", required=False, help_text="没有期限的不填")
    text = forms.CharField(
        label="文件原文",
        max_length=50_000,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text="把文件全文贴在这里，确认的人对照它核对",
        error_messages={
            "required": "还没有贴文件原文",
            "max_length": "文件原文最多 50000 个字",
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = numbers_on(clock.today())
        for code, number in NUMBERS.items():
            self.fields[code] = _number_field(number, today[code])

    @property
    def text_fields(self) -> list[forms.BoundField]:
        """The fields of the text itself."""
        return [self[name] for name in self.base_fields]

    @property
    def number_fields(self) -> list[forms.BoundField]:
        """The fields of the regulated numbers, as the page groups them."""
        return [self[code] for code in NUMBERS]

    @property
    def changed_numbers(self) -> dict[str, int]:
        """The numbers that were filled in, by their codes."""
        given = {code: self.cleaned_data[code] for code in NUMBERS}
        return {code: value for code, value in given.items() if value is not None}


def _number_field(number: Number, today: int) -> forms.IntegerField:
    asked = f"填{number.unit.removeprefix('个')}数" + ("" if number.least else "，0 是当天")
    field = forms.IntegerField(
        label=number.words,
        required=False,
        help_text=f"{article(number.article).name}，现在是{number.says(today)}；{asked}",
        error_messages={"invalid": f"写 {number.least} 到 {number.most} 的整数。"},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    field.width = "date"  # type: ignore[attr-defined]
    field.quiet = True  # type: ignore[attr-defined]  # the group says so once
    return field


class WithdrawForm(forms.Form):
    """Why a successor is withdrawn."""

    reason = reason("为什么撤回", "还没有写为什么撤回", hint="留在登记里，谁都不能再改")
