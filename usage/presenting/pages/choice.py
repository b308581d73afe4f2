"""What a holder can choose to show: licences, their items, and what the other side will see."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import Case, Value, When

from licences import values
from licences.data_items import DataItem
from licences.models import Licence
from licences.register.visibility import licences_held
from usage.presenting.presentable import Showable, showables
from usage.presenting.presentations import Chosen
from usage.presenting.presets import FIRST, Preset
from usage.verifying.register_status import PublicSummary, public_summary
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.parties.masking import mask_identity

# More is no choice any more: the rest is shown from its own card.
_MOST = 20


@dataclass(frozen=True)
class OfferedItem:
    """One item of a licence: what an official would see of it, and whether it is chosen."""

    key: str
    name: str
    text: str
    is_personal: bool
    is_chosen: bool
    is_picture: bool = False


@dataclass(frozen=True)
class Offer:
    """One licence on the page; `why_not` says why it cannot be shown."""

    key: str
    licence: Licence
    why_not: str
    is_chosen: bool
    for_anybody: PublicSummary
    for_officials: PublicSummary
    lines: tuple[OfferedItem, ...]

    @property
    def is_name_masked(self) -> bool:
        """Whether officials see more of the holder's name than anybody does."""
        return self.for_anybody.holder != self.for_officials.holder

    @property
    def chosen_count(self) -> int:
        """How many items are chosen."""
        return sum(line.is_chosen for line in self.lines)


class ChoiceForm(forms.Form):
    """Which licences, which items of each, and whether to ask first."""

    licence = forms.MultipleChoiceField(
        label="证照",
        required=False,
        error_messages={"invalid_choice": "有一份没有找到，请重新选"},
    )
    ask = forms.BooleanField(label="读取前先问我", required=False)

    def __init__(self, data: Any, *, offered: Sequence[Showable]) -> None:
        super().__init__(data)
        field = self.fields["licence"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = [(str(one.licence.uuid), one.licence.kind_name) for one in offered]
        for one in offered:
            self.fields[items_name(one)] = forms.MultipleChoiceField(
                label=one.licence.kind_name,
                required=False,
                choices=[(item.key, item.name) for item in one.items],
                error_messages={"invalid_choice": "有一项没有找到，请重新选"},
            )

    def chosen(self, offered: Sequence[Showable], *, is_whole: bool) -> list[Chosen]:
        """What the verb is given; without the page's own item boxes what stands chosen at first."""
        wanted = set(self.cleaned_data["licence"])
        return [
            Chosen(
                one.licence,
                self.cleaned_data[items_name(one)] if is_whole else FIRST.chosen_of(one.items),
            )
            for one in offered
            if str(one.licence.uuid) in wanted
        ]


def items_name(one: Showable) -> str:
    """The name of the boxes of a licence's items."""
    return f"items-{one.licence.uuid}"


def offered_to(actor: Actor, wanted: Iterable[UUID]) -> Sequence[Showable]:
    """The licences on the page: those asked for first, then what can be shown, newest first."""
    first = Case(When(uuid__in=list(wanted), then=Value(0)), default=Value(1))
    rows = licences_held(actor).annotate(first=first)
    return showables(rows, actor.principal_id or 0, clock.today(), order=("first",), most=_MOST)


def offers(
    found: Sequence[Showable], *, licences: set[str], items: Mapping[str, Sequence[str]] | None
) -> list[Offer]:
    """What the page shows of them; `items` by the name of their boxes, else as chosen at first."""
    return [
        _offer(one, is_chosen=str(one.licence.uuid) in licences, chosen=_keys(one, items))
        for one in found
    ]


def by_preset(found: Sequence[Showable], preset: Preset) -> dict[str, Sequence[str]]:
    """The items that a preset chooses of every licence."""
    return {items_name(one): preset.chosen_of(one.items) for one in found}


def _keys(one: Showable, items: Mapping[str, Sequence[str]] | None) -> frozenset[str]:
    given = FIRST.chosen_of(one.items) if items is None else items.get(items_name(one), ())
    return frozenset(given)


def _text_of(item: DataItem, text: str) -> str:
    """What the holder is shown of an item to choose it by; of a picture that it is one."""
    if item.kind == "image":
        return "一张"
    return mask_identity(text) if item.is_sensitive else text


def _offer(one: Showable, *, is_chosen: bool, chosen: frozenset[str]) -> Offer:
    stored = one.version.frozen["values"]
    held = [item for item in one.items if stored.get(item.key)]
    clear = values.thaw({item.key: stored[item.key] for item in held})
    return Offer(
        key=str(one.licence.uuid),
        licence=one.licence,
        why_not=one.why_not,
        is_chosen=is_chosen and not one.why_not,
        for_anybody=public_summary(one.version, one.marks),
        for_officials=public_summary(one.version, one.marks, masked=False),
        lines=tuple(
            OfferedItem(
                item.key,
                item.name,
                _text_of(item, clear[item.key]),
                item.is_personal,
                item.key in chosen,
                item.kind == "image",
            )
            for item in held
        ),
    )
