"""Mandates given: by an enterprise to its agents, by a person to an adult of the family (M.20).

How mandates end stands in `ending`, what a window proposes in `window`. What a legal person's
sign-in shows of its representative, and what a birth certificate shows of a child, are known
elsewhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError

from audit.trail.recording import Act, acting
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.kernel.locks import lock
from zezhou_portal.parties.access import people_of, permit
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.parties.holders.services import Entered, person_named
from zezhou_portal.parties.lifecycle import MANDATE
from zezhou_portal.parties.mandates.ending import close, demand_representative
from zezhou_portal.parties.mandates.notices import tell_given, tell_proposed
from zezhou_portal.parties.mandates.rules import (
    Ending,
    check_adult,
    check_last_day,
    in_words,
    is_of_age,
    powers_given,
)
from zezhou_portal.parties.models import (
    Basis,
    Holder,
    HolderKind,
    IdentityType,
    Mandate,
    MandateKind,
    known_as,
)
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.errors import FormFault, NotPermitted, RuleBroken
from zezhou_portal.regulation.identifiers import born_on
from zezhou_portal.regulation.limits import OF_AGE_YEARS


@dataclass(frozen=True)
class Named:
    """A person as somebody types them: name and citizen id number."""

    name: str
    citizen_id: str


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What a mandate gives, and until when."""

    powers: Sequence[str]
    until_on: date


@dataclass(frozen=True, kw_only=True)
class AtWindow:
    """What a window adds to a mandate: whose it is, the signed consent, until when to confirm."""

    clerk: Actor
    consent_digest: str
    consent_name: str
    consent_type: str
    confirm_by: date

    def columns(self) -> dict[str, Any]:
        """The columns of a proposal."""
        return {
            "state": MANDATE.initial,
            "recorded_by_id": self.clerk.account_id,
            "recording_department_id": self.clerk.department_id,
            "consent_digest": self.consent_digest,
            "consent_name": self.consent_name,
            "consent_type": self.consent_type,
            "confirm_by": self.confirm_by,
        }


def appoint_agent(
    *, actor: Actor, agent: Named, powers: Sequence[str], until_on: date | None
) -> Mandate:
    """Lets a person act for the enterprise, with powers and a last day.

    Only the legal representative appoints, acting for the enterprise: an agent appoints nobody.
    Article: M.20.
    """
    with acting(actor, Action.AGENT_APPOINTED) as act:
        permit(actor, Capability.GIVE_MANDATES)
        person_id, principal_id = people_of(actor)
        terms = chosen_terms(powers, until_on)
        found = adult(act, agent, ("name", "citizen_id"), who="经办人")
        principal = lock(Holder.objects.all(), pk=principal_id)
        demand_representative(person_id, principal)
        if found.holder.pk == person_id:
            sentence = f"您是{principal.headed_by}，本来就能代办，不用委托自己。"
            raise FormFault("M.20", sentence, fields={"citizen_id": sentence})
        return grant(
            act,
            kind=MandateKind.AGENT,
            principal=principal,
            agent=found.holder,
            terms=terms,
            basis=Basis.APPOINTMENT,
            given_by_id=person_id,
        )


def give_helper(
    *, actor: Actor, helper: Named, powers: Sequence[str], until_on: date | None
) -> Mandate:
    """Lets an adult of the family help with one's own licences; the act itself is the consent.

    Article: M.20.
    """
    with acting(actor, Action.MANDATE_GIVEN) as act:
        permit(actor, Capability.GIVE_MANDATES)
        principal = lock(Holder.objects.all(), pk=own_person(actor))
        check_may_have_helper(principal, "")
        terms = chosen_terms(powers, until_on)
        found = adult(act, helper, ("name", "citizen_id"), who="帮您办的家人")
        return grant(
            act,
            kind=MandateKind.HELPER,
            principal=principal,
            agent=found.holder,
            terms=terms,
            basis=Basis.APPOINTMENT,
            given_by_id=principal.pk,
        )


def choose_principal(*, actor: Actor, mandate: Mandate | None) -> None:
    """Records in whose place a person acts from now on; None is for themselves.

    The row must be a live one of the person's own. Article: M.20.
    """
    subject = mandate.subject if mandate else None
    with acting(actor, Action.PRINCIPAL_CHOSEN, subject) as act:
        person_id, _ = people_of(actor)
        person = Holder.objects.get(pk=person_id)
        if mandate is None:
            act.set_subject(person.subject)
            return
        if mandate.agent_id != person_id or not mandate.is_live(clock.today()):
            raise RuleBroken("M.20", "这份代办已经结束，您现在还是在办自己的证照。")
        act.note("kind", mandate.kind)
        act.add_record(mandate.principal.subject, {"mandate": str(mandate.uuid)})


def grant(
    act: Act,
    *,
    kind: MandateKind,
    principal: Holder,
    agent: Holder,
    terms: Terms,
    basis: Basis,
    evidence: str = "",
    given_by_id: int | None = None,
    at_window: AtWindow | None = None,
) -> Mandate:
    """Makes the mandate inside the caller's act, puts it on the trail and tells both sides.

    The caller has locked the principal. What is recorded `at_window` is proposed: it gives
    nothing until it is confirmed. An equal mandate that has run out by its date makes room; one
    that counts stands in the way, and so does one that was given at this very moment.
    Article: M.20.
    """
    if principal.pk == agent.pk:
        raise RuleBroken("M.20", "代办人就是持证人自己，不用委托。请填另一个人。")
    today = clock.today()
    make_room(act, principal, agent, kind, is_proposal=at_window is not None)
    try:
        mandate = Mandate.objects.create(
            kind=kind,
            principal=principal,
            agent=agent,
            powers=list(terms.powers),
            from_on=today,
            until_on=terms.until_on,
            basis=basis,
            evidence=evidence,
            given_by_id=given_by_id,
            **(at_window.columns() if at_window else {}),
        )
    except IntegrityError as error:
        raise RuleBroken("M.20", "刚才已经办过同样的委托，没有再办一次。") from error
    facts = {"kind": kind.value, "powers": mandate.powers, "until": terms.until_on.isoformat()}
    act.set_subject(mandate.subject)
    act.note_all({**facts, "basis": basis.value, "principal": str(principal.uuid)})
    act.add_record(principal.subject, {**facts, "mandate": str(mandate.uuid)})
    (tell_proposed if at_window else tell_given)(mandate)
    return mandate


def own_person(actor: Actor) -> int:
    """The row id of a person who acts for themselves; refuses one who acts in another's place."""
    person_id, principal_id = people_of(actor)
    if person_id != principal_id:
        raise NotPermitted("", "这一步只能为自己办。请先切换到“我自己”。")
    return person_id


def entered(act: Act, person: Named, fields: tuple[str, str]) -> Entered:
    """Whom name and number name; on the trail where the portal did not know them yet."""
    found = person_named(name=person.name, citizen_id=person.citizen_id, fields=fields)
    if not found.was_known:
        facts = {"was_known": False, "identity_type": found.holder.identity_type}
        act.add_record(found.holder.subject, facts, Action.HOLDER_ENTERED)
    return found


def adult(act: Act, person: Named, fields: tuple[str, str], *, who: str) -> Entered:
    """Whom name and number name, where they are of age."""
    found = entered(act, person, fields)
    born = born_on(found.holder.identity_number)
    check_adult(born, clock.today(), field=fields[1], who=who)
    return found


def check_may_have_helper(principal: Holder, field: str) -> None:
    """A grown person gives a helper; for a child the parents act (Civil Code art. 19 and 20)."""
    if principal.kind != HolderKind.NATURAL_PERSON:
        raise RuleBroken("M.20", "企业请委托经办人；家人帮办只用于个人的证照。")
    known = principal.identity_type == IdentityType.CITIZEN_ID and principal.identity_number
    if known and not is_of_age(born_on(principal.identity_number), clock.today()):
        sentence = f"不满 {OF_AGE_YEARS} 周岁的，由父母代办，不用另外委托。"
        raise RuleBroken("M.20", sentence, fields={field: sentence} if field else None)


def chosen_terms(powers: Sequence[str], until_on: date | None) -> Terms:
    """What somebody chose to give; asked before anybody is looked up."""
    return Terms(powers=powers_given(powers), until_on=check_last_day(until_on, clock.today()))


def make_room(
    act: Act, principal: Holder, agent: Holder, kind: MandateKind, *, is_proposal: bool
) -> None:
    """Closes an equal mandate that has run out; refuses where one counts or waits still.

    What a window only proposed never stands in the way of the holder's own hand.
    """
    rows = Mandate.objects.filter(known_as("principal", principal.pk), agent=agent, kind=kind)
    standing = rows.filter(ended_at__isnull=True).select_related("principal", "agent").first()
    if standing is None:
        return
    if standing.is_proposed:
        if is_proposal:
            raise RuleBroken("M.20", "窗口已经登记过同样的代办，正等确认，没有再登记一次。")
        close(act, standing, Ending.BY_PRINCIPAL)
        return
    if standing.until_on is None or standing.until_on >= clock.today():
        until = f"，到 {in_words(standing.until_on)}为止" if standing.until_on else ""
        raise RuleBroken("M.20", f"已经委托过这个人{until}。要改权限或日期，请先结束再委托。")
    standing.ended_at, standing.end_reason = clock.now(), Ending.LAPSED.value
    standing.save(update_fields=["ended_at", "end_reason"])
