"""Giving out licence numbers, each once (M.6, M.9, M.10).

A number is used where a licence of the register has it, and where a row of a permit sheet that
is not converted yet has it: those stand on paper already.
"""

from collections.abc import Mapping, Sequence

from django.db.models import QuerySet
from django.db.models.fields.json import KT
from django.db.models.lookups import Exact, In

from licences.catalogue import numbering
from licences.data_items import DataItem
from licences.models import CatalogueEntry, Licence, NumberCounter, StockRow
from zezhou_portal.kernel.locks import lock
from zezhou_portal.regulation.errors import RuleBroken

# Candidates are looked up a hundred at a time; who has reserved more says so in the entry.
_CANDIDATES = 100
_CHUNKS = 100
_ON_PAPER = KT("values__number")


def number_for(
    entry: CatalogueEntry,
    *,
    items: Sequence[DataItem],
    captured: Mapping[str, str],
    typed: str,
    year: int,
) -> str:
    """The number of a new licence by its kind's rule, inside the caller's transaction.

    A number that was typed, because the rule says so or because the paper came first (M.9),
    is taken as typed; one that is used already is refused with whose it is.
    """
    rule = numbering.rule_of(entry.number_rule)
    number = captured[entry.number_rule["item"]] if rule == "same_as" else typed.strip()
    if rule == "generated" and not number:
        return _generate(entry, items=items, captured=captured, year=year)
    _locked_counter(entry, 0)
    if whose := whose_number(entry, number):
        raise RuleBroken(
            "M.6",
            f"证照编号 {number} 已经用过。请核对是不是重复办理。",
            fields={"licence_number": f"证照编号 {number} 已经用过：{whose}。请核对是不是重复办理"},
        )
    return number


def whose_number(entry: CatalogueEntry, number: str) -> str:
    """Whose a number of the department and kind is, in words for the clerk; empty if nobody's."""
    licence = Licence.objects.filter(
        type_code=entry.type_code,
        issuing_department_id=entry.issuing_department_id,
        number=number,
    ).first()
    if licence is not None:
        return f"{licence.holder_names}的{licence.kind_name}（{licence.get_state_display()}）"
    row = _on_sheets(entry).filter(Exact(_ON_PAPER, number)).select_related("batch").first()
    if row is not None:
        return f"还没有转换的清单“{row.batch.file_name}”第 {row.row_number} 行"
    return ""


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
    counter = _counter(entry, 0)
    NumberCounter.objects.filter(pk=counter.pk, last__lt=highest).update(last=highest)


def _on_sheets(entry: CatalogueEntry) -> QuerySet[StockRow]:
    """Rows of the kind's sheets that are not converted, with the number on their paper."""
    return StockRow.objects.filter(
        batch__entry__type_code=entry.type_code,
        batch__issuing_department_id=entry.issuing_department_id,
        licence__isnull=True,
    ).exclude(batch__state="DROPPED")


def _locked_counter(entry: CatalogueEntry, year: int) -> NumberCounter:
    """Whoever gives out a number of a department's kind waits until the one before committed."""
    return lock(NumberCounter.objects.all(), pk=_counter(entry, year).pk)


def _counter(entry: CatalogueEntry, year: int) -> NumberCounter:
    counter, _ = NumberCounter.objects.get_or_create(
        type_code=entry.type_code,
        issuing_department_id=entry.issuing_department_id,
        year=year,
    )
    return counter


def _generate(
    entry: CatalogueEntry, *, items: Sequence[DataItem], captured: Mapping[str, str], year: int
) -> str:
    rule = entry.number_rule
    counter = _locked_counter(entry, year if numbering.uses_year(rule) else 0)
    sequence = max(counter.last + 1, numbering.first_of(rule))
    for _ in range(_CHUNKS):
        candidates: dict[str, int] = {}
        while len(candidates) < _CANDIDATES:
            sequence = numbering.behind_reserved(rule, sequence)
            number = numbering.make(
                rule, year=year, sequence=sequence, items=items, values=captured
            )
            candidates[number] = sequence
            sequence += 1
        used = given_numbers(entry, list(candidates)) | set(
            _on_sheets(entry)
            .filter(In(_ON_PAPER, list(candidates)))
            .values_list(_ON_PAPER, flat=True)
        )
        free = next((number for number in candidates if number not in used), None)
        if free is not None:
            counter.last = candidates[free]
            counter.save(update_fields=["last"])
            return free
    raise RuleBroken("M.6", "证照编号连着重复，请联系管理单位核对编号规则。")
