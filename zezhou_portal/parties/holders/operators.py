"""The natural person who does a sole trader's business (Civil Code art. 54, M.3)."""

from dataclasses import dataclass

from audit.trail.recording import Act, concealed
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.kernel.locks import lock_all
from zezhou_portal.kernel.names import bigrams, normalise_name
from zezhou_portal.parties.holders import selectors as find
from zezhou_portal.parties.holders.identity_rules import identity_fault, type_fits_kind
from zezhou_portal.parties.holders.rows import columns_of, known_row, make_row
from zezhou_portal.parties.models import Holder, HolderKind, IdentityType
from zezhou_portal.regulation.errors import RuleBroken
from zezhou_portal.regulation.identifiers import normalise_code


@dataclass(frozen=True)
class Operator:
    """Who does a sole trader's business, as somebody types them; nothing where it is not told."""

    name: str = ""
    identity_type: str = IdentityType.CITIZEN_ID.value
    number: str = ""


def operator_told(kind: str, operator: Operator | None) -> Operator:
    """The operator as it is stored; nobody for a holder who is no sole trader."""
    if kind != HolderKind.SOLE_TRADER or operator is None:
        return Operator()
    number = normalise_code(operator.number)
    return Operator(" ".join(operator.name.split()), operator.identity_type, number)


def operator_faults(operator: Operator, *, is_asked: bool = False) -> dict[str, str]:
    """What is wrong with an operator as typed; the number may be left out, not the name alone.

    `is_asked`: both, where nothing but the operator is told.
    """
    if not operator.number:
        return {"operator_number": "还没有填经营者的证件号码。"} if is_asked else {}
    fields = {}
    if not operator.name:
        fields["operator_name"] = "还没有填经营者的姓名。"
    if not type_fits_kind(operator.identity_type, HolderKind.NATURAL_PERSON.value):
        fields["operator_type"] = "经营者是自然人，请选个人的证件类型。"
    elif fault := identity_fault(operator.identity_type, operator.number):
        fields["operator_number"] = fault
    return fields


def _check_may_tell(actor: Actor, trader: Holder) -> None:
    """Who does the business of a trader that stands is told by whoever has dealt with it."""
    if not find.holders_dealt_with_by(actor).filter(pk=trader.pk).exists():
        sentence = (
            "这个个体工商户不是您的单位登记的，经营者请登记过或办过其证照的单位补登。"
            "收件时直接选用，不用填经营者。"
        )
        raise RuleBroken("M.3", sentence, fields={"operator_number": sentence})


def know_operator(act: Act, trader: Holder, operator: Operator, *, is_new: bool) -> None:
    """Keeps who does a sole trader's business, entered where nobody knows them yet.

    One sentence for every way in which name and number do not agree (`person_named`).
    """
    if not operator.number:
        return
    if trader.operator is None and not is_new:
        _check_may_tell(act.actor, trader)
    person, was_known = known_row(operator.identity_type, operator.number, ""), True
    if person is None:
        kind = HolderKind.NATURAL_PERSON.value
        told = columns_of(kind, operator.name, operator.identity_type, operator.number, "")
        person, was_known = make_row(operator.identity_type, operator.number, "", told)
    if normalise_name(person.name) != normalise_name(operator.name):
        sentence = "经营者的姓名和证件号码对不上。请对照证件，把两项都再核一遍。"
        raise RuleBroken("M.3", sentence, fields={"operator_number": sentence})
    if trader.operator_id not in {None, person.pk}:
        sentence = "这个个体工商户登记的经营者是另一个人。请对照营业执照核对。"
        raise RuleBroken("M.3", sentence, fields={"operator_number": sentence})
    trader.operator = person
    trader.save(update_fields=["operator"])
    act.note("operator", str(person.uuid))
    if not was_known:
        facts = {"was_known": False, "identity_type": person.identity_type}
        act.add_record(person.subject, facts)


def rename_trading_as(act: Act, operator: Holder, name: str) -> None:
    """Sole traders without a trade name carry their operator's name, also a new one."""
    traders = Holder.objects.filter(operator=operator, name=operator.name)
    for row in lock_all(traders):
        told = {"name_before": concealed(row.name), "name_after": concealed(name)}
        row.name, row.name_bigrams = name, bigrams(name)
        row.save(update_fields=["name", "name_bigrams"])
        act.add_record(row.subject, told)
