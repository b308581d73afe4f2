"""The approval bureau with its people, its seal and the kind that the sample sheets hold."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from licences.models import CatalogueEntry, StockBatch
from licences.production.face.catalogue import layout_for
from licences.stock import checking
from tests.cast import Cast
from tests.factories.seals import seal_of
from zezhou_portal.kernel import clock

SAMPLE = Path(__file__).parents[3] / "sample_county"
ISSUER = "1114052529141777X1"
ON = date(2026, 11, 24)
LARGE = "food-licences-gb18030.csv"
SMALL = "food-licences-utf8.csv"


@pytest.fixture
def cast(db: None) -> Cast:
    """The people of the tests; the bureau under the credit code that the sheets name."""
    made = Cast()
    made.bureau.credit_code = ISSUER
    made.bureau.save(update_fields=["credit_code"])
    seal_of(made.bureau)
    return made


@pytest.fixture
def entry(cast: Cast) -> CatalogueEntry:
    """食品经营许可证, published by the bureau."""
    return published("食品经营许可证", cast)


def published(name: str, cast: Cast) -> CatalogueEntry:
    """A kind of the sample county as a published entry of the bureau."""
    kinds = json.loads((SAMPLE / "catalogue.json").read_text(encoding="utf-8"))
    kind: dict[str, Any] = next(one for one in kinds if one["name"] == name)
    return CatalogueEntry.objects.create(
        type_code=kind["code"],
        name=kind["name"],
        state="PUBLISHED",
        issuing_department=cast.bureau,
        holder_kind=kind["holder"],
        validity_years=kind.get("validity_years"),
        items=kind["items"],
        number_rule=kind["number"],
        layout=layout_for(kind["code"]),
        published_at=clock.now(),
    )


def answers(stem: str) -> list[dict[str, Any]]:
    """The answers beside a sample sheet, row by row."""
    text = (SAMPLE / "stock" / f"{stem}.answers.json").read_text(encoding="utf-8")
    rows: list[dict[str, Any]] = json.loads(text)["rows"]
    return rows


def content(name: str) -> bytes:
    """The bytes of a sample sheet."""
    return (SAMPLE / "stock" / name).read_bytes()


def checked(cast: Cast, entry: CatalogueEntry, name: str = SMALL, data: bytes = b"") -> StockBatch:
    """A sheet that the bureau's clerk took in and had checked on the day of the answers."""
    clerk = cast.actor("bureau.clerk")
    batch = checking.take_in(actor=clerk, entry=entry, file_name=name, data=data or content(name))
    return checking.check(actor=clerk, batch=batch, on=ON)


def signed_off(
    cast: Cast, entry: CatalogueEntry, name: str = SMALL, data: bytes = b""
) -> StockBatch:
    """A sheet that the bureau's signatory signed off."""
    batch = checked(cast, entry, name, data)
    checking.submit(actor=cast.actor("bureau.clerk"), batch=batch)
    return checking.sign_off(actor=cast.actor("bureau.signatory"), batch=batch)
