"""The face that a sound row of a permit sheet would get, for the eye before sign-off (M.10)."""

from datetime import date

from licences.data_items import items_of
from licences.models import StockRow
from licences.production.face.inputs import CannotDraw
from licences.production.face.layout import place
from licences.production.face.svg import picture
from licences.production.face_input import unsealed_input, words_of
from licences.roles import Part, role_of
from licences.stock.people import name_shown, people_of
from licences.validity import Term
from zezhou_portal.kernel import vault
from zezhou_portal.parties.masking import mask_identity, mask_name
from zezhou_portal.parties.models import HolderKind
from zezhou_portal.regulation.errors import RuleBroken

_TEXTS = frozenset({"text", "long_text", "citizen_id", "identity_number"})


def face_of(row: StockRow) -> bytes:
    """The face as SVG, marked as not valid, personal values masked (M.26).

    Raises RuleBroken for a row that will be no licence or whose face cannot be drawn.
    """
    values, entry = row.values, row.batch.entry
    if row.outcome != "convert" or values is None:
        raise RuleBroken("M.10", "这一行不会成为证照，没有照面。")
    people, last = people_of(values), values["valid_until"]
    is_of_persons = all(one.kind == HolderKind.NATURAL_PERSON for one in people)
    clear = {}
    for item in items_of(entry.items):
        text = values["items"].get(item.key, "")
        if isinstance(text, dict):
            hidden = mask_identity(vault.decrypt(text["enc"]))
            text = hidden if item.kind in _TEXTS else ""
        elif is_of_persons and role_of(item).part is Part.NAME:
            text = "、".join(mask_name(name) for name in text.split("、"))
        clear[item.key] = text
    given = unsealed_input(
        entry,
        clear,
        [name_shown(one) for one in people],
        kinds=[one.kind for one in people],
        number=values["number"],
        issued_on=date.fromisoformat(values["decided_on"]),
        term=Term(
            date.fromisoformat(values["valid_from"]), date.fromisoformat(last) if last else None
        ),
        is_long_term=last is None,
    )
    try:
        return picture(place(entry.layout, given), seal_png=None)
    except CannotDraw as refusal:
        raise RuleBroken("M.6", words_of(refusal)) from refusal
