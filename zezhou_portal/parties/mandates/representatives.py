"""Mandates: who may act for whom, and what ends with the one who gave it (M.20)."""

from collections.abc import Sequence

from django.conf import settings
from django.urls import reverse

from audit.trail.recording import Act
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.locks import lock
from zezhou_portal.parties.models import Basis, Holder, HolderKind, Mandate, MandateKind, Power
from zezhou_portal.parties.notices.services import tell_holder
from zezhou_portal.regulation.actions import Action

REPRESENTATIVE_CHANGED = "representative_changed"


def know_representative(*, act: Act, enterprise: Holder, person: Holder) -> Mandate:
    """The mandate of an enterprise's legal representative, whom an identity service vouched for.

    Another one's ends, and with it what the former representative gave for the enterprise, and
    what those agents gave on (ours; PORTAL_MANDATES_END_WITH_REPRESENTATIVE). Whoever loses
    something is told in their inbox. Belongs to the sign-in's own act. Article: M.20.
    """
    lock(Holder.objects.all(), pk=enterprise.pk)  # two who both say so: one after the other
    standing = Mandate.objects.filter(principal=enterprise, ended_at__isnull=True)
    former = (
        standing.filter(kind=MandateKind.LEGAL_REPRESENTATIVE.value).select_related("agent").first()
    )
    if former is not None and former.agent_id == person.pk:
        return former
    if former is not None:
        ending = [former]
        if settings.PORTAL_MANDATES_END_WITH_REPRESENTATIVE:
            ending += _given_on(list(standing.select_related("agent")), former)
        _end(act, ending, enterprise)
    mandate = Mandate.objects.create(
        kind=MandateKind.LEGAL_REPRESENTATIVE.value,
        principal=enterprise,
        agent=person,
        powers=[power.value for power in Power],
        from_on=clock.today(),
        basis=Basis.SIGN_IN.value,
    )
    facts = {"mandate": str(mandate.uuid), "was_another": former is not None}
    if enterprise.kind == HolderKind.SOLE_TRADER:
        Holder.objects.filter(pk=enterprise.pk).update(operator=person)
        facts["operator"] = str(person.uuid)
    act.add_record(enterprise.subject, facts, Action.REPRESENTATIVE_KNOWN)
    return mandate


def _given_on(standing: Sequence[Mandate], former: Mandate) -> list[Mandate]:
    """The agents' mandates that the former representative gave, or somebody who had theirs so."""
    givers, found = {former.agent_id}, []
    rest = [one for one in standing if one.kind == MandateKind.AGENT.value]
    while given := [one for one in rest if one.given_by_id in givers]:
        found += given
        givers |= {one.agent_id for one in given}
        rest = [one for one in rest if one not in given]
    return found


def _end(act: Act, ending: Sequence[Mandate], enterprise: Holder) -> None:
    Mandate.objects.filter(pk__in=[one.pk for one in ending]).update(
        ended_at=clock.now(), end_reason=REPRESENTATIVE_CHANGED
    )
    head = enterprise.headed_by
    for one in ending:
        one.principal = enterprise  # read once: its kind says what the agent was
        act.add_record(one.subject, {"reason": f"换了{enterprise.headed_by}"}, Action.MANDATE_ENDED)
        tell_holder(
            holder=one.agent,
            action=Action.MANDATE_ENDED,
            title=f"您不再代办{enterprise.sort}的证照",
            body=(
                f"{enterprise.name}换了{head}，您作为{one.footing}的权限已经结束。"
                f"还要代办的，请现任{head}重新委托；认为不对的，请找县行政审批服务管理局。"
            ),
            link=reverse("usage:people"),
            key=f"mandate-ended:{one.uuid}",
            subject=one.subject,
        )
