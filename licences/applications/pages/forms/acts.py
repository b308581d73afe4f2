"""Small forms of acts that are confirmed: a reason, one act of proof."""

from django import forms


class ReasonForm(forms.Form):
    """Why an application is taken back."""

    reason = forms.CharField(
        label="撤回的原因",
        help_text="留在件里，最多 200 字",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=200,
        error_messages={"required": "还没有写撤回的原因"},
    )


class SureForm(forms.Form):
    """One act of proof before what cannot be undone."""

    sure = forms.BooleanField(
        label="我确认这件涉及国家秘密，要清除已填的全部内容",
        error_messages={"required": "还没有勾选确认"},
    )
