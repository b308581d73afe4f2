"""Mandates ended: by whom they were given, given back, or at the window that recorded them (M.20).

Ended is ended at once: every request of a holder looks the mandate up again, and so does whoever
reads a code that was shown by it.
"""

from audit.trail.recording import Act, acting
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import Actor, ActorKind
from zezhou_portal.kernel.locks import lock
from zezhou_portal.parties.access import people_of, permit
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.parties.mandates.notices import tell_ended, tell_undone
from zezhou_portal.parties.mandates.rules import Ending, given_by_head, undone
from zezhou_portal.parties.mandates.selectors import live
from zezhou_portal.parties.models import Holder, HolderKind, Mandate, MandateKind
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.errors import NotPermitted, RuleBroken


def end_mandate(*, actor: Actor, mandate: Mandate) -> Mandate:
    """Ends a mandate in one step: its principal, its agent, or the window that recorded it.

    A legal representative's ends only when another one is known; a child ends no parent's
    (Civil Code art. 34). Article: M.20.
    """
    with acting(actor, Action.MANDATE_ENDED, mandate.subject) as act:
        # the principal first, as whoever gives mandates or knows another representative does
        lock(Holder.objects.all(), pk=mandate.principal_id)
        row = lock(Mandate.objects.select_related("principal", "agent"), pk=mandate.pk)
        reason = _reason(actor, row)
        if row.kind == MandateKind.LEGAL_REPRESENTATIVE:
            head = row.principal.headed_by
            sentence = f"{head}随营业执照走，不在这里结束。换了人，新的{head}登录后自动更换。"
            raise RuleBroken("M.20", sentence)
        if not (row.is_proposed or row.is_live(clock.today())):
            raise RuleBroken("M.20", "这份代办已经结束了，没有再改动。")
        close(act, row, reason)
    return row


def close(act: Act, row: Mandate, reason: Ending) -> None:
    """Ends a locked mandate inside the caller's act, on its principal's record too, and tells
    both sides; of one that nobody had confirmed, the principal and who proposed it.

    Article: M.20.
    """
    was_proposed = row.is_proposed
    row.state, row.ended_at, row.end_reason = undone(row, reason), clock.now(), reason.value
    row.save(update_fields=["state", "ended_at", "end_reason", "decided_by", "decided_at"])
    facts = {"kind": row.kind, "reason": reason.value}
    named = {**facts, "mandate": str(row.uuid)}
    if act.action is Action.MANDATE_ENDED:
        act.note_all(facts)
    else:
        act.add_record(row.subject, facts, Action.MANDATE_ENDED)
    act.add_record(row.principal.subject, named, Action.MANDATE_ENDED)
    (tell_undone if was_proposed else tell_ended)(row)


def demand_representative(person_id: int, principal: Holder) -> None:
    """Holds the footing of the legal representative until the act is done, or refuses.

    The row is locked, so that a change of representative comes before or after, never between.
    """
    rows = live(clock.today()).filter(principal=principal, agent_id=person_id)
    try:
        lock(rows, kind=MandateKind.LEGAL_REPRESENTATIVE)
    except Mandate.DoesNotExist:
        reason = given_by_head(principal)
        raise NotPermitted(Capability.GIVE_MANDATES.value, reason) from None


def _reason(actor: Actor, row: Mandate) -> Ending:
    """By what right somebody ends a mandate; raises NotPermitted where they have none."""
    if actor.kind is ActorKind.OFFICIAL:
        permit(actor, Capability.RECORD_MANDATES, row.recording_department_id or 0)
        return Ending.AT_WINDOW
    person_id, principal_id = people_of(actor)
    if row.agent_id == person_id:
        return Ending.RETURNED
    if principal_id not in {row.principal_id, row.principal.same_as_id}:
        raise NotPermitted("", "没有找到这份代办。")
    permit(actor, Capability.GIVE_MANDATES)
    if row.principal.kind != HolderKind.NATURAL_PERSON:
        demand_representative(person_id, row.principal)
    if row.kind == MandateKind.GUARDIAN and not row.is_proposed:
        sentence = "父母代办到您成年的前一天为止。要提前结束，请父母退回，或者到登记的窗口办。"
        raise RuleBroken("M.20", sentence)
    return Ending.BY_PRINCIPAL
