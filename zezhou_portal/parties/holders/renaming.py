"""A holder met under another name: the change of name is offered to whoever may make it (M.3).

A renamed enterprise keeps its credit code. Whoever meets it under its new name and may change it
(a department that has dealt with it) is led to the change; anybody else is told whom to call.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse

from zezhou_portal.kernel.actors import Actor
from zezhou_portal.kernel.names import normalise_name
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.parties.holders.selectors import (
    APPROVED_BY_ANOTHER,
    holders_dealt_with_by,
    identity_index,
)
from zezhou_portal.parties.models import Department, Holder, IdentityType

_MOST = 3


@dataclass(frozen=True)
class NameChange:
    """An enterprise known by a credit code, met under another name than the portal knows.

    `url` leads to the change where the actor may make it; `departments` may make it otherwise.
    """

    holder: Holder
    name: str
    url: str
    departments: Sequence[Department]

    @property
    def sentence(self) -> str:
        """Who makes the change, for a refusal and for a row."""
        known = f"这个统一社会信用代码登记的名称是“{self.holder.name}”"
        if self.url:
            return f"{known}。确实改过名的，先变更名称。"
        if not self.departments:
            return f"{known}。确实改过名的，请打 12345 问由哪个单位变更。"
        return (
            f"{known}。确实改过名的，请{'，或者'.join(map(_called, self.departments))}先变更名称。"
        )


def name_changes(actor: Actor, met: Mapping[str, str]) -> dict[str, NameChange]:
    """Of the credit codes met, each with its name, those known under another name.

    The same number of questions however many they are.
    """
    indexes = {identity_index(IdentityType.CREDIT_CODE.value, code): code for code in met}
    known = Holder.objects.filter(identity_index__in=indexes)
    renamed = {
        indexes[holder.identity_index or ""]: holder
        for holder in known
        if normalise_name(holder.name) != normalise_name(met[indexes[holder.identity_index or ""]])
    }
    if not renamed:
        return {}
    keys = [holder.pk for holder in renamed.values()]
    own: set[int] = set()
    if actor.has(Capability.ENTER_HOLDERS.value):
        own = set(holders_dealt_with_by(actor).filter(pk__in=keys).values_list("pk", flat=True))
    others = _who_may([key for key in keys if key not in own])
    return {
        code: NameChange(
            holder,
            met[code],
            _address(holder, met[code]) if holder.pk in own else "",
            others.get(holder.pk, ()),
        )
        for code, holder in renamed.items()
    }


def name_change(actor: Actor, identity_type: str, number: str, name: str) -> NameChange | None:
    """The change of name to offer where one credit code is met; nothing where the name agrees."""
    if identity_type != IdentityType.CREDIT_CODE.value or not number or not name:
        return None
    return next(iter(name_changes(actor, {number: name}).values()), None)


def _address(holder: Holder, name: str) -> str:
    where = reverse("parties:change-holder", args=[holder.uuid])
    return f"{where}?{urlencode({'name': ' '.join(name.split())[:200]})}"


def _who_may(keys: Sequence[int]) -> dict[int, Sequence[Department]]:
    """The open departments that have dealt with each holder, up to three."""
    if not keys:
        return {}
    pairs: set[tuple[int, int]] = set()
    for column in (
        "entered_by_department",
        "licence_links__licence__issuing_department",
        "application_links__application__issuing_department",
    ):
        rows = Holder.objects.filter(pk__in=keys).filter(~Q(**{column: None}))
        if column.startswith("application_links"):
            rows = rows.filter(application_links__application__state__in=APPROVED_BY_ANOTHER)
        pairs |= set(rows.values_list("pk", column).distinct())
    departments = Department.objects.filter(is_open=True).in_bulk({key for _, key in pairs})
    found: dict[int, list[Department]] = {}
    for holder, key in sorted(pairs):
        if key in departments:
            found.setdefault(holder, []).append(departments[key])
    return {holder: rows[:_MOST] for holder, rows in found.items()}


def _called(department: Department) -> str:
    phone = f"电话 {department.phone}" if department.phone else "电话问 12345"
    return f"{department.name}（{phone}）"
