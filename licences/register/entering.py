"""Entering licences in the register: the one way in, for an application and for a permit sheet.

Runs inside the caller's act. Each licence gets its identifier, its frozen first version, the
approval of its sealing (S.12), its history of states and the clock of M.9; what is left for a
worker is the file.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import connection

from licences import values
from licences.data_items import DataItem
from licences.models import (
    Application,
    CatalogueEntry,
    Licence,
    LicenceHolder,
    LicenceOrigin,
    LicenceStatus,
    LicenceVersion,
)
from licences.production.face_rules import seal_misfit
from seals.custody.selectors import live_seal
from seals.models import Seal, SealUse
from seals.use.sealing import approve_uses
from zezhou_portal.kernel import clock, vault
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.kernel.names import bigrams
from zezhou_portal.kernel.subjects import Subject
from zezhou_portal.parties.models import Department, Holder
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.errors import RuleBroken
from zezhou_portal.regulation.identifiers import LicenceIdentifier

# Without 0 O 1 I, so that it can be read out and typed in (faces.md 7).
CHECK_CODE_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


@dataclass(frozen=True, kw_only=True)
class NewLicence:
    """Everything a licence is entered with; `values` are in the clear."""

    number: str
    holders: Sequence[Holder]
    values: Mapping[str, str]
    issued_on: date
    valid_from: date | None
    valid_until: date | None
    origin: str = LicenceOrigin.NEW
    application: Application | None = None
    photo_digest: str = ""
    has_gaps: bool = False
    names: Sequence[str] = ()
    remarks: Mapping[str, Any] = field(default_factory=dict)

    @property
    def holder_names(self) -> list[str]:
        """The names that the licence carries: those on the paper where it was stock."""
        return list(self.names) or [holder.name for holder in self.holders]


@dataclass(frozen=True)
class Signature:
    """Who signed off, and when."""

    account_id: int
    name: str
    at: datetime


def seal_for(entry: CatalogueEntry) -> Seal:
    """The seal that the kind's licences are sealed with today.

    Raises RuleBroken with the sentence for the desk where there is none, or where it is not of
    the size that the kind's face keeps free for it.
    """
    seal = live_seal(entry.issuing_department_id, entry.seal_kind, clock.now())
    if seal is None:
        name = entry.issuing_department.name
        raise RuleBroken("M.13", f"{name}没有可用的电子印章，不能签发。请找印章保管人。")
    if misfit := seal_misfit(entry.layout, seal.name, seal.width_mm, seal.height_mm):
        raise RuleBroken("M.13", misfit)
    return seal


def enter_many(
    *,
    actor: Actor,
    entry: CatalogueEntry,
    items: Sequence[DataItem],
    new: Sequence[NewLicence],
    signed_off_by_id: int,
    signed_off_by_name: str,
) -> list[Licence]:
    """Enters licences of one kind, all or none, with a fixed number of statements.

    Article: M.6, M.7, S.12.
    """
    now = clock.now()
    department = entry.issuing_department
    seal = seal_for(entry)
    rows = [
        _licence(entry, department, one, serial, now)
        for one, serial in zip(new, _serials(len(new), now), strict=True)
    ]
    Licence.objects.bulk_create(rows, batch_size=500)
    LicenceHolder.objects.bulk_create(
        LicenceHolder(licence=row, holder=holder, place=place)
        for row, one in zip(rows, new, strict=True)
        for place, holder in enumerate(one.holders)
    )
    LicenceStatus.objects.bulk_create(
        LicenceStatus(licence=row, state=row.state, since=now, act=Action.LICENCE_ISSUED.code)
        for row in rows
    )
    uses = approve_uses(
        actor=actor,
        seal=seal,
        subjects=[Subject("licence_version", row.identifier, row.kind_name) for row in rows],
    )
    by = Signature(signed_off_by_id, signed_off_by_name, now)
    LicenceVersion.objects.bulk_create(
        _first_version(entry, items, row, one, use, by)
        for row, one, use in zip(rows, new, uses, strict=True)
    )
    return rows


def _first_version(
    entry: CatalogueEntry,
    items: Sequence[DataItem],
    row: Licence,
    one: NewLicence,
    use: SealUse,
    by: Signature,
) -> LicenceVersion:
    """What was signed off, frozen, with the code that its face will carry."""
    code = check_code()
    return LicenceVersion(
        licence=row,
        no=1,
        identifier=row.identifier,
        check_code=code,
        frozen=freeze(entry, items, row, one, code),
        photo_digest=one.photo_digest,
        layout_digest=entry.layout_digest,
        seal_use=use,
        signed_off_by_id=by.account_id,
        signed_off_by_name=by.name,
        signed_off_at=by.at,
        due_at=by.at,
    )


def verify_url(serial: str, code: str) -> str:
    """The address on the face: upper case, so that the QR code stays small (alphanumeric mode)."""
    return f"{settings.PORTAL_ADDRESS}/V/{serial}/{code}".upper()


def check_code() -> str:
    """Eight random characters kept with the version: forty bits, never derived from data."""
    return "".join(secrets.choice(CHECK_CODE_ALPHABET) for _ in range(8))


def freeze(
    entry: CatalogueEntry,
    items: Sequence[DataItem],
    row: Licence,
    one: NewLicence,
    code: str,
) -> dict[str, Any]:
    """Everything the face is drawn from, once and for good."""
    department = entry.issuing_department
    return {
        "entry": str(entry.uuid),
        "kind_name": entry.name,
        "type_code": entry.type_code,
        "number": row.number,
        "issuer": department.name,
        "issuer_code": department.credit_code,
        "issued_on": one.issued_on.isoformat(),
        "valid_from": one.valid_from.isoformat() if one.valid_from else None,
        "valid_until": one.valid_until.isoformat() if one.valid_until else None,
        "verify_url": verify_url(row.stem.rsplit(".", 1)[1], code),
        "values": values.freeze(items, one.values),
        "holders": [
            {
                "name": name,
                "kind": holder.kind,
                "type": holder.identity_type,
                "number": vault.encrypt(holder.identity_number) if holder.identity_number else "",
            }
            for holder, name in zip(one.holders, one.holder_names, strict=True)
        ],
        "remarks": dict(one.remarks),
    }


def _licence(
    entry: CatalogueEntry, department: Department, one: NewLicence, serial: str, now: datetime
) -> Licence:
    identifier = LicenceIdentifier(entry.type_code, department.credit_code, serial, 1)
    names = "、".join(one.holder_names)
    return Licence(
        stem=identifier.stem,
        identifier=str(identifier),
        number=one.number,
        entry=entry,
        type_code=entry.type_code,
        kind_name=entry.name,
        issuing_department=department,
        origin=one.origin,
        holder_names=names,
        name_bigrams=bigrams(names),
        issued_on=one.issued_on,
        valid_from=one.valid_from,
        valid_until=one.valid_until,
        has_gaps=one.has_gaps,
        application=one.application,
        entered_at=now,
    )


def _serials(count: int, now: datetime) -> list[str]:
    """Serial parts of identifiers: the year and a running number, free of personal data."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('licences_serial_seq') FROM generate_series(1, %s)", [count])
        numbers = [row[0] for row in cursor.fetchall()]
    return [f"{clock.beijing_day(now).year}{number:08}" for number in numbers]
