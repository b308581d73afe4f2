"""Forms about a holder; what is wrong the verbs say, at the field (M.3)."""

from typing import Any

from django import forms

from zezhou_portal.parties.holders.identity_rules import PERSONAL_TYPES
from zezhou_portal.parties.holders.operators import Operator
from zezhou_portal.parties.models import HolderKind, IdentityType

_TYPES = [("", "请选择"), *IdentityType.choices]
KNOWN_BY = [
    ("number", "有证件号码"),
    ("subject", "只有外部身份标识（例如省统一身份认证的账号标识）"),
    ("none", "没有号码（例如新生儿）"),
]


class OperatorFields(forms.Form):
    """Who does a sole trader's business, at the end of a form for a new holder."""

    field_order = (
        "kind", "name", "known_by", "identity_type", "identity_number", "outside_subject",
        "no_number_reason",
    )  # fmt: skip
    operator_name = forms.CharField(
        label="经营者姓名",
        required=False,
        max_length=200,
        help_text="个体工商户才填；没有字号的必填",
    )
    operator_type = forms.ChoiceField(
        label="经营者证件类型",
        choices=PERSONAL_TYPES,
        initial=IdentityType.CITIZEN_ID.value,
        required=False,
    )
    operator_number = forms.CharField(
        label="经营者证件号码",
        required=False,
        max_length=60,
        help_text="填了的，经营者本人实名登录就认得出来",
    )


def entered(given: dict[str, Any]) -> dict[str, Any]:
    """What `enter_holder` takes of what such a form was given, by how the holder is known."""
    known_by = given.pop("known_by")
    if known_by != "number":
        given["identity_type"] = given["identity_number"] = ""
    if known_by != "subject":
        given["outside_subject"] = ""
    if known_by != "none":
        given["no_number_reason"] = ""
    operator = Operator(
        given.pop("operator_name"),
        given.pop("operator_type") or IdentityType.CITIZEN_ID.value,
        given.pop("operator_number"),
    )
    return {**given, "operator": operator}


class EnterForm(OperatorFields):
    """A new holder: kind, name, and how they are told from everybody else."""

    kind = forms.ChoiceField(
        label="类别",
        choices=HolderKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请选持证人类别"},
    )
    name = forms.CharField(
        label="名称或姓名",
        required=False,
        max_length=400,
        help_text="没有字号的个体工商户空着，用经营者的姓名",
    )
    known_by = forms.ChoiceField(
        label="怎么认定", choices=KNOWN_BY, widget=forms.RadioSelect, initial="number"
    )
    identity_type = forms.ChoiceField(label="证件类型", choices=_TYPES, required=False)
    identity_number = forms.CharField(label="证件号码", required=False, max_length=60)
    outside_subject = forms.CharField(
        label="外部身份标识",
        required=False,
        max_length=200,
        help_text="没有证件号码、只有标识的才填",
    )
    no_number_reason = forms.CharField(
        label="为什么没有号码",
        required=False,
        max_length=100,
        help_text="例如：新生儿，户口还没有登记",
    )
    phone = forms.CharField(label="联系电话", required=False, max_length=30)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _dress(self)
        for name in ("name", "identity_type", "identity_number"):
            self.fields[name].quiet = True  # type: ignore[attr-defined]

    def words(self) -> dict[str, Any]:
        """What `enter_holder` takes, by how the holder is known."""
        return entered(dict(self.cleaned_data))


class ChangeForm(OperatorFields):
    """What is to change; a field that is left empty stays as it is.

    A sole trader's operator is asked for where nobody knows who it is.
    """

    name = forms.CharField(label="新的名称或姓名", required=False, max_length=400)
    identity_type = forms.ChoiceField(label="补登的证件类型", choices=_TYPES, required=False)
    identity_number = forms.CharField(
        label="补登的证件号码",
        required=False,
        max_length=60,
        help_text="只给原来没有号码的人补。号码不同就是另一位持证人，请另行登记",
    )
    phone = forms.CharField(label="新的联系电话", required=False, max_length=30)

    def __init__(self, *args: Any, asks_operator: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if asks_operator:
            self.fields["operator_name"].help_text = "照营业执照填；姓名和证件号码一起填"
        else:
            for name in OperatorFields.base_fields:
                del self.fields[name]
        _dress(self)

    def operator(self) -> Operator | None:
        """The operator that was typed, if any."""
        given = self.cleaned_data
        if not (given.get("operator_name") or given.get("operator_number")):
            return None
        type_ = given["operator_type"] or IdentityType.CITIZEN_ID.value
        return Operator(given["operator_name"], type_, given["operator_number"])

    def clean(self) -> dict[str, Any]:
        """Something must be filled in."""
        cleaned = super().clean() or {}
        typed = [value for name, value in cleaned.items() if name != "operator_type"]
        if not any(str(value).strip() for value in typed):
            raise forms.ValidationError("什么都没有填，没有要变更的内容。")
        return cleaned


class MergeForm(forms.Form):
    """Whom a holder without a number is: the other's number and name, and what shows it."""

    identity_type = forms.ChoiceField(
        label="另一份登记的证件类型", choices=IdentityType.choices, initial=IdentityType.CITIZEN_ID
    )
    identity_number = forms.CharField(
        label="另一份登记的证件号码",
        max_length=60,
        error_messages={"required": "还没有填证件号码"},
    )
    name = forms.CharField(
        label="另一份登记的姓名或名称",
        max_length=400,
        error_messages={"required": "还没有填姓名或名称"},
    )
    ground = forms.CharField(
        label="依据",
        required=False,
        max_length=400,
        help_text="看了哪些材料，例如：户口簿、出生医学证明第 T140525001 号",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _dress(self)


class DeclineForm(forms.Form):
    """Why two holders are not found to be one; that it is written, the verb asks."""

    remarks = forms.CharField(
        label="为什么不予认定",
        required=False,
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="提出的人会原样看到",
    )


def _dress(form: forms.Form) -> None:
    for name in ("identity_number", "outside_subject", "operator_number", "phone"):
        if name in form.fields:
            form.fields[name].width = "code"  # type: ignore[attr-defined]
            form.fields[name].widget.attrs["autocomplete"] = "off"
