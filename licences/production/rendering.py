"""A version's face as a picture for the desk: drawn from the frozen version, never from a file."""

from contextlib import suppress
from dataclasses import replace

from licences import data_items
from licences.models import CatalogueEntry, LicenceVersion
from licences.production.face.inputs import CannotDraw, FaceInput, Mark, MarkKind
from licences.production.face.layout import place
from licences.production.face.pdf import reading_copy
from licences.production.face.primitives import Face
from licences.production.face.svg import picture
from licences.production.face_input import COPY_NOTE, input_of
from zezhou_portal.kernel import files
from zezhou_portal.parties.masking import mask_identity

_MARKED_NOTES = (
    f"加注件　{{words}}　{COPY_NOTE}",
    "加注件　{words}　打印或者转换后视同复印件",
    "{words}　视同复印件",
)
_TEXTS = frozenset({"text", "long_text", "citizen_id", "identity_number", "credit_code"})


def entry_of(version: LicenceVersion) -> CatalogueEntry:
    """The edition that a version was frozen under."""
    return CatalogueEntry.objects.select_related("issuing_department").get(
        uuid=version.frozen["entry"]
    )


def sensitive_keys(version: LicenceVersion, entry: CatalogueEntry) -> list[str]:
    """The personal items of a version that hold a value, in the order of the kind (M.22, M.26)."""
    stored = version.frozen["values"]
    return [
        item.key
        for item in data_items.items_of(entry.items)
        if item.is_sensitive and stored.get(item.key)
    ]


def pages_of(version: LicenceVersion, entry: CatalogueEntry) -> int:
    """How many pages the face has; none where it cannot be drawn."""
    try:
        return len(place(entry.layout, _shown(version, entry, whole=False)).pages)
    except CannotDraw:
        return 0


def picture_of(
    version: LicenceVersion, entry: CatalogueEntry, *, page: int = 0, whole: bool = False
) -> bytes:
    """One page of the face as SVG, with the seal's impression once the file is sealed.

    A version that still waits for its file is drawn as the preview, marked and without a seal.
    Personal values are masked unless `whole`. Raises CannotDraw, IndexError for a page that
    is not there.
    """
    face = place(entry.layout, _shown(version, entry, whole=whole))
    return picture(face, seal_png=_impression(version), page=page)


def copy_of(version: LicenceVersion, entry: CatalogueEntry) -> bytes:
    """The reading copy as PDF: same face, says in its foot that it is a copy (S.10)."""
    face = place(entry.layout, input_of(version, entry, copy_note=COPY_NOTE))
    return reading_copy(face, seal_png=_impression(version))


def marked_copy_of(
    version: LicenceVersion, entry: CatalogueEntry, *, words: str, address: str
) -> bytes:
    """A purpose-marked copy as PDF: `words` across the face, its code leads to `address` (S.10).

    Raises CannotDraw for words with a character that has no glyph.
    """
    face = marked_face_of(version, entry, words=words, address=address)
    return reading_copy(face, seal_png=_impression(version))


def marked_face_of(
    version: LicenceVersion, entry: CatalogueEntry, *, words: str, address: str
) -> Face:
    """The face of a purpose-marked copy; its foot says for what and until when, to be read
    aloud and found, since what lies across the face is a drawing. Raises CannotDraw.
    """
    given = input_of(version, entry, mark=Mark(MarkKind.COPY, words))
    *longer, shortest = (form.format(words=words) for form in _MARKED_NOTES)
    for note in longer:
        with suppress(CannotDraw):  # the foot of a small page has room for fewer words
            return place(entry.layout, replace(given, verify_url=address, copy_note=note))
    return place(entry.layout, replace(given, verify_url=address, copy_note=shortest))


def _impression(version: LicenceVersion) -> bytes | None:
    return files.read(version.seal_use.seal.impression_digest) if version.is_made else None


def _shown(version: LicenceVersion, entry: CatalogueEntry, *, whole: bool) -> FaceInput:
    mark = None if version.is_made else Mark(MarkKind.PREVIEW)
    given = input_of(version, entry, mark=mark)
    if whole:
        return given
    kinds = {item.key: item.kind for item in given.items}
    shown: dict[str, str | list[str]] = dict(given.values)
    for key in sensitive_keys(version, entry):
        text = shown.get(key)
        if isinstance(text, str):
            # what is no text cannot be drawn with stars in it, so it stays empty
            shown[key] = mask_identity(text) if kinds[key] in _TEXTS else ""
    return replace(given, values=shown)
