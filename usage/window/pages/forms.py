"""Forms of a window: who stands there, and what a copy is for."""

from django import forms

from usage.verifying.purpose_copies import PURPOSE_LONGEST
from usage.window import services as window
from usage.window.identity_checks import IDENTITY_CHECKS
from zezhou_portal.pagekit import fields
from zezhou_portal.pagekit.fields import DayField
from zezhou_portal.parties.models import IdentityType
from zezhou_portal.regulation.limits import COPY_DAYS

_PLAIN = {"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}


class WindowForm(forms.Form):
    """Who stands at the window, and how the clerk made sure; what is wrong the verb says."""

    identity_type = forms.ChoiceField(
        label="证件类型", choices=IdentityType.choices, initial=IdentityType.CITIZEN_ID.value
    )
    number = fields.text(
        "证件号码",
        "还没有填证件号码",
        width="code",
        most=60,
        attrs=_PLAIN,
        hint="可以用读卡器或扫码枪",
    )
    name = fields.text("证件上的姓名或名称", "还没有填证件上的姓名或名称", most=200, attrs=_PLAIN)
    check = forms.ChoiceField(
        label="怎么核对的身份",
        choices=[(one.code, one.words) for one in IDENTITY_CHECKS],
        widget=forms.RadioSelect,
        error_messages={"required": "请选怎么核对的身份"},
    )
    agent_name = fields.text(
        "来办事的人", "", required=False, most=window.MOST_AGENT, width="short",
        hint="代办人、监护人的姓名；本人来的不填",
    )  # fmt: skip
    agent_tail = fields.text(
        "来办事的人证件尾号", "", required=False, most=window.TAIL, width="short",
        hint="最后 4 位；本人来的不填", attrs=_PLAIN,
    )  # fmt: skip

    def identity(self) -> window.Identity:
        """Whom to look for."""
        return window.Identity(**self.cleaned_data)


class PrintForm(forms.Form):
    """What a copy is for, and until when; what is wrong the verb says."""

    purpose = fields.text(
        "用途", "还没有填用途", most=PURPOSE_LONGEST,
        hint="印在照面上：仅限……使用。例如：泽州县供电服务单位用电报装",
    )  # fmt: skip
    expires_on = DayField(
        label="用到哪一天",
        help_text=f"从今天起最多 {COPY_DAYS} 天，过了这一天就不能再用",
        error_messages={"required": "还没有填用到哪一天"},
    )
