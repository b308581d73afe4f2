"""Changing somebody else's holder: proposed by one official, confirmed by another (M.3, M.26).

The department that entered a holder changes their name and telephone itself. Any other that has
dealt with them takes two people (ours): a code by text, a reminder, a letter follow the telephone,
so whoever changes it alone could take a citizen's place.
"""

from django.db import IntegrityError
from django.urls import reverse

from audit.trail.recording import Act, acting
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.kernel.locks import lock
from zezhou_portal.parties.access import account_of, on_duty, permit
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.parties.holders import selectors as find
from zezhou_portal.parties.holders.changing import apply_change, change_faults
from zezhou_portal.parties.holders.services import NOT_YOURS
from zezhou_portal.parties.lifecycle import HOLDER_CHANGE
from zezhou_portal.parties.models import Holder, HolderChange
from zezhou_portal.parties.notices.services import tell
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.errors import FormFault, NotPermitted, RuleBroken
from zezhou_portal.regulation.identifiers import normalise_code

_MOST = 200


def propose_change(
    *,
    actor: Actor,
    holder: Holder,
    name: str = "",
    identity_type: str = "",
    identity_number: str = "",
    phone: str = "",
) -> HolderChange:
    """Says what is to change of a holder whom another department entered; empty is unchanged.

    Raises RuleBroken with a sentence at its field. Article: M.3, M.26.
    """
    with acting(actor, Action.HOLDER_CHANGE_PROPOSED, holder.subject) as act:
        permit(actor, Capability.ENTER_HOLDERS)
        account, department = on_duty(actor)
        if not find.holders_dealt_with_by(actor).filter(pk=holder.pk).exists():
            raise NotPermitted(Capability.ENTER_HOLDERS.value, NOT_YOURS)
        told = {
            "name": " ".join(name.split()),
            "identity_type": identity_type if identity_number.strip() else "",
            "identity_number": normalise_code(identity_number),
            "phone": "".join(phone.split()),
        }
        if not any(told.values()):
            sentence = "什么都没有填，没有要变更的内容。"
            raise FormFault("M.3", sentence, fields={"name": sentence})
        change_faults(holder, **told)
        try:
            row = HolderChange.objects.create(
                holder=holder,
                department_id=department,
                proposed_by_id=account,
                proposed_by_name=actor.name,
                proposed_at=clock.now(),
                **told,
            )
        except IntegrityError as error:
            sentence = "这位持证人已经提出过变更，正等确认。请先确认或撤回那一次。"
            raise RuleBroken("M.3", sentence) from error
        _note(act, row)
        _tell_confirmers(row)
    return row


def confirm_change(*, actor: Actor, change: HolderChange) -> HolderChange:
    """Changes the holder as proposed, by another person of the department; the holder is told.

    Article: M.3, M.26.
    """
    with acting(actor, Action.HOLDER_CHANGED, change.subject) as act:
        row = _decided(actor, change, "confirm")
        holder = lock(Holder.objects.all(), pk=row.holder_id)
        apply_change(
            act,
            holder,
            name=row.name or holder.name,
            identity_type=row.identity_type or holder.identity_type,
            identity_number=row.identity_number or holder.identity_number,
            phone=row.phone or holder.phone,
        )
        act.note("proposed_by", str(row.proposed_by.uuid))
        row.save()
        _tell_proposer(row, Action.HOLDER_CHANGED, "持证人信息已变更", "已按您提出的变更。")
    return row


def decline_change(*, actor: Actor, change: HolderChange, remarks: str) -> HolderChange:
    """Leaves the holder as they are. Article: M.3."""
    with acting(actor, Action.HOLDER_CHANGE_DECLINED, change.subject) as act:
        row = _decided(actor, change, "decline")
        row.remarks = " ".join(remarks.split())[:_MOST]
        if not row.remarks:
            sentence = "还没有写为什么不予变更。"
            raise FormFault("M.3", sentence, fields={"remarks": sentence})
        row.save()
        act.secret("reason", row.remarks)
        body = f"{row.decided_by_name}：“{row.remarks}”"
        _tell_proposer(row, Action.HOLDER_CHANGE_DECLINED, "持证人信息没有变更", body)
    return row


def withdraw_change(*, actor: Actor, change: HolderChange) -> HolderChange:
    """Takes a proposal back, before anybody has decided on it. Article: M.3."""
    with acting(actor, Action.HOLDER_CHANGE_WITHDRAWN, change.subject):
        permit(actor, Capability.ENTER_HOLDERS, change.department_id)
        row = _moved(actor, change, "withdraw")
        row.save()
    return row


def _decided(actor: Actor, change: HolderChange, verb: str) -> HolderChange:
    permit(actor, Capability.CONFIRM_HOLDERS, change.department_id)
    row = _moved(actor, change, verb)
    if row.proposed_by_id == actor.account_id:
        raise RuleBroken("M.3", "这是您自己提出的，要由另一个人确认。请交给其他审核员。")
    return row


def _moved(actor: Actor, change: HolderChange, verb: str) -> HolderChange:
    """The proposal, locked, with what becomes of it and by whom; not saved yet."""
    rows = HolderChange.objects.select_related("holder", "department", "proposed_by")
    row = lock(rows, pk=change.pk)
    row.state = HOLDER_CHANGE.move(row.state, verb)
    row.decided_by_id, row.decided_by_name = account_of(actor), actor.name
    row.decided_at = clock.now()
    return row


def _note(act: Act, row: HolderChange) -> None:
    if row.name:
        act.secret("name_after", row.name)
    if row.phone:
        act.secret("phone_after", row.phone)
    if row.identity_number:
        act.secret("identity_number", f"{row.identity_type}:{row.identity_number}")


def _tell_confirmers(row: HolderChange) -> None:
    tell(
        department=row.department,
        capability=Capability.CONFIRM_HOLDERS,
        action=Action.HOLDER_CHANGE_PROPOSED,
        title="有一位持证人的信息变更待确认",
        body=f"{row.proposed_by_name}提出，请核对材料后确认或不予变更。",
        link=reverse("parties:holder-change", args=[row.uuid]),
        subject=row.subject,
    )


def _tell_proposer(row: HolderChange, action: Action, title: str, body: str) -> None:
    tell(
        account=row.proposed_by,
        department=row.department,
        action=action,
        title=title,
        body=body,
        link=reverse("parties:holder-change", args=[row.uuid]),
        subject=row.subject,
    )
