"""What a guide says of a kind, in the editor: basis, service items, working days, materials."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from licences.catalogue.pages.posted_rows import PostedRows
from licences.catalogue.service_items import read_service_items
from licences.materials import Material, material_faults

GUIDE = ("about", "legal_basis", "working_days")


class GuideFields(forms.Form):
    """The fields of an entry that a guide is made of."""

    about = forms.CharField(
        label="这是什么证照",
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="一两句话，写给办事的人看：办什么事要有它",
    )
    legal_basis = forms.CharField(
        label="设定依据",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="报送前要写。一行一条，写到条款，例如《中华人民共和国水法》第四十八条",
    )
    service_items = forms.CharField(
        label="对应的政务服务事项",
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="报送前要写。一行一项：先写事项编码，空一格，再写事项名称",
    )
    working_days = forms.IntegerField(
        label="承诺办结时限（工作日）",
        required=False,
        min_value=1,
        max_value=365,
        help_text="从受理起算；当场办结的填 1",
    )

    def clean_legal_basis(self) -> str:
        """One basis a line, without empty lines."""
        lines = (line.strip() for line in self.cleaned_data["legal_basis"].splitlines())
        return "\n".join(line for line in lines if line)

    def clean_service_items(self) -> list[dict[str, str]]:
        """Service items with code and name."""
        try:
            return read_service_items(self.cleaned_data["service_items"])
        except ValueError as fault:
            raise forms.ValidationError(str(fault)) from fault


class MaterialForm(forms.Form):
    """One material."""

    key = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    name = forms.CharField(label="材料名称", max_length=100, required=False)
    required = forms.BooleanField(label="必交", required=False)
    note = forms.CharField(
        label="怎么交",
        max_length=200,
        required=False,
        help_text="例如：原件核对后退还，或复印件一份",
    )
    instead = forms.ChoiceField(
        label="有哪种证照就不用交",
        required=False,
        help_text="持证人有这种有效证照的，用证照库里的代替，不再收纸质的",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].quiet = True  # type: ignore[attr-defined]
        self.fields["instead"].article = "M.15"  # type: ignore[attr-defined]

    def offer(self, kinds: Mapping[str, str]) -> "MaterialForm":
        """Names the kinds whose licence may stand in the material's place."""
        choice = self.fields["instead"]
        if isinstance(choice, forms.ChoiceField):
            choice.choices = [("", "没有"), *kinds.items()]
        return self

    def material(self) -> Material:
        """The material as typed; asks only that `is_valid` was called."""
        words = self.cleaned_data
        return Material(
            key=words.get("key", ""),
            name=words.get("name", "").strip(),
            required=bool(words.get("required")),
            note=words.get("note", "").strip(),
            instead=words.get("instead", ""),
        )

    def clean(self) -> dict[str, Any]:
        """Puts each of the material's faults at its field."""
        cleaned = super().clean() or {}
        for name, sentence in material_faults(self.material()).items():
            if name not in self.errors:
                self.add_error(name, sentence)
        return cleaned


class MaterialRows(PostedRows[MaterialForm]):
    """The rows of materials; `kinds` are those whose licences may be named."""

    form = MaterialForm
    name = "materials"
    verbs = "material-"
    key = "material"
    most = 30
    kinds: Mapping[str, str] = {}

    @classmethod
    def of_materials(cls, materials: Sequence[Material]) -> "MaterialRows":
        """The rows of an entry."""
        return cls([_row(one) for one in materials])

    def blank(self, key: str) -> dict[str, str]:
        return _row(Material(key, ""))

    def offering(self, kinds: Mapping[str, str]) -> "MaterialRows":
        """The same rows, with the kinds whose licences may be named."""
        self.kinds = kinds
        return self

    def forms(self, *, judged: bool) -> list[MaterialForm]:
        return [form.offer(self.kinds) for form in super().forms(judged=judged)]

    def materials(self) -> list[Material]:
        """The rows as materials, sound or not."""
        found = []
        for form in self.forms(judged=True):
            form.is_valid()
            found.append(form.material())
        return found


def _row(material: Material) -> dict[str, str]:
    return {
        "key": material.key,
        "name": material.name,
        "required": "on" if material.required else "",
        "note": material.note,
        "instead": material.instead,
    }
