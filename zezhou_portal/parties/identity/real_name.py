"""Holders' sign-in: what an identity service asserts becomes a real-name check (M.20).

Nothing is half done: everything stands in one transaction, and what is refused leaves one record
and no holder, check or mandate.
"""

from dataclasses import dataclass

from django.conf import settings

from audit.trail.recording import Act, acting, concealed, record_refusal
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import Actor, Channel, public
from zezhou_portal.kernel.locks import lock
from zezhou_portal.kernel.names import normalise_name
from zezhou_portal.parties.holders import selectors as find
from zezhou_portal.parties.holders.services import known_or_entered
from zezhou_portal.parties.identity.known import label_of
from zezhou_portal.parties.identity.port import Assertion
from zezhou_portal.parties.identity.session import holder_session
from zezhou_portal.parties.mandates.names import take_name
from zezhou_portal.parties.mandates.representatives import know_representative
from zezhou_portal.parties.mandates.selectors import live
from zezhou_portal.parties.models import (
    Holder,
    HolderKind,
    IdentityType,
    Mandate,
    MandateKind,
    RealNameCheck,
)
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.errors import RuleBroken
from zezhou_portal.regulation.identifiers import is_trader_code
from zezhou_portal.regulation.limits import REAL_NAME_CHECK_COUNTS

OTHER_NAME = (
    "认证给出的姓名，和证照库里这个证件号码登记的不一样。请带身份证到发证的单位核对；"
    "改过名的，先在那里变更。您的证照没有变。"
)
OTHER_ENTERPRISE_NAME = (
    "认证给出的企业名称，和证照库里这个统一社会信用代码登记的不一样。"
    "请带营业执照到发证的单位核对；改过名的，先在那里变更。证照没有变。"
)
OTHER_NUMBER = "这个账号以前认证的是另一个证件号码。请带身份证到发证的单位核对。您的证照没有变。"
BAD_IDENTITY = (
    "认证给出的姓名、名称或证件号码写法不对，不能登录。请打 12345 告诉我们；您的证照没有变。"
)
NO_MANDATE = (
    "这个{sort}还没有委托您经办，或者委托已经到期。请{head}登录后，在“谁能替我办”里委托您；"
    "办您个人的事，请用个人身份登录。"
)


@dataclass(frozen=True)
class SignedIn:
    """The check that opens the wallet, and the mandate where the sign-in is an enterprise's."""

    check: RealNameCheck
    mandate: Mandate | None


def sign_in(
    *, assertion: Assertion, request_id: str = "", channel: Channel = Channel.PAGE
) -> SignedIn:
    """Lets a holder in whom an identity service vouches for, and keeps how sure it was.

    The holder is whom the number names, else whom the outside subject names, else a new one.
    Raises RuleBroken, with a sentence for the person, where the assurance level is too low, the
    name is another one, or nobody gave an agent a mandate. Article: M.20.
    """
    actor = public(request_id, channel=channel)
    with acting(actor, Action.HOLDER_SIGNED_IN, refused=Action.HOLDER_SIGN_IN_REFUSED) as act:
        act.note("provider", assertion.provider)
        act.note("level", assertion.level)
        _check_level(assertion)
        person = _person(act, assertion)
        mandate, enterprise = None, None
        if assertion.enterprise_code:
            enterprise = _enterprise(act, assertion)
            mandate = _mandate(act, assertion, enterprise, person)
            act.note("office", RealNameCheck.Office(assertion.office).label)
        now = clock.now()
        check = RealNameCheck.objects.create(
            holder=person,
            provider=assertion.provider,
            level=assertion.level,
            enterprise=enterprise,
            office=assertion.office,
            checked_at=now,
            counts_until=now + REAL_NAME_CHECK_COUNTS,
        )
        act.actor = holder_session(check, mandate, request_id=request_id).actor
        act.set_subject(person.subject)
    return SignedIn(check, mandate)


def refuse_sign_in(*, actor: Actor, sentence: str) -> None:
    """Records a sign-in that the identity service's answer did not prove. Article: M.20."""
    record_refusal(actor, Action.HOLDER_SIGN_IN_REFUSED, None, sentence)


def _check_level(assertion: Assertion) -> None:
    wanted = settings.PORTAL_ASSURANCE_LEVEL
    if assertion.level >= wanted:
        return
    label = label_of(assertion.provider)
    raise RuleBroken(
        "M.20",
        f"看证照要实名等级 {wanted} 级，您在“{label}”现在是 {assertion.level} 级。"
        f"请到“{label}”的个人中心提高实名等级（通常是刷脸核验），再回来登录。",
    )


def _person(act: Act, assertion: Assertion) -> Holder:
    """The natural person: by number, else by outside subject, else entered now."""
    subject = assertion.subject
    by_subject = find.holder_with_subject(subject) if subject else None
    if by_subject is not None:
        _check_name(by_subject, assertion.name, OTHER_NAME)
    if not assertion.identity_number:
        if by_subject is not None:
            # what an earlier sign-in proved still stands
            return by_subject.same_as or by_subject
        return _entered(act, assertion, subject)
    person = _entered(act, assertion, "")
    if by_subject is not None and by_subject.pk != person.pk:
        _link(act, by_subject, person)
    return person


def _entered(act: Act, assertion: Assertion, subject: str) -> Holder:
    holder = _known_or_new(
        act,
        kind=HolderKind.NATURAL_PERSON.value,
        name=assertion.name,
        identity_type=assertion.identity_type,
        identity_number=assertion.identity_number,
        outside_subject=subject,
        phone=assertion.phone,
    )
    holder = take_name(act=act, holder=holder, name=assertion.name)
    _check_name(holder, assertion.name, OTHER_NAME)
    if assertion.phone and not holder.phone:
        # reminders go there (P.2.3.5); a number that somebody gave is not replaced
        holder.phone, holder.phone_index = assertion.phone, find.phone_index(assertion.phone)
        holder.save(update_fields=["phone", "phone_index"])
        told = {"phone_after": concealed(holder.phone)}
        act.add_record(holder.subject, told, Action.HOLDER_CHANGED)
    return holder


def _link(act: Act, outside: Holder, numbered: Holder) -> None:
    """Somebody known by an outside subject only turns out to be the numbered holder."""
    row = lock(Holder.objects.all(), pk=outside.pk)
    if row.identity_number or row.same_as_id not in {None, numbered.pk}:
        raise RuleBroken("M.20", OTHER_NUMBER)
    if row.same_as_id is None:
        row.same_as = numbered
        row.save(update_fields=["same_as"])
        facts = {"same_as": str(numbered.uuid)}
        act.add_record(row.subject, facts, Action.HOLDER_CHANGED)


def _enterprise(act: Act, assertion: Assertion) -> Holder:
    code = assertion.enterprise_code
    kind = HolderKind.SOLE_TRADER if is_trader_code(code) else HolderKind.LEGAL_PERSON
    holder = _known_or_new(
        act,
        kind=kind.value,
        name=assertion.enterprise_name,
        identity_type=IdentityType.CREDIT_CODE.value,
        identity_number=code,
    )
    _check_name(holder, assertion.enterprise_name, OTHER_ENTERPRISE_NAME)
    return holder


def _mandate(act: Act, assertion: Assertion, enterprise: Holder, person: Holder) -> Mandate:
    """By what the person acts for the enterprise that they signed in for."""
    if assertion.office == RealNameCheck.Office.LEGAL_REPRESENTATIVE.value:
        return know_representative(act=act, enterprise=enterprise, person=person)
    found = (
        live(clock.today())
        .filter(agent=person, principal=enterprise, kind=MandateKind.AGENT.value)
        .first()
    )
    if found is None:
        said = NO_MANDATE.format(sort=enterprise.sort, head=enterprise.headed_by)
        raise RuleBroken("M.20", said)
    return found


def _known_or_new(act: Act, **told: str) -> Holder:
    """The holder of an identity, entered on the record where the register knew nobody."""
    try:
        entered = known_or_entered(**told)
    except RuleBroken as fault:
        raise RuleBroken("M.20", BAD_IDENTITY) from fault
    holder = entered.holder
    if not entered.was_known:
        facts = {"was_known": False, "identity_type": holder.identity_type}
        act.add_record(holder.subject, facts, Action.HOLDER_ENTERED)
    return holder


def _check_name(holder: Holder, name: str, sentence: str) -> None:
    if normalise_name(holder.name) != normalise_name(name):
        raise RuleBroken("M.20", sentence)
