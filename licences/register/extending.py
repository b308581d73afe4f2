"""Extending a licence's term: a new version, sealed anew, in force once its file is made (M.8).

A version is never edited. Until the new file is confirmed the present version stands as it is;
what the new one changes waits in it. The desk for this act, with the two hands of a change
request, comes with the issue on licence life.
"""

from datetime import date, datetime
from typing import Any

from audit.deadlines.services.clocks import arm_many
from audit.trail.recording import acting
from licences.lifecycle import LICENCE
from licences.models import CatalogueEntry, Licence, LicenceVersion
from licences.register.entering import check_code, seal_for, verify_url
from seals.use.sealing import approve_uses
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.kernel.locks import lock
from zezhou_portal.kernel.subjects import Subject
from zezhou_portal.kernel.wake import wake
from zezhou_portal.parties.access import account_of, permit
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.errors import FormFault, RuleBroken
from zezhou_portal.regulation.identifiers import LicenceIdentifier
from zezhou_portal.regulation.numbers import limits_on


def extend(*, actor: Actor, licence: Licence, valid_until: date, document: str) -> LicenceVersion:
    """Signs off a later last day: a version that waits for its file, the seal's use approved.

    The licence moves on when the worker has made the file (`producing.confirm`), and is told to
    the city in the same act. Raises RuleBroken with a sentence at its field. Article: M.8.
    """
    with acting(actor, Action.LICENCE_EXTENDED, licence.subject) as act:
        permit(actor, Capability.CHANGE_LICENCES, licence.issuing_department_id)
        rows = Licence.objects.select_related("issuing_department", "entry__issuing_department")
        row = lock(rows, pk=licence.pk)
        LICENCE.move(row.state, "extend")
        _check(row, valid_until, document)
        version = _next_version(actor, row, valid_until, document.strip()[:200])
        act.fact("valid_until", str(row.valid_until or ""), valid_until.isoformat())
        act.note("version", version.no)
        act.secret("document", document.strip())
        signed_off_at = version.signed_off_at
        limit = limits_on(clock.beijing_day(signed_off_at)).generation_online
        arm_many(row.issuing_department, "M.9", limit, [row.subject], signed_off_at)
        wake("licences.produce_waiting")
    return version


def _check(row: Licence, valid_until: date, document: str) -> None:
    fields = {}
    if row.valid_until is None:
        raise RuleBroken("M.8", "这份证照长期有效，不用延期。")
    if valid_until <= max(row.valid_until, clock.today()):
        words = f"新的有效期至要晚于今天，也要晚于原来的 {row.valid_until:%Y-%m-%d}"
        fields["valid_until"] = words
    if not document.strip():
        fields["document"] = "还没有填决定书文号"
    if fields:
        raise FormFault("M.8", "没有延期，请改好标出的地方。", fields=fields)
    if row.versions.filter(is_made=False).exists():
        raise RuleBroken("M.8", "上一个版本还在制证，做好以后再延期。")


def _next_version(actor: Actor, row: Licence, valid_until: date, document: str) -> LicenceVersion:
    """The next version: what the present one says, with the new term and a code of its own.

    `document` is the decision it rests on, kept with the version and off the trail.
    """
    present = LicenceVersion.objects.get(licence=row, no=row.version_no)
    entry = CatalogueEntry.objects.select_related("issuing_department").get(
        uuid=present.frozen["entry"]
    )
    # a version that was signed off and never made keeps its number
    number = row.versions.order_by("-no").values_list("no", flat=True)[0] + 1
    serial = row.stem.rsplit(".", 1)[1]
    identifier = str(
        LicenceIdentifier(row.type_code, row.issuing_department.credit_code, serial, number)
    )
    code, now = check_code(), clock.now()
    (use,) = approve_uses(
        actor=actor,
        seal=seal_for(entry),
        subjects=[Subject("licence_version", identifier, row.kind_name)],
    )
    return LicenceVersion.objects.create(
        licence=row,
        no=number,
        identifier=identifier,
        check_code=code,
        frozen={
            **_frozen(present.frozen, valid_until, verify_url(serial, code), now),
            "document": document,
        },
        photo_digest=present.photo_digest,
        layout_digest=present.layout_digest,
        seal_use=use,
        signed_off_by_id=account_of(actor),
        signed_off_by_name=actor.name,
        signed_off_at=now,
        due_at=now,
    )


def _frozen(
    present: dict[str, Any], valid_until: date, address: str, now: datetime
) -> dict[str, Any]:
    return {
        **present,
        "verb": "extend",
        "issued_on": clock.beijing_day(now).isoformat(),
        "valid_until": valid_until.isoformat(),
        "verify_url": address,
    }
