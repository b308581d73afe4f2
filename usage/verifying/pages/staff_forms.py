"""Forms of verifiers: what was scanned, what stands on paper, reliance."""

from typing import Any

from django import forms

from usage.verifying import relying
from usage.verifying.printed_codes import normalise_check_code
from zezhou_portal.kernel import clock
from zezhou_portal.pagekit import fields
from zezhou_portal.pagekit.fields import DayField

MOST_TEXT = 400
_PLAIN = {"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}


class ScanForm(forms.Form):
    """One field that takes a scanner, a keyboard and the camera; what for, if one likes."""

    text = fields.text(
        "扫码，或者输入",
        "还没有扫码，也没有输入",
        hint="亮证码、照面和加注件上的二维码、8 位数字、证照编号，都在这里",
        most=MOST_TEXT,
        attrs={**_PLAIN, "enterkeyhint": "go"},
    )
    purpose = fields.text(
        "用途", "", required=False, hint="例如：日常检查、用水开户。这次登录期间一直记着"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].widget.attrs["autofocus"] = True
        self.fields["text"].widget.attrs["data-zz-scan-into"] = True


class PaperForm(forms.Form):
    """Four things that stand on the paper, and the day that is asked about."""

    number = fields.text(
        "证照编号或证照标识", "还没有填证照编号", width="code", most=160, attrs=_PLAIN,
        hint="照面上的编号；1.2.156 开头的标识也可以",
    )  # fmt: skip
    code = fields.text(
        "校验码", "还没有填校验码", width="short", most=20, attrs=_PLAIN,
        hint="照面右下角，8 位，不分大小写",
    )  # fmt: skip
    issued_on = DayField(
        label="颁发日期",
        help_text="照面上的发证日期",
        error_messages={"required": "还没有填颁发日期"},
    )
    holder = fields.text(
        "持证主体", "还没有填持证主体", hint="照面上的名称，几个人的都写上", most=400
    )
    on_day = DayField(
        label="按哪一天查", required=False, help_text="查过去某一天有没有效；不填就是今天"
    )
    purpose = fields.text("用途", "", required=False)

    def clean_code(self) -> str:
        """The eight characters, without what people type between them."""
        code = normalise_check_code(self.cleaned_data["code"])
        if not code:
            raise forms.ValidationError(
                "校验码是 8 位数字和字母，里面没有数字 0、1 和字母 O、I。请照着照面再填一遍"
            )
        return code

    def clean_on_day(self) -> Any:
        """Today or a past day; a coming one is not known to anybody."""
        day = self.cleaned_data["on_day"]
        if day is not None and day > clock.today():
            raise forms.ValidationError("这一天还没有到。查今天的，把日期留空")
        return day


class PastDayForm(forms.Form):
    """The past day that is asked about."""

    on_day = DayField(
        label="按哪一天查",
        help_text="例如合同签订那一天",
        error_messages={"required": "还没有填日期"},
    )


class RelyForm(forms.Form):
    """For which application a licence is the basis; what is wrong the verb says."""

    purpose = fields.text(
        "办理事项",
        "还没有填办理事项",
        most=relying.MOST_PURPOSE,
        hint="例如：用水报装、日常监督检查",
    )
    application_number = fields.text(
        "办件号", "", required=False, width="code", most=relying.MOST_NUMBER, attrs=_PLAIN,
        hint="业务系统里的办件号",
    )  # fmt: skip
