"""The form of a purpose-marked copy; what the rules ask for is asked again by the verb."""

from datetime import timedelta
from typing import Any

from django import forms

from usage.verifying.purpose_copies import PURPOSE_LONGEST
from zezhou_portal.kernel import clock
from zezhou_portal.pagekit.fields import DayField, text
from zezhou_portal.regulation.limits import COPY_DAYS

OTHER = "其他"
_FIRST_TERM = timedelta(days=30)


class CopyForm(forms.Form):
    """What for, and until when."""

    preset = forms.ChoiceField(
        label="用途",
        choices=[(one, one) for one in ("租房", "招聘", "银行开户", "投标", OTHER)],
        widget=forms.RadioSelect,
        error_messages={"required": "还没有选用途"},
    )
    purpose = text(
        "用途写明",
        "",
        required=False,
        most=PURPOSE_LONGEST,
        hint=f"选“其他”时填，例如“孩子入学报名”，最多 {PURPOSE_LONGEST} 个字",
    )
    expires_on = DayField(
        label="用到哪一天",
        help_text=f"从今天起最多 {COPY_DAYS} 天；到期以后扫码会显示已过用期",
        error_messages={"required": "还没有填用到哪一天"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["purpose"].quiet = True  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Own words where none of the presets was chosen."""
        given = super().clean() or {}
        if given.get("preset") != OTHER:
            given["purpose"] = given.get("preset", "")
        elif not given.get("purpose") and "purpose" not in self.errors:
            self.add_error("purpose", "选了“其他”，请写明用途")
        return given

    @staticmethod
    def at_first() -> dict[str, Any]:
        """What stands in the fields at first: a month from today."""
        return {"expires_on": clock.today() + _FIRST_TERM}
