"""Licences of any kind, entered by the one way in and sealed by the worker."""

import io
from datetime import date
from typing import Any

from PIL import Image

from audit.deadlines.services.clocks import arm
from licences.data_items import items_of
from licences.models import CatalogueEntry, Licence
from licences.register import producing
from licences.register.entering import NewLicence, enter_many
from tests.cast import Cast
from tests.factories.catalogue import entry_of
from tests.factories.parties import HolderFactory, citizen_id, credit_code
from zezhou_portal.kernel import clock, files
from zezhou_portal.regulation.limits import GENERATION_ONLINE

NUMBER = "JY21405250000014"
NOODLES = "泽州县金村镇常氏面馆"
FOOD = {
    "legal_representative": "侯㛃",
    "address": "山西省晋城市泽州县金村镇府东街6号",
    "premises": "山西省晋城市泽州县金村镇府东街6号一层",
    "main_business": "餐饮服务经营者",
    "business_items": "热食类食品制售；自制饮品制售",
    "supervisor": "泽州县市场监督管理局金村市场监督管理所",
    "hotline": "12315",
}
VETERAN = citizen_id(501)


def entered(
    cast: Cast, entry: CatalogueEntry, place: str, values: dict[str, str], **changes: Any
) -> Licence:
    """A licence that the signatory signed off and that waits for its file."""
    signatory = cast.account(f"{place}.signatory")
    given = {
        "number": NUMBER,
        "values": values,
        "issued_on": clock.today(),
        "valid_from": clock.today(),
        "valid_until": date(2036, 1, 1),
        **changes,
    }
    (licence,) = enter_many(
        actor=cast.actor(f"{place}.signatory"),
        entry=entry,
        items=items_of(entry.items),
        new=[NewLicence(**given)],
        signed_off_by_id=signatory.pk,
        signed_off_by_name=signatory.name,
    )
    arm(entry.issuing_department, "M.9", GENERATION_ONLINE, licence.subject, clock.now())
    return licence


def food(
    cast: Cast,
    place: str = "market",
    *,
    name: str = NOODLES,
    serial: int = 7,
    entry: CatalogueEntry | None = None,
    **changes: Any,
) -> Licence:
    """食品经营许可证 of an enterprise, awaiting its file."""
    entry = entry or entry_of("食品经营许可证", cast.departments[place])
    code = credit_code(serial)
    holder = HolderFactory(name=name, enterprise=True, identity_number=code)
    values = {**FOOD, "holder_name": name, "credit_code": code}
    return entered(cast, entry, place, values, holders=[holder], **changes)


def veteran(cast: Cast, place: str = "market") -> Licence:
    """退役军人优待证 of a person: number and photo are personal."""
    entry = entry_of("退役军人优待证", cast.departments[place])
    holder = HolderFactory(name="常建国", identity_number=VETERAN)
    photo = io.BytesIO()
    Image.new("RGB", (350, 450), "#b7c4cc").save(photo, "JPEG")
    digest = files.store(photo.getvalue())
    values = {"holder_name": "常建国", "citizen_id": VETERAN, "photo": digest}
    return entered(
        cast, entry, place, values,
        holders=[holder], number="晋优000501", photo_digest=digest, valid_until=None,
    )  # fmt: skip


def produced(licence: Licence) -> Licence:
    """The same licence with its sealed file, in force."""
    producing.produce_waiting()
    licence.refresh_from_db()
    if licence.state != "IN_FORCE":
        raise AssertionError(licence.versions.get().last_error)
    return licence
