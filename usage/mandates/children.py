"""A parent adds a child by the birth certificate in the register (M.20).

The certificate's number and the child's name open nothing by themselves: the parent's own number,
which the real-name check showed, must stand on the certificate as mother's or father's. Whatever
does not agree gets one answer, so that nobody learns which part of it was right.
"""

from collections.abc import Sequence

import structlog
from django.conf import settings
from django.db.models import Exists, OuterRef

from audit.trail.recording import acting, record_refusal
from licences import values
from licences.models import Licence, LicenceMark, LicenceVersion
from licences.register.mark_rules import EFFECTS
from licences.register.selectors import in_force
from usage.mandates.child_rules import Certificate
from usage.queues import END_MANDATES
from usage.verifying.rate_limits import CHILDREN, TooOften, spend
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import Actor, machine
from zezhou_portal.kernel.locks import lock
from zezhou_portal.kernel.rows import one_by_one, reason_of
from zezhou_portal.parties.access import permit
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.parties.mandates.ending import close
from zezhou_portal.parties.mandates.giving import Terms, choose_principal, grant, own_person
from zezhou_portal.parties.mandates.rules import PARENTAL, Ending, guardian_until, is_of_age
from zezhou_portal.parties.models import (
    Basis,
    Holder,
    HolderKind,
    IdentityType,
    Mandate,
    MandateKind,
)
from zezhou_portal.parties.notices import stalled
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.errors import RuleBroken
from zezhou_portal.regulation.identifiers import normalise_code
from zezhou_portal.regulation.limits import OF_AGE_YEARS

log = structlog.get_logger(__name__)

# One answer for every way in which something does not agree.
NOT_FOUND = (
    "没有添加：没有查到与您的身份对得上、现在有效的出生医学证明。请对照证明核对编号和孩子姓名；"
    "都没有错的，请带户口簿和身份证到窗口登记。"
)
# A number is given once by a department (M.9); more of the same come from several counties.
_MOST = 5
_CHUNK = 500
_ENDED = ("CANCELLED", "REVOKED", "ANNULLED")
_ITEMS = ("holder_name", "mother_citizen_id", "father_citizen_id", "born_at")


def add_child(*, actor: Actor, certificate_number: str, child_name: str) -> Mandate:
    """Lets a parent act for a child until the day before it is of age, by its birth certificate.

    Raises RuleBroken: with one neutral sentence where anything does not agree, with the time
    where somebody tries too often. Article: M.20.
    """
    _count(actor)
    with acting(actor, Action.CHILD_ADDED) as act:
        permit(actor, Capability.GIVE_MANDATES)
        parent = Holder.objects.get(pk=own_person(actor))
        act.set_subject(parent.subject)
        if parent.identity_type != IdentityType.CITIZEN_ID or not parent.identity_number:
            raise RuleBroken(
                "M.20",
                "您的实名信息里没有公民身份号码，不能在网上核对。请带户口簿和证件到窗口登记。",
            )
        licence, child, certificate = _agreeing(parent, certificate_number, child_name)
        born = certificate.born()
        if born is None:
            raise RuleBroken("M.20", NOT_FOUND)
        if is_of_age(born, clock.today()):
            sentence = f"孩子已经年满 {OF_AGE_YEARS} 周岁，不再由父母代办。请他本人实名登录后查看。"
            raise RuleBroken("M.20", sentence)
        powers = [one.value for one in PARENTAL]
        return grant(
            act,
            kind=MandateKind.GUARDIAN,
            principal=lock(Holder.objects.all(), pk=child.pk),
            agent=parent,
            terms=Terms(powers=powers, until_on=guardian_until(born)),
            basis=Basis.BIRTH_CERTIFICATE,
            evidence=str(licence.uuid),
            given_by_id=parent.pk,
        )


def mandate_holds(mandate: Mandate) -> bool:
    """Whether what a mandate rests on stands still: a birth certificate that was cancelled,
    revoked or annulled carries nothing any more (ours). Asked before one acts for a child.
    """
    return not _groundless([mandate])


def choose(*, actor: Actor, mandate: Mandate | None) -> None:
    """Chooses in whose place a person acts from now on; None is for themselves.

    A mandate whose birth certificate is no more ends here and is not chosen. Article: M.20.
    """
    if mandate is not None and not mandate_holds(mandate):
        _end(mandate)
        raise RuleBroken("M.20", "这份代办依据的出生医学证明不再有效，代办已经结束。")
    choose_principal(actor=actor, mandate=mandate)


def end_groundless() -> int:
    """Ends mandates whose birth certificate is no more; gives how many. Article: M.20."""
    rows = Mandate.objects.filter(basis=Basis.BIRTH_CERTIFICATE, ended_at__isnull=True)
    last = 0
    ended: list[int] = []
    rows = rows.exclude(pk__in=stalled.held_back(END_MANDATES))
    while batch := list(rows.filter(pk__gt=last).order_by("pk")[:_CHUNK]):
        last = batch[-1].pk
        groundless = _groundless(batch)
        failed = one_by_one(groundless, lambda one: ended.append(_end(one)))
        for one in failed:
            log.error("mandate_not_ended", mandate=one.row.pk, exc_info=one.error)
            about = stalled.About(one.row.subject)
            stalled.put_off(END_MANDATES, one.row.pk, about, reason_of(one.error))
        bad = {one.row.pk for one in failed}
        stalled.went_on(END_MANDATES, {one.pk for one in groundless} - bad)
    return sum(ended)


def _end(found: Mandate) -> int:
    actor = machine("usage.end_groundless_mandates")
    with acting(actor, Action.MANDATE_ENDED, found.subject) as act:
        lock(Holder.objects.all(), pk=found.principal_id)
        row = lock(Mandate.objects.select_related("principal", "agent"), pk=found.pk)
        if row.ended_at is not None:
            return 0
        close(act, row, Ending.CERTIFICATE_ENDED)
    return 1


def _groundless(mandates: Sequence[Mandate]) -> Sequence[Mandate]:
    """Those of the mandates that rest on a birth certificate which has ended."""
    resting = [row for row in mandates if row.basis == Basis.BIRTH_CERTIFICATE]
    ended = Licence.objects.filter(uuid__in=[row.evidence for row in resting], state__in=_ENDED)
    keys = {str(key) for key in ended.values_list("uuid", flat=True)}
    return [row for row in resting if row.evidence in keys]


def _count(actor: Actor) -> None:
    """Counts the try, before any transaction; a try too many is on the record."""
    try:
        spend(CHILDREN, actor.key)
    except TooOften as refusal:
        record_refusal(actor, Action.CHILD_ADDED, None, refusal.reason)
        raise


def _agreeing(parent: Holder, number: str, name: str) -> tuple[Licence, Holder, Certificate]:
    """The certificate in force that names parent and child alike, or the neutral refusal."""
    for licence in _certificates(number):
        for child in _children(licence):
            said = Certificate(_values(licence), child.name, child.identity_number)
            if (
                child.pk != parent.pk
                and said.names_parent(parent.identity_number)
                and said.names_child(name)
            ):
                return licence, child, said
    raise RuleBroken("M.20", NOT_FOUND)


def _certificates(number: str) -> Sequence[Licence]:
    """Birth certificates of a number, in force today and without a mark that stops their use."""
    stopping = [code for code, effect in EFFECTS.items() if not effect.permits]
    marked = LicenceMark.objects.filter(
        licence=OuterRef("pk"), until__isnull=True, kind__in=stopping
    )
    rows = in_force(
        Licence.objects.filter(type_code=settings.PORTAL_BIRTH_CERTIFICATE), clock.today()
    )
    words = number.replace("\0", " ")
    typed = {" ".join(words.split()), normalise_code(words)} - {""}
    return list(rows.filter(~Exists(marked), number__in=typed).order_by("pk")[:_MOST])


def _children(licence: Licence) -> Sequence[Holder]:
    """The natural persons who hold a certificate."""
    links = licence.holder_links.select_related("holder__same_as").order_by("place")
    holders = [link.holder.same_as or link.holder for link in links]
    return [holder for holder in holders if holder.kind == HolderKind.NATURAL_PERSON.value]


def _values(licence: Licence) -> dict[str, str]:
    """What the certificate's present version says of child and parents, in the clear."""
    version = LicenceVersion.objects.get(licence=licence, no=licence.version_no)
    stored = version.frozen["values"]
    return values.thaw({key: stored[key] for key in _ITEMS if stored.get(key)})
