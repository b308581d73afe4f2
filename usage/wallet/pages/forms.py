"""The form of a purpose-marked copy; what the rules ask for is asked again by the verb."""

from datetime import timedelta
from typing import Any

from django import forms

from usage.wallet.copies import PURPOSE_LONGEST, Wanted
from zezhou_portal.kernel import clock
from zezhou_portal.pagekit.fields import DayField, text
from zezhou_portal.regulation.limits import COPY_DAYS

OTHER = "其他"
_FIRST_TERM = timedelta(days=30)


class CopyForm(forms.Form):
    """What for, and until when."""

    purpose = forms.ChoiceField(
        label="用途",
        choices=[(one, one) for one in ("租房", "招聘", "银行开户", "投标", OTHER)],
        widget=forms.RadioSelect,
        error_messages={"required": "还没有选用途"},
    )
    own = text(
        "用途写明",
        "",
        required=False,
        most=PURPOSE_LONGEST,
        hint=f"选“其他”时填，例如“孩子入学报名”，最多 {PURPOSE_LONGEST} 个字",
    )
    last_day = DayField(
        label="用到哪一天",
        help_text=f"从今天起最多 {COPY_DAYS} 天；到期以后扫码会显示已过用期",
        error_messages={"required": "还没有填用到哪一天"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["own"].quiet = True  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Own words where none of the presets was chosen."""
        given = super().clean() or {}
        if given.get("purpose") == OTHER and not given.get("own") and "own" not in self.errors:
            self.add_error("own", "选了“其他”，请写明用途")
        return given

    def wanted(self) -> Wanted:
        """What the verb is asked for."""
        given = self.cleaned_data
        own = given["purpose"] == OTHER
        return Wanted(given["own"] if own else given["purpose"], given["last_day"])

    @staticmethod
    def at_first() -> dict[str, Any]:
        """What stands in the fields at first: a month from today."""
        return {"last_day": clock.today() + _FIRST_TERM}
