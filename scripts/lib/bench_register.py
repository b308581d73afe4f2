"""Licences to measure with: the sample sheet's sound rows, entered as a sheet enters them."""

from collections.abc import Iterator
from datetime import date
from itertools import count, islice

from django.conf import settings

from audit.trail.recording import acting
from licences.data_items import items_of
from licences.models import CatalogueEntry, Licence, LicenceOrigin
from licences.register.entering import NewLicence, enter_many
from licences.stock import judged_rows
from licences.stock.sheets.headings import guess_mapping
from licences.stock.sheets.judging import Values
from licences.stock.sheets.reading import open_sheet
from zezhou_portal.kernel.actors import Actor, ActorKind, Channel
from zezhou_portal.kernel.names import bigrams
from zezhou_portal.kernel.subjects import Subject
from zezhou_portal.parties.holders.selectors import identity_index
from zezhou_portal.parties.models import Account, Holder
from zezhou_portal.regulation.actions import Action

KIND = "食品经营许可证"
SHEET = settings.BASE_DIR / "sample_county" / "stock" / "food-licences-gb18030.csv"
JUDGED_ON = date(2026, 11, 24)
_AT_ONCE = 200


def entry() -> CatalogueEntry:
    """The published edition of the measured kind."""
    return CatalogueEntry.objects.select_related("issuing_department").get(
        name=KIND, state="PUBLISHED"
    )


def _sound_rows(kind: CatalogueEntry) -> list[Values]:
    sheet = open_sheet(SHEET, SHEET.name)
    columns = guess_mapping(sheet.headings, judged_rows.rules_for(kind).item_names)
    fates = judged_rows.judge(kind, sheet.rows(), columns, JUDGED_ON)
    return [fate.values for fate in fates if fate.values is not None]


def _endless(kind: CatalogueEntry, mark: str) -> Iterator[tuple[str, Values]]:
    """The rows over and over, each time under numbers that were not given yet."""
    rows = _sound_rows(kind)
    for turn in count():
        for row in rows:
            yield f"{row['number']}-{mark}{turn}", row


def enter(total: int, *, mark: str) -> list[Licence]:
    """Enters that many licences, each waiting for its file, in chunks as a sheet does."""
    kind, signatory = entry(), Account.objects.get(username="approval.signatory")
    department = kind.issuing_department
    actor = Actor(
        kind=ActorKind.OFFICIAL,
        key=str(signatory.uuid),
        name=signatory.name,
        role="签发人",
        account_id=signatory.pk,
        department_id=department.pk,
        department_code=department.credit_code,
        department_name=department.name,
        channel=Channel.TASK,
    )
    entered: list[Licence] = []
    rows = islice(_endless(kind, mark), total)
    while chunk := list(islice(rows, _AT_ONCE)):
        with acting(actor, Action.ROW_CONVERTED, Subject("bench", mark, "bench")):
            entered += enter_many(
                actor=actor,
                entry=kind,
                items=items_of(kind.items),
                new=[_new(number, row) for number, row in chunk],
                signed_off_by_id=signatory.pk,
                signed_off_by_name=signatory.name,
            )
    return entered


def _new(number: str, row: Values) -> NewLicence:
    return NewLicence(
        number=number,
        holders=[_holder(row)],
        names=[row["holder_name"]],
        values=row["items"],
        issued_on=row["decided_on"],
        valid_from=row["valid_from"],
        valid_until=row["valid_until"],
        origin=LicenceOrigin.STOCK,
        remarks={
            "document_name": row["document_name"],
            "document_number": row["document_number"],
        },
    )


def _holder(row: Values) -> Holder:
    index = identity_index(row["holder_id_type"], row["holder_id_number"])
    holder, _ = Holder.objects.get_or_create(
        identity_index=index,
        defaults={
            "kind": row["holder_kind"],
            "name": row["holder_name"],
            "name_bigrams": bigrams(row["holder_name"]),
            "identity_type": row["holder_id_type"],
            "identity_number": row["holder_id_number"],
        },
    )
    return holder
