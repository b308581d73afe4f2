"""Changing a holder: their name, their telephone, a number for one who had none (M.3, M.26)."""

from collections.abc import Mapping

from audit.trail.recording import Act, acting
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.kernel.locks import lock
from zezhou_portal.kernel.names import bigrams
from zezhou_portal.parties.access import permit
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.parties.holders import selectors as find
from zezhou_portal.parties.holders.operators import (
    Operator,
    know_operator,
    operator_faults,
    operator_told,
    rename_trading_as,
)
from zezhou_portal.parties.holders.services import NOT_YOURS, check_holder
from zezhou_portal.parties.models import Holder
from zezhou_portal.parties.notices import texts
from zezhou_portal.parties.notices.services import tell_holder
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.errors import NotPermitted, RuleBroken
from zezhou_portal.regulation.identifiers import normalise_code

TWO_HANDS = (
    "这位持证人不是您的单位登记的。名称和电话由您提出，您单位另一个人确认后才变更；"
    "在“变更持证人信息”页提出。"
)


def change_holder(
    *,
    actor: Actor,
    holder: Holder,
    name: str,
    identity_type: str = "",
    identity_number: str = "",
    phone: str = "",
    operator: Operator | None = None,
) -> Holder:
    """Changes a holder's name, phone, or gives a number to one who had none.

    By the department that entered them; any other that has dealt with them proposes it to a
    second person (`proposing`), and only tells a sole trader's operator where nobody knew one. A
    number that is there is not replaced: another number is another holder. The holder is told.
    Article: M.3, M.26.
    """
    with acting(actor, Action.HOLDER_CHANGED, holder.subject) as act:
        permit(actor, Capability.ENTER_HOLDERS)
        if not find.holders_dealt_with_by(actor).filter(pk=holder.pk).exists():
            raise NotPermitted(Capability.ENTER_HOLDERS.value, NOT_YOURS)
        row = lock(Holder.objects.all(), pk=holder.pk)
        told = {
            "name": " ".join(name.split()),
            "identity_type": identity_type,
            "identity_number": normalise_code(identity_number),
            "phone": "".join(phone.split()),
        }
        stands = [row.name, row.identity_number, row.phone]
        is_same = stands == [told["name"], told["identity_number"], told["phone"]]
        if row.same_as_id is None and not is_same and not may_change_alone(actor, row):
            raise NotPermitted(Capability.ENTER_HOLDERS.value, TWO_HANDS)
        apply_change(act, row, **told, operator=operator)
    return row


def may_change_alone(actor: Actor, holder: Holder) -> bool:
    """Whether a holder's name and telephone need no second person: one's own department's."""
    own = actor.department_id
    return own is not None and holder.entered_by_department_id == own


def apply_change(
    act: Act,
    row: Holder,
    *,
    name: str,
    identity_type: str,
    identity_number: str,
    phone: str,
    operator: Operator | None = None,
) -> None:
    """Puts a change into a locked holder and tells the holder; belongs to the caller's act."""
    if row.same_as_id is not None:
        raise RuleBroken("M.3", "这份登记已经和另一位持证人认定为同一人，请变更那一位的信息。")
    number = identity_number
    told = operator_told(row.kind, operator)
    more = operator_faults(told, is_asked=operator is not None)
    _check_change(row, name, identity_type, number, phone, more)
    before = (row.name, row.phone)
    if number:
        _give_number(row, identity_type, number)
        act.secret("identity_number", f"{identity_type}:{number}")
    if row.name != name:
        act.secret("name_before", row.name)
        act.secret("name_after", name)
        rename_trading_as(act, row, name)
        row.name, row.name_bigrams = name, bigrams(name)
    if row.phone != phone:
        act.secret("phone_before", row.phone)
        act.secret("phone_after", phone)
        row.phone, row.phone_index = phone, find.phone_index(phone)
    row.save()
    know_operator(act, row, told, is_new=False)
    _tell_of_change(act.actor, row, *before)


def change_faults(
    holder: Holder, *, name: str, identity_type: str, identity_number: str, phone: str
) -> None:
    """What is wrong with a change that is only proposed; empty is unchanged.

    Raises FormFault with a sentence at its field. Article: M.3.
    """
    _check_change(
        holder,
        name or holder.name,
        identity_type or holder.identity_type,
        identity_number or holder.identity_number,
        phone or holder.phone,
        {},
    )


def _check_change(
    row: Holder,
    name: str,
    identity_type: str,
    number: str,
    phone: str,
    more: Mapping[str, str],
) -> None:
    reason = "" if number or row.identity_number or row.outside_subject else "仍无号码"
    subject = row.outside_subject or ("" if number else row.identity_index or "")
    check_holder(row.kind, name, identity_type, number, subject, reason, phone, more)


def _tell_of_change(actor: Actor, row: Holder, name: str, phone: str) -> None:
    """The holder, at the old number and at the new one, and when they sign in (ours, M.26)."""
    what = [
        words
        for words, before, after in (
            ("名称或姓名", name, row.name), ("联系电话", phone, row.phone),
        )
        if before != after
    ]  # fmt: skip
    if not what:
        return
    now = clock.now()
    moment = f"{now.astimezone(clock.BEIJING):%m月%d日 %H:%M}"
    words = (
        f"{actor.department_name}于 {moment} 变更了您在泽州县电子证照门户登记的"
        f"{'和'.join(what)}。不是您要求的，请马上打 12345。"
    )
    key = f"holder_changed:{row.uuid}:{now.timestamp()}"
    texts.write(
        [texts.Text(f"{key}:{place}", one, words) for place, one in enumerate({phone, row.phone})]
    )
    tell_holder(
        holder=row,
        action=Action.HOLDER_CHANGED,
        title=f"您登记的{'和'.join(what)}已变更",
        body=words,
        key=key,
    )


def _give_number(row: Holder, identity_type: str, number: str) -> None:
    if row.identity_number:
        if (row.identity_type, row.identity_number) == (identity_type, number):
            return
        sentence = "证件号码不能改。号码不同就是另一位持证人，请另行登记。"
        raise RuleBroken("M.3", sentence, fields={"identity_number": sentence})
    other = find.holder_with_identity(identity_type, number)
    if other is not None:
        sentence = (
            "这个号码已经登记在另一位持证人名下。请核对证件；是同一个人的，"
            "到这位持证人的“与另一人是同一人”办认定。"
        )
        raise RuleBroken("M.3", sentence, fields={"identity_number": sentence})
    row.identity_type, row.identity_number = identity_type, number
    row.identity_index = find.identity_index(identity_type, number)
