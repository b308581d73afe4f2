"""The part of the capture form that asks for materials: a file, a licence in its place, a reason.

Like the rest of the form it judges nothing: what is wrong is said by the rules of submission.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms

from licences.applications.materials import InPlace, MaterialState, differs, field_of
from licences.models import Licence
from licences.typed import plain


@dataclass(frozen=True)
class AskedMaterial:
    """One material on the page: how it stands, and its fields."""

    state: MaterialState
    file: Any
    instead: Any
    reason: Any

    @property
    def is_missing(self) -> bool:
        """Whether it is asked for and nothing is there."""
        return self.state.material.required and not self.state.is_met

    @property
    def is_excused(self) -> bool:
        """Whether the reason stands open: there is one, or one is asked for."""
        return bool(self.reason.value() or self.reason.errors or self.file.errors)


def material_fields(
    states: Iterable[MaterialState], offered: Mapping[str, Sequence[Licence]]
) -> dict[str, forms.Field]:
    """The fields of an application's materials, by name."""
    made: dict[str, forms.Field] = {}
    for one in states:
        key, name = one.material.key, one.material.name
        made[field_of(one.material)] = forms.FileField(label=f"上传{name}", required=False)
        choices = {str(row.uuid): _words(row) for row in offered.get(key, ())}
        if one.licence is not None:
            choices.setdefault(str(one.licence.uuid), _words(one.licence))
        if choices:
            made[f"instead-{key}"] = forms.ChoiceField(
                label=f"用证照库里的证照代替{name}",
                required=False,
                choices=[("", "不代替"), *choices.items()],
            )
        made[f"reason-{key}"] = forms.CharField(
            label=f"没有{name}的理由",
            required=False,
            max_length=200,
            help_text="例如：业务系统里已经收过",
        )
    for field in made.values():
        field.quiet = True  # type: ignore[attr-defined]  # the material says whether it is asked
    return made


def stored_materials(states: Iterable[MaterialState]) -> dict[str, str]:
    """What stands in the place of materials, by field name."""
    found: dict[str, str] = {}
    for one in states:
        found[f"instead-{one.material.key}"] = str(one.licence.uuid) if one.licence else ""
        found[f"reason-{one.material.key}"] = one.reason
    return found


def asked_materials(form: forms.Form, states: Iterable[MaterialState]) -> list[AskedMaterial]:
    """The materials as the page shows them."""
    return [
        AskedMaterial(
            one,
            form[field_of(one.material)],
            form[name] if (name := f"instead-{one.material.key}") in form.fields else None,
            form[f"reason-{one.material.key}"],
        )
        for one in states
    ]


def stated_of(states: Iterable[MaterialState], data: Mapping[str, str]) -> dict[str, InPlace]:
    """What was typed in the place of materials, where it differs from what stands there."""
    found: dict[str, InPlace] = {}
    for one in states:
        key = one.material.key
        if f"reason-{key}" not in data:
            continue
        stated = InPlace(plain(data.get(f"instead-{key}", "")), plain(data[f"reason-{key}"]))
        if differs(one, stated):
            found[key] = stated
    return found


def _words(licence: Licence) -> str:
    return f"{licence.kind_name} {licence.number}（{licence.issuing_department.name}）"
