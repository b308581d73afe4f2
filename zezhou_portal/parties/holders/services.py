"""Holders: entered once, found again by their identity, changed on the record (M.3)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from audit.trail.recording import acting, record
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.kernel.names import normalise_name
from zezhou_portal.kernel.subjects import Subject
from zezhou_portal.parties.access import permit
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.parties.holders import selectors as find
from zezhou_portal.parties.holders.identity_rules import identity_fault, type_fits_kind
from zezhou_portal.parties.holders.operators import (
    Operator,
    know_operator,
    operator_faults,
    operator_told,
)
from zezhou_portal.parties.holders.renaming import name_change
from zezhou_portal.parties.holders.rows import columns_of, known_row, make_row
from zezhou_portal.parties.models import Holder, HolderKind, IdentityType
from zezhou_portal.parties.phones import phone_fault
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.errors import FormFault, RuleBroken
from zezhou_portal.regulation.identifiers import is_trader_code, normalise_code

OTHER_NAME = (
    "这个号码已经登记在另一个名称下。请对照证件核对名称和号码；"
    "确实改过名的，请登记过或办过其证照的单位先变更持证人信息。"
)
NOT_YOURS = "这位持证人不是您的单位登记的，您的单位也没有其办件或证照，不能变更。"


@dataclass(frozen=True)
class Entered:
    """The holder, and whether the portal knew them before."""

    holder: Holder
    was_known: bool


def enter_holder(
    *,
    actor: Actor,
    kind: str,
    name: str,
    identity_type: str = "",
    identity_number: str = "",
    outside_subject: str = "",
    no_number_reason: str = "",
    phone: str = "",
    operator: Operator | None = None,
) -> Entered:
    """Enters a holder, or gives the one whom the identity names already.

    A holder has a number, or an outside subject, or a reason for having neither (a newborn). The
    same identity under another name is refused: one of the two is wrong. A sole trader without a
    trade name carries its operator's. Raises RuleBroken with a sentence for each field.
    Article: M.3.
    """
    with acting(actor, Action.HOLDER_ENTERED) as act:
        permit(actor, Capability.ENTER_HOLDERS)
        name, phone = " ".join(name.split()), "".join(phone.split())
        told = operator_told(kind, operator)
        name = name or told.name
        number = normalise_code(identity_number)
        subject = outside_subject.strip()
        more = operator_faults(told)
        check_holder(kind, name, identity_type, number, subject, no_number_reason, phone, more)
        known = known_row(identity_type, number, subject)
        if known is None:
            reason = "" if number or subject else no_number_reason.strip()[:100]
            rest = {
                **columns_of(kind, name, identity_type, number, phone),
                "no_number_reason": reason,
                "entered_by_department_id": actor.department_id,
            }
            holder, was_known = make_row(identity_type, number, subject, rest)
        else:
            holder, was_known = known, True
        if was_known:
            _check_same(actor, holder, kind, name)
        act.set_subject(holder.subject)
        know_operator(act, holder, told, is_new=not was_known)
        act.note("was_known", was_known)
        act.note("identity_type", holder.identity_type)
        if number:
            act.secret("identity_number", f"{identity_type}:{number}")
        elif not subject:
            act.secret("no_number_reason", holder.no_number_reason)
    return Entered(holder, was_known)


def known_or_entered(
    *,
    kind: str,
    name: str,
    identity_type: str = "",
    identity_number: str = "",
    outside_subject: str = "",
    phone: str = "",
) -> Entered:
    """The holder whom an identity names, else a new one with what an identity service told.

    Asks for no capability and compares no names: belongs to the act of a sign-in, which does.
    Raises RuleBroken for an identity that cannot be right. Article: M.3.
    """
    name, number = " ".join(name.split()), normalise_code(identity_number)
    check_holder(kind, name, identity_type, number, outside_subject, "", phone)
    known = known_row(identity_type, number, "" if number else outside_subject)
    if known is not None:
        return Entered(known, was_known=True)
    rest = columns_of(kind, name, identity_type, number, phone)
    holder, was_known = make_row(identity_type, number, outside_subject, rest)
    return Entered(holder, was_known)


def person_named(*, name: str, citizen_id: str, fields: tuple[str, str]) -> Entered:
    """The natural person whom a citizen id number names, entered where nobody knows them yet.

    Belongs to the caller's act. `fields` are the names of the two fields, for the sentences. One
    and the same sentence for every way in which name and number do not agree, so that it tells
    nobody under which name a number is known. Article: M.3, M.20.
    """
    name, number = " ".join(name.split()), normalise_code(citizen_id)
    kind, type_ = HolderKind.NATURAL_PERSON.value, IdentityType.CITIZEN_ID.value
    faults: dict[str, str] = {}
    if not name or len(name) > 200:
        faults[fields[0]] = "还没有填姓名。" if not name else "姓名最多 200 个字。"
    if fault := identity_fault(type_, number) if number else "还没有填公民身份号码":
        faults[fields[1]] = f"{fault}。"
    if faults:
        raise FormFault("M.20", "没有办成，请改好标出的地方。", fields=faults)
    holder, was_known = find.holder_with_identity(type_, number), True
    if holder is None:
        holder, was_known = make_row(type_, number, "", columns_of(kind, name, type_, number, ""))
    if holder.kind != kind or normalise_name(holder.name) != normalise_name(name):
        sentence = "姓名和公民身份号码对不上。请对照身份证，把两项都再核一遍。"
        raise RuleBroken("M.20", sentence, fields={fields[1]: sentence})
    return Entered(holder, was_known)


def forget_holders(holders: Sequence[Holder]) -> int:
    """Erases holders who stand in no application and hold no licence; gives how many.

    Whoever has signed in or acts for somebody is known for other reasons and stays. Belongs to the
    act that ends the need for them: an application that touches a state secret. Article: M.3.
    """
    keys = [holder.pk for holder in holders]
    idle = Holder.objects.filter(
        pk__in=keys,
        application_links__isnull=True,
        licence_links__isnull=True,
        real_name_checks__isnull=True,
        mandates_given__isnull=True,
        mandates_held__isnull=True,
        also__isnull=True,
        trading_as__isnull=True,
        merges__isnull=True,
        merges_into__isnull=True,
    )
    erased, _ = idle.delete()
    return erased


def search_holders(*, actor: Actor, text: str, identity_type: str = "") -> Sequence[Holder]:
    """Holders whom a number or a phone names exactly, else those whose name holds the text.

    Whoever was found to be somebody else is given as that one. The search itself is on the
    record. Article: M.25.
    """
    permit(actor, Capability.ENTER_HOLDERS)
    number = normalise_code(text)
    types = [identity_type] if identity_type else [one.value for one in IdentityType]
    indexes = [find.identity_index(one, number) for one in types] if number else []
    found = (
        list(Holder.objects.filter(identity_index__in=indexes))
        or list(find.holders_with_phone(text))
        or find.holders_named(text)
    )
    known = find.as_they_stay(found)
    subject = Subject("holders", "search")
    record(actor, Action.HOLDERS_SEARCHED, subject, {"found": len(known)})
    return known


def _check_same(actor: Actor, holder: Holder, kind: str, name: str) -> None:
    if holder.kind != kind:
        sentence = f"这个号码登记的是{holder.get_kind_display()}。请核对类别和号码。"
        raise FormFault("M.3", sentence, fields={"kind": sentence})
    if normalise_name(holder.name) != normalise_name(name):
        offer = name_change(actor, holder.identity_type, holder.identity_number, name)
        sentence = offer.sentence if offer else OTHER_NAME
        raise RuleBroken("M.3", sentence, fields={"name": sentence})


def check_holder(
    kind: str,
    name: str,
    identity_type: str,
    number: str,
    outside_subject: str,
    no_number_reason: str,
    phone: str,
    more: Mapping[str, str] | None = None,
) -> None:
    """What is told of a holder: a sentence at every field that is wrong. Raises FormFault (M.3)."""
    fields: dict[str, str] = dict(more or {})
    if kind not in HolderKind.values:
        fields["kind"] = "请选持证人类别。"
    if not name:
        fields["name"] = "还没有填名称。"
    elif len(name) > 200:
        fields["name"] = f"名称最多 200 个字，现在是 {len(name)} 个。"
    if number:
        fields |= _identity_faults(kind, identity_type, number)
    elif not outside_subject and not no_number_reason.strip():
        fields["identity_number"] = "还没有填证件号码。没有号码的，请写明原因。"
    if phone and (fault := phone_fault(phone)):
        fields["phone"] = fault
    if fields:
        raise FormFault("M.3", "持证人没有登记，请改好标出的地方。", fields=fields)


def _identity_faults(kind: str, identity_type: str, number: str) -> dict[str, str]:
    if identity_type not in IdentityType.values:
        return {"identity_type": "请选证件类型。"}
    if kind in HolderKind.values and not type_fits_kind(identity_type, kind):
        label = IdentityType(identity_type).label
        return {"identity_type": f"{HolderKind(kind).label}不用“{label}”。请换证件类型或类别。"}
    if fault := identity_fault(identity_type, number):
        return {"identity_number": fault}
    is_trader = kind == HolderKind.SOLE_TRADER
    if identity_type != IdentityType.CREDIT_CODE or is_trader_code(number) == is_trader:
        return {}
    if is_trader:
        return {"identity_number": "个体工商户的统一社会信用代码以 92 开头。请核对类别和号码。"}
    return {"kind": "这个号码是个体工商户的（以 92 开头），请把类别选为“个体工商户”。"}
