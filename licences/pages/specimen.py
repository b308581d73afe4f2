"""The specimen of a kind: its face with invented words, marked, without a seal (M.6, P.2.1.2)."""

from datetime import date, timedelta
from functools import lru_cache
from io import BytesIO

from PIL import Image

from licences.face.catalogue import layout_for
from licences.face.inputs import FaceInput, FaceItem, Mark, MarkKind
from licences.face.layout import place
from licences.face.svg import picture
from licences.models import CatalogueEntry
from licences.rules.data_items import DataItem, items_of
from zezhou_portal.kernel.clock import beijing_day

_UNKNOWN = "×"
_GREY = (216, 213, 204)
_DAY = date(2026, 1, 1)


def specimen_of(entry: CatalogueEntry, address: str) -> bytes:
    """The specimen as SVG; its code leads to `address`, the page of the kind.

    Raises `licences.face.inputs.CannotDraw` where the layout does not fit the data items.
    """
    return _drawn(_Key(entry), address)


class _Key:
    """An edition, equal to itself once published: editions are frozen."""

    def __init__(self, entry: CatalogueEntry) -> None:
        self.entry = entry
        self._name = (entry.uuid, entry.edition, entry.state, entry.layout_digest)

    def __hash__(self) -> int:
        return hash(self._name)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self._name == other._name


@lru_cache(maxsize=64)
def _drawn(key: _Key, address: str) -> bytes:
    entry = key.entry
    items = items_of(entry.items)
    issued = beijing_day(entry.published_at) if entry.published_at else _DAY
    face_input = FaceInput(
        kind_name=entry.name,
        items=tuple(FaceItem(one.key, one.name, one.kind, required=one.required) for one in items),
        values={one.key: _value(one, issued) for one in items},
        photo=_blank_photo() if any(one.kind == "image" for one in items) else None,
        number=_UNKNOWN * 8,
        issuer=entry.issuing_department.name,
        issued_on=issued,
        valid_from=issued,
        valid_until=_last_day(issued, entry.validity_years),
        long_term=entry.validity_years is None,
        identifier=_UNKNOWN * 24,
        check_code=_UNKNOWN * 8,
        verify_url=address,
        mark=Mark(MarkKind.SPECIMEN),
    )
    return picture(place(entry.layout or layout_for(entry.type_code), face_input), seal_png=None)


def _value(item: DataItem, day: date) -> str:
    match item.kind:
        case "choice":
            return item.choices[0]
        case "date":
            return day.isoformat()
        case "datetime":
            return f"{day.isoformat()}T09:30"
        case "credit_code" | "citizen_id":
            return _UNKNOWN * 18
        case "number":
            return _UNKNOWN * 3
        case "image":
            return ""
        case _:
            return (item.default or _UNKNOWN * 6)[: item.max_length]


@lru_cache(maxsize=1)
def _blank_photo() -> bytes:
    """An even grey of a passport photo's shape: nobody's face."""
    file = BytesIO()
    Image.new("RGB", (350, 450), _GREY).save(file, "PNG")
    return file.getvalue()


def _last_day(first: date, years: int | None) -> date | None:
    if years is None:
        return None
    day = min(first.day, 28)  # a date that every year has
    return first.replace(year=first.year + years, day=day) - timedelta(days=1)
