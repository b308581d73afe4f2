"""Holders found to be one person: proposed by one official, confirmed by another (M.3).

For somebody who was entered without a number, a newborn above all, and is known by a number under
another row by now. Nothing is rewritten and nothing deleted: the row without a number is from then
on the same as the one that stays, and whatever asks what somebody holds asks for both.
"""

from django.db import IntegrityError
from django.urls import reverse

from audit.trail.recording import Act, acting
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.kernel.locks import lock, lock_all
from zezhou_portal.kernel.names import normalise_name
from zezhou_portal.parties.access import account_of, on_duty, permit
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.parties.holders import selectors as find
from zezhou_portal.parties.holders.services import NOT_YOURS
from zezhou_portal.parties.lifecycle import MERGE
from zezhou_portal.parties.models import Holder, HolderMerge
from zezhou_portal.parties.notices.services import tell
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.errors import FormFault, NotPermitted, RuleBroken
from zezhou_portal.regulation.identifiers import normalise_code

_MOST = 200
_DISAGREE = "没有用这个证件号码和名称登记的持证人。请对照证件核对；还没有登记的，先登记。"


def propose_merge(
    *,
    actor: Actor,
    holder: Holder,
    identity_type: str,
    identity_number: str,
    name: str,
    ground: str,
) -> HolderMerge:
    """Says that a holder without a number is the one whom number and name name.

    For a department that has dealt with the holder. One sentence for every way in which number
    and name do not agree, so that it tells nobody under which name a number is known. Raises
    RuleBroken with a sentence at its field. Article: M.3, M.26.
    """
    with acting(actor, Action.MERGE_PROPOSED, holder.subject) as act:
        permit(actor, Capability.ENTER_HOLDERS)
        account, department = on_duty(actor)
        if not find.holders_dealt_with_by(actor).filter(pk=holder.pk).exists():
            raise NotPermitted(Capability.ENTER_HOLDERS.value, NOT_YOURS)
        ground = " ".join(ground.split())
        staying = _named(identity_type, identity_number, name)
        _check(ground, staying)
        merged, other = _locked(holder, staying)
        _check_may_merge(merged, other)
        try:
            row = HolderMerge.objects.create(
                merged=merged,
                staying=other,
                ground=ground,
                department_id=department,
                proposed_by_id=account,
                proposed_by_name=actor.name,
                proposed_at=clock.now(),
            )
        except IntegrityError as error:
            raise RuleBroken("M.3", "这位持证人已经提出过认定，正等确认。") from error
        _tell_both(act, row)
        act.secret("ground", ground)
        _tell_confirmers(row)
    return row


def confirm_merge(*, actor: Actor, merge: HolderMerge) -> HolderMerge:
    """Finds that the two are one: the one without a number is the same as the one who stays.

    By another person of the department than who proposed it. Article: M.3.
    """
    with acting(actor, Action.MERGE_CONFIRMED, merge.subject) as act:
        permit(actor, Capability.CONFIRM_HOLDERS, merge.department_id)
        row = _moved(actor, merge, "confirm")
        _check_other_person(actor, row)
        merged, staying = _locked(row.merged, row.staying)
        _check_may_merge(merged, staying)
        # whoever was found to be the merged one before is the one who stays as well
        Holder.objects.filter(same_as=merged).update(same_as=staying)
        merged.same_as = staying
        merged.save(update_fields=["same_as"])
        row.save()
        _tell_both(act, row)
        _tell_proposer(
            row,
            "已认定为同一持证人",
            "两份登记已经合在一起，证照都在一个人名下。市平台退回过其证照的，"
            "请到“与市平台往来”改正后另报。",
        )
    return row


def decline_merge(*, actor: Actor, merge: HolderMerge, remarks: str) -> HolderMerge:
    """Finds that the two are not shown to be one; nothing else changes. Article: M.3."""
    with acting(actor, Action.MERGE_DECLINED, merge.subject) as act:
        permit(actor, Capability.CONFIRM_HOLDERS, merge.department_id)
        row = _moved(actor, merge, "decline")
        _check_other_person(actor, row)
        row.remarks = " ".join(remarks.split())[:_MOST]
        if not row.remarks:
            sentence = "还没有写为什么不予认定。"
            raise FormFault("M.3", sentence, fields={"remarks": sentence})
        row.save()
        _tell_both(act, row)
        act.secret("reason", row.remarks)
        _tell_proposer(row, "没有认定为同一持证人", f"{row.decided_by_name}：“{row.remarks}”")
    return row


def withdraw_merge(*, actor: Actor, merge: HolderMerge) -> HolderMerge:
    """Takes a mistaken proposal back, before anybody has decided on it. Article: M.3."""
    with acting(actor, Action.MERGE_WITHDRAWN, merge.subject) as act:
        permit(actor, Capability.ENTER_HOLDERS, merge.department_id)
        row = _moved(actor, merge, "withdraw")
        row.save()
        _tell_both(act, row)
    return row


def _named(identity_type: str, number: str, name: str) -> Holder | None:
    """The holder of a number, where the name is theirs too."""
    found = find.holder_with_identity(identity_type, number) if normalise_code(number) else None
    if found is None or normalise_name(found.name) != normalise_name(name):
        return None
    return found


def _check(ground: str, staying: Holder | None) -> None:
    fields = {}
    if staying is None:
        fields["identity_number"] = _DISAGREE
    if not ground:
        fields["ground"] = "还没有写依据，例如：户口簿、出生医学证明第 T140525001 号。"
    elif len(ground) > _MOST:
        fields["ground"] = f"依据最多 {_MOST} 个字，现在是 {len(ground)} 个。"
    if fields:
        raise FormFault("M.3", "没有提出，请改好标出的地方。", fields=fields)


def _check_may_merge(merged: Holder, staying: Holder) -> None:
    if merged.same_as_id is not None:
        raise RuleBroken("M.3", "这位持证人已经认定为另一位持证人，不用再办。")
    if merged.identity_number:
        raise RuleBroken("M.3", "这位持证人有自己的证件号码。号码不同就是两位持证人，不能认定。")
    if merged.outside_subject:
        sentence = "这位持证人由外部身份标识认定，请本人用证件实名登录一次，系统自动认定。"
        raise RuleBroken("M.3", sentence)
    if merged.kind != staying.kind:
        sentence = (
            f"一位是{merged.get_kind_display()}，另一位是{staying.get_kind_display()}，不能认定。"
        )
        raise RuleBroken("M.3", sentence)


def _locked(merged: Holder, staying: Holder | None) -> tuple[Holder, Holder]:
    """Both rows, locked in one order; who stays is never somebody who was merged."""
    keys = [merged.pk, staying.pk if staying else 0]
    rows = {row.pk: row for row in lock_all(Holder.objects.filter(pk__in=keys))}
    return rows[keys[0]], rows[keys[1]]


def _moved(actor: Actor, merge: HolderMerge, verb: str) -> HolderMerge:
    """The proposal, locked, with what becomes of it and by whom; not saved yet."""
    row = lock(HolderMerge.objects.select_related("merged", "staying", "department"), pk=merge.pk)
    row.state = MERGE.move(row.state, verb)
    row.decided_by_id, row.decided_by_name = account_of(actor), actor.name
    row.decided_at = clock.now()
    return row


def _check_other_person(actor: Actor, row: HolderMerge) -> None:
    if row.proposed_by_id == actor.account_id:
        raise RuleBroken("M.3", "这是您自己提出的，要由另一个人确认。请交给其他审核员。")


def _tell_both(act: Act, row: HolderMerge) -> None:
    """On the record of each of the two, so that either one's history has it."""
    act.note("same_as", str(row.staying.uuid))
    act.add_record(row.staying.subject, {"same_as": str(row.merged.uuid)})


def _tell_confirmers(row: HolderMerge) -> None:
    tell(
        department=row.department,
        capability=Capability.CONFIRM_HOLDERS,
        action=Action.MERGE_PROPOSED,
        title="有两份登记待认定为同一持证人",
        body=f"{row.proposed_by_name}提出，请核对依据后确认或不予认定。",
        link=reverse("parties:merge", args=[row.uuid]),
        subject=row.subject,
    )


def _tell_proposer(row: HolderMerge, title: str, body: str) -> None:
    tell(
        account=row.proposed_by,
        department=row.department,
        action=Action.MERGE_CONFIRMED if row.state == "CONFIRMED" else Action.MERGE_DECLINED,
        title=title,
        body=body,
        link=reverse("parties:merge", args=[row.uuid]),
        subject=row.subject,
    )
