"""Forms of reception: the question that comes first, the application, a new holder (M.3, M.9)."""

from datetime import datetime
from typing import Any

from django import forms

from licences.data_items import ItemFault, read_moment
from licences.models import Application, CatalogueEntry, ServiceItem
from licences.typed import plain
from zezhou_portal.kernel import clock
from zezhou_portal.parties.holders.pages.forms import KNOWN_BY, OperatorFields, entered
from zezhou_portal.parties.models import HolderKind, IdentityType


class SecrecyForm(forms.Form):
    """Whether the application touches a state secret; nothing stands before it."""

    touched = forms.ChoiceField(
        label="这件材料涉及国家秘密吗？",
        help_text="涉及国家秘密的一律不得录入本系统，也不制发电子证照。",
        choices=[("no", "不涉及"), ("yes", "涉及（不录入，只记录曾有此事）")],
        widget=forms.RadioSelect,
        error_messages={"required": "先回答这一题，再收件"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["touched"].article = "M.3"  # type: ignore[attr-defined]


class ApplicationForm(forms.Form):
    """What is applied for and how the licence will come about."""

    service_item = forms.ModelChoiceField(
        label="政务服务事项",
        queryset=ServiceItem.objects.none(),
        required=False,
        empty_label="没有对应的事项",
    )
    mode = forms.ChoiceField(
        label="怎样生成电子证照",
        choices=[
            (Application.Mode.ONLINE.value, "在线生成：签发时业务办结，当日生成"),
            (
                Application.Mode.OFFLINE.value,
                "离线生成：业务已在本单位系统办结，1 个工作日内生成并推送",
            ),
        ],
        widget=forms.RadioSelect,
        initial=Application.Mode.ONLINE.value,
    )
    concluded_elsewhere_at = forms.CharField(
        label="业务系统里的办结时间",
        help_text="离线生成的才填，写到几点几分，例如 2026-11-24 09:30",
        required=False,
        max_length=40,
    )
    has_paper = forms.BooleanField(label="同时发放纸质证照", required=False)

    def __init__(self, entry: CatalogueEntry | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        item = self.fields["service_item"]
        if entry is not None and isinstance(item, forms.ModelChoiceField):
            item.queryset = ServiceItem.objects.filter(
                licence_links__type_code=entry.type_code,
                department_id=entry.issuing_department_id,
            ).order_by("code")
        for name, width in (("concluded_elsewhere_at", "code"), ("service_item", "full")):
            self.fields[name].width = width  # type: ignore[attr-defined]
        self.fields["mode"].article = "M.9"  # type: ignore[attr-defined]

    def clean_concluded_elsewhere_at(self) -> datetime | None:
        """The moment in Beijing; nothing where nothing is typed."""
        text = self.cleaned_data["concluded_elsewhere_at"].strip()
        if not text:
            return None
        try:
            return read_moment(text).replace(tzinfo=clock.BEIJING)
        except ItemFault as fault:
            raise forms.ValidationError(str(fault)) from fault


class HolderForm(OperatorFields):
    """A holder whom the portal does not know yet; what is wrong the verb says."""

    kind = forms.ChoiceField(
        label="持证人类别", choices=HolderKind.choices, widget=forms.RadioSelect, required=False
    )
    name = forms.CharField(
        label="名称或姓名",
        help_text="没有字号的个体工商户空着，用经营者的姓名",
        required=False,
        max_length=400,
    )
    known_by = forms.ChoiceField(
        label="怎么认定这个持证人", choices=KNOWN_BY, widget=forms.RadioSelect, required=False
    )
    identity_type = forms.ChoiceField(
        label="证件类型", choices=[("", "请选择"), *IdentityType.choices], required=False
    )
    identity_number = forms.CharField(label="证件号码", required=False, max_length=60)
    outside_subject = forms.CharField(label="外部身份标识", required=False, max_length=200)
    no_number_reason = forms.CharField(
        label="为什么没有号码",
        help_text="例如：新生儿，户口还没有登记",
        required=False,
        max_length=100,
    )
    phone = forms.CharField(label="联系电话", required=False, max_length=30)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.quiet = True  # type: ignore[attr-defined]
        self.fields["phone"].quiet = False  # type: ignore[attr-defined]
        for name in ("identity_number", "outside_subject", "operator_number", "phone"):
            self.fields[name].width = "code"  # type: ignore[attr-defined]
            self.fields[name].widget.attrs["autocomplete"] = "off"

    def words(self) -> dict[str, Any]:
        """What `enter_holder` takes, by how the holder is known."""
        return entered(
            {name: plain(str(self.data.get(self.add_prefix(name), ""))) for name in self.fields}
        )
