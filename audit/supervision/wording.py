"""What records name by key, in words: holders, copies, messages, kinds, data items (M.25).

The trail holds keys and codes, never names (decision 0004). A page of records is read with a fixed
number of questions to the register; a name that the register no longer has stays a number.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from audit.supervision.things import name_shown
from audit.trail.selectors import Record
from audit.trail.vocabulary.reading import facts_in_words
from licences.data_items import items_of
from licences.models import Application, CatalogueEntry, Licence, StockBatch
from usage.models import PurposeCopy
from zezhou_portal.exchange.models import Outbound
from zezhou_portal.parties.models import Account, Department, Holder, Mandate

_WITH_ITEMS: Mapping[str, "QuerySet[Any]"] = {
    "application": Application.objects.select_related("entry"),
    "licence": Licence.objects.select_related("entry"),
}


@dataclass(frozen=True)
class Wording:
    """The names of what some records speak of."""

    names: Mapping[str, str]
    items: Mapping[tuple[str, str], Mapping[str, str]]

    def facts(self, record: Record) -> list[str]:
        """Every fact of a record by its name, each value in words."""
        items = self.items.get((record.subject_kind, record.subject_key), {})
        found = facts_in_words(record.subject_kind, record.facts, items, self.names)
        return [f"{name}：{value}" for name, value in found if value]


def wording_of(records: Sequence[Record]) -> Wording:
    """The names of all that the records speak of, asked for together."""
    texts = {text for record in records for text in _texts(record.facts)}
    keys = [key for key in map(_uuid, texts) if key is not None]
    names = {
        **_kinds(texts),
        **_departments(texts),
        **(_named(keys) if keys else {}),
    }
    return Wording(names, _items(records))


def _texts(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            for one in value.values():
                yield from _texts(one)
        case list():
            for one in value:
                yield from _texts(one)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if len(text) == 36 else None
    except ValueError:
        return None


def _named(keys: Sequence[UUID]) -> dict[str, str]:
    """Names by key; of people as much as an auditor is shown."""
    found = {str(one.uuid): name_shown(one) for one in Holder.objects.filter(uuid__in=keys)}
    for licence in Licence.objects.filter(uuid__in=keys):
        found[str(licence.uuid)] = f"{licence.kind_name} {licence.number}"
    for application in Application.objects.filter(uuid__in=keys):
        found[str(application.uuid)] = application.number
    for row in PurposeCopy.objects.filter(uuid__in=keys):
        found[str(row.uuid)] = f"用途“{row.purpose}”的加注件"
    for message in Outbound.objects.filter(uuid__in=keys).defer("content"):
        found[str(message.uuid)] = f"{message.subject_label}的推送"
    for batch in StockBatch.objects.filter(uuid__in=keys):
        found[str(batch.uuid)] = batch.file_name
    for account in Account.objects.filter(uuid__in=keys):
        found[str(account.uuid)] = account.name
    for mandate in Mandate.objects.filter(uuid__in=keys):
        found[str(mandate.uuid)] = mandate.get_kind_display()
    return found


def _kinds(texts: Iterable[str]) -> dict[str, str]:
    codes = [text for text in texts if len(text) == 21]
    rows = CatalogueEntry.objects.filter(type_code__in=codes) if codes else ()
    return {row.type_code: row.name for row in rows}


def _departments(texts: Iterable[str]) -> dict[str, str]:
    codes = [text for text in texts if len(text) == 18]
    rows = Department.objects.filter(credit_code__in=codes) if codes else ()
    return {row.credit_code: row.name for row in rows}


def _items(records: Sequence[Record]) -> dict[tuple[str, str], dict[str, str]]:
    """The names of the data items of each licence and application spoken of."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    for kind, every in _WITH_ITEMS.items():
        keys = {_uuid(one.subject_key) for one in records if one.subject_kind == kind} - {None}
        rows = every.filter(uuid__in=keys) if keys else ()
        for row in rows:
            found[kind, str(row.uuid)] = {one.key: one.name for one in items_of(row.entry.items)}
    return found
