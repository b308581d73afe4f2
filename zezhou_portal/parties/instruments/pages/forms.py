"""Forms about successors of the instruments; what is wrong the verbs say, at the field (M.32)."""

from django import forms

from zezhou_portal.pagekit.fields import DayField, text


class InstrumentForm(forms.Form):
    """A successor of one of the three instruments."""

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


class WithdrawForm(forms.Form):
    """Why a successor is withdrawn; that it is written, the verb asks."""

    reason = forms.CharField(
        label="为什么撤回",
        required=False,
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="留在登记里，谁都不能再改",
    )
