"""From a frozen version to its face: OFD package, picture, reading copy, preview (M.6, S.10)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.conf import settings

from licences import data_items, values
from licences.models import Application, CatalogueEntry, LicenceVersion
from licences.production.face import catalogue as faces
from licences.production.face.inputs import CannotDraw, FaceInput, FaceItem, Mark, MarkKind
from licences.production.face.layout import place
from licences.production.face.primitives import Face
from licences.production.face.svg import picture
from licences.production.face_rules import metadata, representative_label
from licences.terms import issued_on, term_of
from licences.validity import Term
from zezhou_portal.kernel import clock, files, vault
from zezhou_portal.parties.masking import mask_identity
from zezhou_portal.regulation.errors import Fault, RuleBroken

AFTER_SEALING = "签章后生成"
NUMBER_LATER = "签发时生成"
COPY_NOTE = "本件由电子证照转换生成，视同复印件；以扫码查验结果为准"


def face_items(entry: CatalogueEntry) -> tuple[FaceItem, ...]:
    """The kind's data items as the face knows them."""
    return tuple(
        FaceItem(item.key, item.name, item.kind, item.required, item.overflow)
        for item in data_items.items_of(entry.items)
    )


def input_of(
    version: LicenceVersion,
    entry: CatalogueEntry,
    *,
    mark: Mark | None = None,
    copy_note: str = "",
) -> FaceInput:
    """What a version's face is drawn from. `entry` is the edition it was frozen under."""
    frozen = version.frozen
    items = data_items.items_of(entry.items)
    clear = values.thaw(frozen["values"])
    return FaceInput(
        kind_name=frozen["kind_name"],
        items=face_items(entry),
        values=_shown(items, clear, [holder["name"] for holder in frozen["holders"]]),
        photos=_photos(items, clear, first=version.photo_digest),
        number=frozen["number"],
        issuer=frozen["issuer"],
        issued_on=date.fromisoformat(frozen["issued_on"]),
        valid_from=_day(frozen["valid_from"]),
        valid_until=_day(frozen["valid_until"]),
        long_term=frozen["valid_until"] is None,
        identifier=version.identifier,
        check_code=version.check_code,
        verify_url=frozen["verify_url"],
        copy_note=copy_note,
        representative_label=representative_label(
            clear, [holder["kind"] for holder in frozen["holders"]]
        ),
        mark=mark,
    )


def face_of(version: LicenceVersion, entry: CatalogueEntry) -> Face:
    """The effective face of a version: same version, same edition, same face."""
    return place(entry.layout, input_of(version, entry))


def metadata_of(version: LicenceVersion, entry: CatalogueEntry) -> dict[str, str | list[str]]:
    """The metadata that travels inside the file (GB/T 36903), names in the clear."""
    frozen = version.frozen
    holders = [
        {**holder, "number": vault.decrypt(holder["number"]) if holder["number"] else ""}
        for holder in frozen["holders"]
    ]
    items = data_items.items_of(entry.items)
    return metadata(frozen, holders, version.identifier, items, values.thaw(frozen["values"]))


def _shown(
    items: Sequence[data_items.DataItem], clear: Mapping[str, str], names: Sequence[str]
) -> dict[str, str | list[str]]:
    shown: dict[str, str | list[str]] = {
        item.key: clear.get(item.key, "") for item in items if item.kind != "image"
    }
    if len(names) > 1 and "holder_name" in shown:
        shown["holder_name"] = list(names)
    return shown


def _photos(
    items: Sequence[data_items.DataItem], clear: Mapping[str, str], *, first: str = ""
) -> dict[str, bytes]:
    """The pictures by their items; `first` is the digest of the first where no value names it."""
    photos: dict[str, bytes] = {}
    for item in items:
        if item.kind == "image":
            digest, first = clear.get(item.key) or first, ""
            if digest:
                photos[item.key] = files.read(digest)
    return photos


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def preview_input(
    application: Application, *, number: str, hidden: Collection[str] = ()
) -> FaceInput:
    """What the preview of an application is drawn from: the exact final layout, marked (M.6).

    Items of `hidden` are masked, for whoever may not see them in full (M.26).
    """
    items = data_items.items_of(application.entry.items)
    captured = values.read_all(items, application.values)
    # of a picture the document keeps the digest: hidden, its place stays empty
    masked = {
        item.key: "" if item.kind == "image" else mask_identity(captured[item.key])
        for item in items
        if item.key in hidden
    }
    return unsealed_input(
        application.entry,
        {**captured, **masked},
        [holder.name for holder in application.holders],
        kinds=[holder.kind for holder in application.holders],
        number=number,
        issued_on=issued_on(application, clock.today()),
        term=term_of(application, clock.today()),
        is_long_term=application.is_long_term,
    )


def unsealed_input(
    entry: CatalogueEntry,
    captured: Mapping[str, str],
    names: Sequence[str],
    *,
    kinds: Sequence[str],
    number: str,
    issued_on: date,
    term: Term,
    is_long_term: bool,
) -> FaceInput:
    """What the face of a licence that is not sealed yet is drawn from, marked as not valid.

    `names` and `kinds` are those of the holders.
    """
    items = data_items.items_of(entry.items)
    return FaceInput(
        kind_name=entry.name,
        items=face_items(entry),
        values=_shown(items, captured, names),
        photos=_photos(items, captured),
        number=number,
        issuer=entry.issuing_department.name,
        issued_on=issued_on,
        valid_from=term.first,
        valid_until=term.last,
        long_term=is_long_term,
        identifier=AFTER_SEALING,
        check_code=AFTER_SEALING,
        verify_url=settings.PORTAL_ADDRESS.upper(),
        representative_label=representative_label(captured, kinds),
        mark=Mark(MarkKind.PREVIEW),
    )


def preview_of(application: Application, *, hidden: Collection[str] = ()) -> bytes:
    """The preview as SVG, marked 预览 未签章无效.

    Raises RuleBroken where it cannot be drawn, with a sentence for every item at fault.
    """
    number = application.licence_number or NUMBER_LATER
    return picture(_previewed(application, number, hidden), seal_png=None)


def draft_of(
    application: Application, *, hidden: Collection[str] = ()
) -> tuple[bytes | None, list[Fault]]:
    """The face of what is typed so far, as SVG, and every value that could not stand on it (M.6).

    What cannot be drawn leaves its place empty; no picture only where the rest cannot be drawn
    either. What is wrong in itself is not drawn and told elsewhere.
    """
    number = application.licence_number or NUMBER_LATER
    given = preview_input(application, number=number, hidden=hidden)
    unsound = {
        item.key
        for item in data_items.items_of(application.entry.items)
        if item.kind != "image"
        and item.key not in hidden
        and not _is_sound(item, given.values.get(item.key, ""))
    }
    given = _without(given, unsound)
    try:
        return picture(place(application.entry.layout, given), seal_png=None), []
    except CannotDraw as refusal:
        faults = list(refusal.faults)
    try:
        rest = _without(given, {fault.field for fault in faults})
        return picture(place(application.entry.layout, rest), seal_png=None), faults
    except CannotDraw:
        return None, faults


def _is_sound(item: data_items.DataItem, value: str | list[str]) -> bool:
    try:
        data_items.clean(item, value if isinstance(value, str) else "、".join(value))
    except data_items.ItemFault:
        return False
    return True


def _without(given: FaceInput, keys: set[str]) -> FaceInput:
    kept = {key: value for key, value in given.values.items() if key not in keys}
    return replace(given, values=kept, number="" if "number" in keys else given.number)


def refuse_what_cannot_be_drawn(application: Application, *, number: str) -> None:
    """Draws the face once before sign-off, so that nothing undrawable enters the register.

    Raises RuleBroken with all items at fault and a sentence each (faces: characters without a
    glyph, values too long for their place).
    """
    _previewed(application, number)


def face_faults(application: Application) -> list[Fault]:
    """Every value that could not stand on the face, while it is being captured (M.6, M.7).

    A picture is judged when it is uploaded, so none is drawn here.
    """
    given = replace(preview_input(application, number=application.licence_number), photos={})
    try:
        place(application.entry.layout, given)
    except CannotDraw as refusal:
        return list(refusal.faults)
    return []


def _previewed(application: Application, number: str, hidden: Collection[str] = ()) -> Face:
    given = preview_input(application, number=number, hidden=hidden)
    try:
        return place(application.entry.layout, given)
    except CannotDraw as refusal:
        raise RuleBroken("M.6", words_of(refusal), fields=refusal.fields) from refusal


def words_of(refusal: CannotDraw) -> str:
    """What keeps a face from being drawn; of several faults how many, and the first."""
    count = len(refusal.faults)
    return refusal.sentence if count == 1 else f"照面有 {count} 处画不出来。{refusal.sentence}"


def layout_for(type_code: str) -> tuple[dict[str, Any], str]:
    """The face template that comes with the portal for a kind, and its digest."""
    layout = faces.layout_for(type_code)
    return layout, faces.digest(layout)
