"""The specimen of a kind, drawn as its licences are: one for everybody (M.6, P.2.1.2)."""

from functools import lru_cache

from django.conf import settings

from licences import data_items
from licences.catalogue.examples import example_number
from licences.catalogue.specimen_values import specimen_photo, specimen_values
from licences.models import CatalogueEntry
from licences.production.face.inputs import FaceInput, Mark, MarkKind
from licences.production.face.layout import place
from licences.production.face.svg import picture
from licences.production.face_input import face_items, layout_for
from licences.production.face_rules import representative_label
from zezhou_portal.kernel import clock
from zezhou_portal.regulation.identifiers import LicenceIdentifier

_NO_CODE = "样例样例"
_NO_SERIAL = "000000000000"


def specimen_of(entry: CatalogueEntry) -> bytes:
    """The kind's specimen as SVG, with made-up words, marked and without a seal.

    Raises `production.face.inputs.CannotDraw` where the layout does not fit the data items. A
    published edition is frozen: it is drawn once a process, whoever asks for it how often.
    """
    return _drawn_once(_Frozen(entry)) if entry.state == "PUBLISHED" else _drawn(entry)


class _Frozen:
    """A published edition, equal to itself as long as it looks the same."""

    def __init__(self, entry: CatalogueEntry) -> None:
        self.entry = entry
        self._name = (entry.uuid, entry.layout_digest, entry.issuing_department.name)

    def __hash__(self) -> int:
        return hash(self._name)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Frozen) and self._name == other._name


@lru_cache(maxsize=64)
def _drawn_once(frozen: _Frozen) -> bytes:
    return _drawn(frozen.entry)


def _drawn(entry: CatalogueEntry) -> bytes:
    items, issuer = data_items.items_of(entry.items), entry.issuing_department
    first = clock.beijing_day(entry.published_at) if entry.published_at else clock.today()
    last = entry.term_rule.last_day(first)
    given = FaceInput(
        kind_name=entry.name,
        items=face_items(entry),
        values=specimen_values(items, entry.holder_kind),
        photos={item.key: specimen_photo() for item in face_items(entry) if item.kind == "image"},
        number=example_number(entry.number_rule, items, first.year) or "样例编号",
        issuer=issuer.name,
        issued_on=first,
        valid_from=first,
        valid_until=last,
        long_term=last is None,
        identifier=str(
            LicenceIdentifier(entry.type_code, issuer.credit_code, _NO_SERIAL, version=1)
        ),
        check_code=_NO_CODE,
        verify_url=f"{settings.PORTAL_ADDRESS}/catalogue/{entry.type_code}/".upper(),
        representative_label=representative_label({}),
        mark=Mark(MarkKind.SPECIMEN),
    )
    layout = entry.layout or layout_for(entry.type_code)[0]
    return picture(place(layout, given), seal_png=None)
