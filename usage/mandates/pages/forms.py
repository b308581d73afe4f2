"""Forms of acting for others; what is wrong the verbs say, at the field (M.20)."""

from typing import Any

from django import forms

from zezhou_portal.pagekit.fields import DayField, text
from zezhou_portal.parties.mandates.rules import GIVABLE
from zezhou_portal.parties.mandates.window import REMARKS_CHARACTERS
from zezhou_portal.parties.models import MandateKind

_POWERS = [(one.value, one.label) for one in GIVABLE]
# Another person's data: no browser should offer one's own.
_OFF = {"autocomplete": "off"}
_NUMBER = {**_OFF, "autocapitalize": "characters", "spellcheck": "false"}


class _Powers(forms.MultipleChoiceField):
    """What a mandate gives beside seeing; a made-up one goes on to the verb, which says no."""

    widget = forms.CheckboxSelectMultiple
    quiet = True

    def __init__(self) -> None:
        super().__init__(
            label="可以办什么",
            choices=_POWERS,
            required=False,
            help_text="查看证照总是包括在内。要能出示或者下载的，请勾上。",
        )

    def valid_value(self, value: str) -> bool:  # noqa: ARG002
        """Any: the verb judges."""
        return True


def _name(label: str, hint: str = "") -> forms.CharField:
    return text(label, f"还没有填{label}", hint=hint, most=200, attrs=_OFF)


def _citizen_id(label: str) -> forms.CharField:
    return text(label, f"还没有填{label}", width="code", most=40, attrs=_NUMBER)


def _until() -> DayField:
    return DayField(
        label="代办到哪一天",
        help_text="写成 年-月-日。最长一年，到期自动结束",
        error_messages={"required": "还没有填代办到哪一天"},
    )


class GiveForm(forms.Form):
    """Somebody who is to act for the enterprise, or for a person of the family."""

    name = _name("姓名")
    citizen_id = _citizen_id("公民身份号码")
    powers = _Powers()
    until_on = _until()


class ChildForm(forms.Form):
    """A birth certificate and the child that stands on it."""

    certificate_number = text(
        "出生医学证明编号",
        "还没有填出生医学证明编号",
        width="code",
        hint="在证明的右上角",
        most=60,
        attrs=_NUMBER,
    )
    child_name = _name("孩子姓名")


class WindowForm(forms.Form):
    """What a clerk saw at the window."""

    kind = forms.ChoiceField(
        label="登记哪一种",
        choices=[
            (MandateKind.GUARDIAN.value, "父母（监护人）代办孩子的证照"),
            (MandateKind.HELPER.value, "成年家人帮办，本人书面同意"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "请选登记哪一种"},
    )
    principal_name = _name("持证人姓名", "孩子，或者请家人帮办的人")
    principal_citizen_id = _citizen_id("持证人公民身份号码")
    agent_name = _name("代办人姓名", "父母，或者帮办的家人")
    agent_citizen_id = _citizen_id("代办人公民身份号码")
    powers = _Powers()
    until_on = DayField(
        label="代办到哪一天",
        required=False,
        help_text="家人帮办的填，最长一年。父母的自动到孩子成年的前一天",
    )
    evidence = text(
        "看了哪些材料",
        "还没有写看了哪些材料",
        hint="例如：户口簿原件、母亲身份证原件。不要写证件号码",
        attrs=_OFF,
    )
    consent = forms.FileField(
        label="签了名的同意书",
        help_text="拍照或扫描，PDF、JPG、PNG，不超过 20 MB。登记父母的，传户口簿或者监护文书",
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
        error_messages={
            "required": "还没有传同意书",
            "empty": "这个文件是空的，请重新选择",
            "max_length": "文件名太长，请改短一些",
        },
        max_length=200,
    )
    seen = forms.BooleanField(
        label="我核对了双方的身份证件原件；家人帮办的，持证人当面签了同意书",
        error_messages={"required": "没有核对的，不能登记。核对以后请勾上"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["until_on"].quiet = True  # type: ignore[attr-defined]


class DeclineForm(forms.Form):
    """Why a colleague's proposal is not confirmed."""

    remarks = forms.CharField(
        label="为什么不予确认",
        help_text="原样留在操作记录的摘要里。不要写证件号码",
        max_length=REMARKS_CHARACTERS,
        error_messages={
            "required": "还没有写为什么不予确认",
            "max_length": f"最多写 {REMARKS_CHARACTERS} 个字",
        },
    )
