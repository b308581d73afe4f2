"""The rows of a permit sheet judged and kept, each with its fate (M.10, P.2.2.1)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from licences.catalogue.numbers import given_numbers
from licences.data_items import DataItem, items_of
from licences.models import CatalogueEntry, RowOutcome, StockBatch, StockRow
from licences.stock.sheets.cells import plain_text
from licences.stock.sheets.headings import Mapping as Columns
from licences.stock.sheets.identities import CREDIT_CODE_TYPE, Told
from licences.stock.sheets.judging import Fate, RowJudge, Values
from licences.stock.sheets.kinds import KindRules, kind_rules
from licences.stock.sheets.reading import NumberedRow
from zezhou_portal.kernel import vault
from zezhou_portal.kernel.foreign import storable

_WRITE = 1000
_SHOWN = ("holder_name", "number", "valid_from", "valid_until", "term")
_TOLD = 40  # rows that are no data and are named; ours


def rules_for(entry: CatalogueEntry) -> KindRules:
    """What the judge must know of a kind, from its catalogue entry."""
    department = entry.issuing_department
    raw = {
        "name": entry.name,
        "code": entry.type_code,
        "issuing_department": department.name,
        "holder": entry.holder_kind,
        "items": entry.items,
        "number": entry.number_rule,
        "validity_years": entry.validity_years,
        "validity_months": entry.validity_months,
        "may_be_long_term": entry.may_be_long_term,
    }
    return kind_rules(raw, department.credit_code)


def judge(
    entry: CatalogueEntry,
    rows: Iterable[NumberedRow],
    columns: Columns,
    on: date,
    *,
    takes_hidden: bool = False,
) -> Iterator[Fate]:
    """The fate of every row of a sheet on a day; reads the register, writes nothing.

    Ask `columns.complaint()` first. NotASheet may come on the way, from `rows`.
    """
    rules = rules_for(entry)
    judged = RowJudge(rules, rules.issuing_department_code, on, columns, takes_hidden=takes_hidden)
    return judged.judge_all(rows, lambda numbers: given_numbers(entry, numbers))


def judge_into(
    batch: StockBatch, rows: Iterable[NumberedRow], columns: Columns, on: date
) -> dict[str, int]:
    """Keeps the fate of every row in place of earlier ones; gives how many have which.

    Rows that are no data are named in the batch's mapping and not kept. NotASheet may come on
    the way, from `rows`.
    """
    items = items_of(batch.entry.items)
    batch.rows.all().delete()
    counts = dict.fromkeys(RowOutcome.values, 0)
    no_data: list[str] = []
    pending: list[StockRow] = []
    shown: dict[int, dict[str, str]] = {}
    takes_hidden = bool(batch.mapping.get("takes_hidden"))
    named_by = [name for name, _ in rules_for(batch.entry).named_by]
    noted = _noting(rows, columns, named_by, shown)
    for fate in judge(batch.entry, noted, columns, on, takes_hidden=takes_hidden):
        written = shown.pop(fate.row)
        if fate.outcome == "no_data":
            no_data.append(fate.reason)
            continue
        counts[fate.outcome] += 1
        pending.append(_row(batch, fate, items, written))
        if len(pending) == _WRITE:
            StockRow.objects.bulk_create(pending)
            pending = []
    StockRow.objects.bulk_create(pending)
    batch.mapping = {**batch.mapping, "no_data": no_data[:_TOLD], "no_data_rows": len(no_data)}
    return counts


def names_of(values: Mapping[str, Any]) -> str:
    """All holders of a sound row, as its licence will name them."""
    return "、".join([values["holder_name"], *(one["name"] for one in values.get("others", ()))])


def _noting(
    rows: Iterable[NumberedRow],
    columns: Columns,
    named_by: Sequence[str],
    shown: dict[int, dict[str, str]],
) -> Iterator[NumberedRow]:
    """The rows as they come; leaves behind how the file writes what tells one from another.

    `named_by` are the kind's own columns for the names of holders.
    """
    wanted = (*_SHOWN, *named_by)
    places = {key: columns.columns[key] for key in wanted if key in columns.columns}
    for number, cells in rows:
        found = {
            key: storable(plain_text(cells[at])).removesuffix(" 00:00:00")
            if at < len(cells)
            else ""
            for key, at in places.items()
        }
        term = found.pop("term", "")
        names = [text for key in named_by if (text := found.pop(key, ""))]
        found["holder_name"] = found.get("holder_name") or "、".join(names)
        shown[number] = {"valid_from": term, "valid_until": "", **found}
        yield number, cells


def _row(
    batch: StockBatch, fate: Fate, items: Sequence[DataItem], shown: Mapping[str, str]
) -> StockRow:
    """A sound row with its values; any other with what people look it up by in the file."""
    values = fate.values
    name = names_of(values) if values else shown["holder_name"]
    return StockRow(
        batch=batch,
        row_number=fate.row,
        outcome=fate.outcome,
        fault=fate.fault or "",
        faults=[asdict(fault) for fault in fate.faults],
        reason=fate.reason,
        label=name[:200],
        values=stored(items, values)
        if values
        else {key: text[:40] for key, text in shown.items() if key != "holder_name"},
    )


def stored(items: Sequence[DataItem], values: Values) -> dict[str, Any]:
    """A sound row's values as JSON; sensitive items and personal numbers encrypted (M.26).

    What the ledger does not say and the kind has a default for, the face will say too.
    """
    number, phone = values["holder_id_number"], values.get("phone", "")
    written = {item.key: values["items"].get(item.key) or item.default for item in items}
    return {
        "items": {
            item.key: {"enc": vault.encrypt(text)} if item.is_sensitive else text
            for item in items
            if (text := written[item.key])
        },
        "number": values["number"],
        "document_name": values["document_name"],
        "document_number": values["document_number"],
        "decided_on": values["decided_on"].isoformat(),
        "valid_from": values["valid_from"].isoformat(),
        "valid_until": values["valid_until"].isoformat() if values["valid_until"] else None,
        "holder_kind": values["holder_kind"],
        "holder_name": values["holder_name"],
        "holder_id_type": values["holder_id_type"],
        "holder_id_number": {"enc": vault.encrypt(number)}
        if values["holder_id_type"] != "001" and number
        else number,
        **({"phone": {"enc": vault.encrypt(phone)}} if phone else {}),
        **({"others": [_told(one) for one in others]} if (others := values.get("others")) else {}),
        **({"operator": _told(operator)} if (operator := values.get("operator")) else {}),
    }


def _told(one: Told) -> dict[str, Any]:
    """A further holder, or a trader's operator, with the number of a person encrypted (M.26)."""
    number = one["id_number"]
    hidden = number if one["id_type"] == CREDIT_CODE_TYPE else {"enc": vault.encrypt(number)}
    return {**one, "id_number": hidden}
