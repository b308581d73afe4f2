"""What an application still lacks, item by item, by the rules that sign-off relies on (M.7)."""

from collections.abc import Sequence

from licences import data_items, roles, values
from licences.applications.materials import material_faults
from licences.applications.prefilling import parties_of
from licences.catalogue import numbering
from licences.models import Application
from licences.production.face_input import face_faults
from licences.register.selectors import BUSINESS_LICENCE
from licences.terms import is_offline, term_faults
from zezhou_portal.regulation.errors import Fault, FaultKind


def faults_of(application: Application, *, with_face: bool = True) -> list[Fault]:
    """Everything that keeps an application from being submitted.

    What would not stand on the face is told too, and whether the representative is the one that
    the register knows, unless a list asks: that takes a drawing and a look into the register.

    Field names are data item keys and `licence_number`, `valid_from`, `valid_until`,
    `holders`, `material-` with a material's key; in the order of the form, one fault a field.
    """
    items = data_items.items_of(application.entry.items)
    captured = values.read_all(items, application.values)
    of_holders = _holder_faults(items, captured, application, with_register=with_face)
    faults = [fault for fault in of_holders if fault.field == "holders"]
    faults += _item_faults(items, captured)
    faults += of_holders
    if types_number(application) and not application.licence_number.strip():
        paper = "纸质证照上的" if is_offline(application) else ""
        sentence = f"还没有填{paper}证照编号"
        faults.append(Fault("licence_number", FaultKind.MISSING, sentence))
    faults += term_faults(application)
    faults += material_faults(application, with_licences=with_face)
    if with_face:
        faults += _face_faults(items, application)
    return _first_of_each(faults)


def types_number(application: Application) -> bool:
    """Whether a clerk types the number: by the kind's rule, and where the paper has one (M.9)."""
    rule = numbering.rule_of(application.entry.number_rule)
    return rule == "typed" or (rule == "generated" and is_offline(application))


def _first_of_each(faults: Sequence[Fault]) -> list[Fault]:
    """One fault a field: what is wrong in itself comes before what differs elsewhere."""
    first: dict[str, Fault] = {}
    for fault in faults:
        first.setdefault(fault.field, fault)
    return list(first.values())


def _item_faults(items: Sequence[data_items.DataItem], captured: dict[str, str]) -> list[Fault]:
    faults = []
    for item in items:
        text = captured[item.key]
        if not text:
            if item.required:
                faults.append(data_items.missing(item))
            continue
        try:
            data_items.clean(item, text)
        except data_items.ItemFault as fault:
            faults.append(fault.at(item.key))
    return faults


def _face_faults(items: Sequence[data_items.DataItem], application: Application) -> list[Fault]:
    fields = {item.key: item.key for item in items} | {"number": "licence_number"}
    return [
        Fault(fields[fault.field], fault.kind, fault.sentence.rstrip("。"))
        for fault in face_faults(application)
        if fault.field in fields
    ]


def _holder_faults(
    items: Sequence[data_items.DataItem],
    captured: dict[str, str],
    application: Application,
    *,
    with_register: bool,
) -> list[Fault]:
    """What names a holder on the face must name the holders entered (M.7).

    The business licence itself is what tells who represents its enterprise.
    """
    holders = application.holders
    if not holders:
        return [Fault("holders", FaultKind.MISSING, "还没有选持证人")]
    asks = with_register and application.entry.type_code != BUSINESS_LICENCE
    parties = parties_of(items, holders, with_register=asks)
    faults = roles.disagreements(items, captured, parties)
    if sentence := roles.count_fault(items, len(holders)):
        faults.append(Fault("holders", FaultKind.CONTRADICTS, sentence))
    return faults
