"""The reviewer's and the signatory's decision: three tiles, reasons as the choice asks (M.7)."""

from typing import Any, ClassVar

from django import forms

from licences.data_items import DataItem


class DecisionForm(forms.Form):
    """One of three, with reasons for all but the first."""

    TILES: ClassVar[tuple[tuple[str, str, str], ...]] = (
        ("approve", "通过", "交签发人签批"),
        ("send_back", "退回补正", "回到采集人，写清要改什么"),
        ("refuse", "不予通过", "办件终结，须说明理由"),
    )
    decision = forms.ChoiceField(
        label="意见", choices=(), error_messages={"required": "还没有选一种意见"}
    )
    reasons = forms.CharField(
        label="理由，要改什么",
        help_text="采集人会原样看到。写清哪一项、以什么为准。通过的可以不写",
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        max_length=1000,
    )
    fields_named = forms.MultipleChoiceField(
        label="涉及哪几项", choices=(), required=False, widget=forms.CheckboxSelectMultiple
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, items: tuple[DataItem, ...], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        decision, named = self.fields["decision"], self.fields["fields_named"]
        if isinstance(decision, forms.ChoiceField):
            decision.choices = [(code, words) for code, words, _ in self.TILES]
        if isinstance(named, forms.ChoiceField):
            named.choices = [(item.key, item.name) for item in items]
        self.fields["reasons"].quiet = True  # type: ignore[attr-defined]

    @property
    def tiles(self) -> list[tuple[str, str, str, bool]]:
        """Code, words, where it leads, whether it is chosen."""
        chosen = self["decision"].value() or ""
        return [(code, words, leads, code == chosen) for code, words, leads in self.TILES]

    def clean(self) -> dict[str, Any]:
        """Reasons are there where the choice asks for them."""
        words = super().clean() or {}
        decision = words.get("decision")
        needs = decision in {"send_back", "refuse"}
        if needs and not words.get("reasons", "").strip() and "reasons" not in self.errors:
            self.add_error("reasons", "还没有写理由。退回和不予通过都要写明理由")
        return words


class SignOffForm(DecisionForm):
    """The same three ways at sign-off."""

    TILES = (
        ("issue", "签发", "证照入库，随即制证盖章"),
        ("send_back", "退回补正", "回到采集人，改好要重新审核"),
        ("refuse", "不予通过", "办件终结，须说明理由"),
    )
