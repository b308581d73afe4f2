"""Giving out licence numbers, each once (M.6)."""

from collections.abc import Mapping, Sequence

from django.db.models import F

from licences.catalogue import numbering
from licences.data_items import DataItem
from licences.models import CatalogueEntry, Licence, NumberCounter
from zezhou_portal.kernel.locks import lock
from zezhou_portal.regulation.errors import RuleBroken

_ATTEMPTS = 20


def number_for(
    entry: CatalogueEntry,
    *,
    items: Sequence[DataItem],
    captured: Mapping[str, str],
    typed: str,
    year: int,
) -> str:
    """The number of a new licence by its kind's rule, inside the caller's transaction.

    A typed or taken-over number that the department has already given is refused.
    """
    rule = numbering.rule_of(entry.number_rule)
    if rule == "generated":
        return _generate(entry, items=items, captured=captured, year=year)
    _one_at_a_time(entry)
    number = typed.strip() if rule == "typed" else captured[entry.number_rule["item"]]
    if is_given(entry, number):
        sentence = f"证照编号 {number} 已经用过。请核对是不是重复办理"
        raise RuleBroken("M.6", f"{sentence}。", fields={"licence_number": sentence})
    return number


def is_given(entry: CatalogueEntry, number: str) -> bool:
    """Whether the department has given this number to a licence of this kind."""
    return Licence.objects.filter(
        type_code=entry.type_code,
        issuing_department_id=entry.issuing_department_id,
        number=number,
    ).exists()


def given_numbers(entry: CatalogueEntry, numbers: Sequence[str]) -> set[str]:
    """Which of the numbers the department has given already: one query for a chunk."""
    return set(
        Licence.objects.filter(
            type_code=entry.type_code,
            issuing_department_id=entry.issuing_department_id,
            number__in=numbers,
        ).values_list("number", flat=True)
    )


def go_behind(entry: CatalogueEntry, numbers: Sequence[str]) -> None:
    """Moves the counter behind numbers that were given on paper, so that none comes twice."""
    if numbering.rule_of(entry.number_rule) != "generated" or numbering.uses_year(
        entry.number_rule
    ):
        return
    used = [numbering.sequence_in(entry.number_rule, number) for number in numbers]
    highest = max((sequence for sequence in used if sequence is not None), default=0)
    counter, _ = NumberCounter.objects.get_or_create(type_code=entry.type_code, year=0)
    NumberCounter.objects.filter(pk=counter.pk, last__lt=highest).update(last=highest)


def _one_at_a_time(entry: CatalogueEntry) -> None:
    """Whoever gives out a number of this kind waits until the one before has committed."""
    counter, _ = NumberCounter.objects.get_or_create(type_code=entry.type_code, year=0)
    lock(NumberCounter.objects.all(), pk=counter.pk)


def _generate(
    entry: CatalogueEntry, *, items: Sequence[DataItem], captured: Mapping[str, str], year: int
) -> str:
    counted_in = year if numbering.uses_year(entry.number_rule) else 0
    counter, _ = NumberCounter.objects.get_or_create(type_code=entry.type_code, year=counted_in)
    for _ in range(_ATTEMPTS):
        NumberCounter.objects.filter(pk=counter.pk).update(last=F("last") + 1)
        counter.refresh_from_db(fields=["last"])
        number = numbering.make(
            entry.number_rule, year=year, sequence=counter.last, items=items, values=captured
        )
        if not is_given(entry, number):
            return number
    raise RuleBroken("M.6", "证照编号连着重复，请联系管理单位核对编号规则。")
