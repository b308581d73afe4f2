"""What an application still lacks, item by item, by the rules that sign-off relies on (M.7)."""

from collections.abc import Sequence

from licences import data_items, values
from licences.applications.materials import material_faults
from licences.catalogue import numbering
from licences.models import Application
from licences.production.face_input import face_faults
from licences.terms import is_offline, term_faults
from zezhou_portal.parties.models import Holder, IdentityType
from zezhou_portal.regulation.errors import Fault, FaultKind


def faults_of(application: Application, *, with_face: bool = True) -> list[Fault]:
    """Everything that keeps an application from being submitted.

    What would not stand on the face is told too, unless a list asks: that takes a drawing.

    Field names are data item keys and `licence_number`, `valid_from`, `valid_until`,
    `holders`, `material-` with a material's key; in the order of the form, one fault a field.
    """
    items = data_items.items_of(application.entry.items)
    captured = values.read_all(items, application.values)
    holders = application.holders
    faults: list[Fault] = []
    if not holders:
        faults.append(Fault("holders", FaultKind.MISSING, "还没有选持证人"))
    faults += _item_faults(items, captured)
    faults += _holder_faults(items, captured, holders)
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
    items: Sequence[data_items.DataItem], captured: dict[str, str], holders: Sequence[Holder]
) -> list[Fault]:
    """The values that name the holder must be those of the holder entered (M.7)."""
    keys = {item.key for item in items}
    faults = []
    names = "、".join(holder.name for holder in holders)
    if "holder_name" in keys and captured["holder_name"] and captured["holder_name"] != names:
        sentence = f"与选定的持证人（{names}）不一致。请改正，或另选持证人"
        faults.append(Fault("holder_name", FaultKind.CONTRADICTS, sentence))
    code = next(
        (h.identity_number for h in holders if h.identity_type == IdentityType.CREDIT_CODE), ""
    )
    if code and captured.get("credit_code") and captured["credit_code"] != code:
        sentence = "与选定持证人登记的统一社会信用代码不一致。请核对"
        faults.append(Fault("credit_code", FaultKind.CONTRADICTS, sentence))
    number = next(
        (h.identity_number for h in holders if h.identity_type == IdentityType.CITIZEN_ID), ""
    )
    if number and captured.get("citizen_id") and captured["citizen_id"] != number:
        sentence = "与选定持证人登记的公民身份号码不一致。请核对"
        faults.append(Fault("citizen_id", FaultKind.CONTRADICTS, sentence))
    return faults
