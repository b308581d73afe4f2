"""What an assertion becomes: the holder, the check, the mandate, the record; or a refusal."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from audit.trail.models import Record
from tests.factories.parties import DepartmentFactory, HolderFactory
from tests.holders import mandate_of
from tests.records import records
from zezhou_portal.kernel import clock
from zezhou_portal.parties import leaving
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.parties.identity import real_name
from zezhou_portal.parties.identity.port import Assertion
from zezhou_portal.parties.identity.session import holder_session_of
from zezhou_portal.parties.models import Holder, Mandate, MandateKind, Notification, RealNameCheck
from zezhou_portal.regulation.errors import RuleBroken

pytestmark = [pytest.mark.django_db, pytest.mark.article("M.20")]

NUMBER = "140525199103121021"
PERSON = Assertion(
    provider="province",
    subject="province:1",
    name="田春雨",
    level=3,
    identity_type="111",
    identity_number=NUMBER,
    phone="13800138000",
)
NUMBERLESS = replace(PERSON, identity_type="", identity_number="", phone="")
CODE = "91140525MA0000023A"
COMPANY = replace(
    PERSON, enterprise_name="清泉供水站", enterprise_code=CODE, office="legal_representative"
)
AGENT = replace(COMPANY, office="agent")


def sign_in(assertion: Assertion = PERSON) -> real_name.SignedIn:
    return real_name.sign_in(assertion=assertion, request_id="r-1")


def refused(assertion: Assertion) -> str:
    """The sentence of a refusal that left one record and nothing else."""
    before = [model.objects.count() for model in (Holder, RealNameCheck, Mandate)]
    with pytest.raises(RuleBroken) as caught:
        sign_in(assertion)
    assert [model.objects.count() for model in (Holder, RealNameCheck, Mandate)] == before
    record = records("holder_sign_in_refused")[-1]
    assert (record.outcome, record.subject_kind, record.subject_label) == ("refused", "", "")
    assert not records("holder_entered")
    assert caught.value.article == "M.20"
    return caught.value.reason


def person(**more: Any) -> Holder:
    return HolderFactory(name="田春雨", identity_number=NUMBER, **more)


def test_sign_in_when_nobody_is_known_then_entered_and_checked(wednesday: Any) -> None:
    check = sign_in().check
    holder = check.holder
    assert (holder.name, holder.identity_number, holder.phone) == ("田春雨", NUMBER, "13800138000")
    assert holder.outside_subject is None
    assert (check.provider, check.level, check.office) == ("province", 3, "")
    assert check.counts_until - check.checked_at == timedelta(hours=12)
    assert holder_session_of(str(check.uuid), "").person == holder


def test_sign_in_when_done_then_on_the_trail_without_personal_data() -> None:
    holder = sign_in().check.holder
    signed_in, entered = Record.objects.order_by("seq")
    assert (signed_in.action, entered.action) == ("holder_signed_in", "holder_entered")
    assert signed_in.facts == {"provider": "province", "level": 3}
    for one in (signed_in, entered):
        assert (one.actor_kind, one.actor_key) == ("holder", str(holder.uuid))
        assert (one.subject_kind, one.subject_key) == ("holder", str(holder.uuid))
        assert one.subject_label == "自然人"
        kept = f"{one.facts} {one.actor_name} {one.subject_label}"
        assert not any(word in kept for word in ("田春雨", NUMBER, "13800138000", "province:1"))


def test_sign_in_when_known_by_number_then_that_holder(wednesday: Any) -> None:
    known = person(phone="13900139000")
    stranger = HolderFactory(name="田春雨")  # the same name, another number
    assert sign_in(replace(PERSON, name="田 春雨")).check.holder == known
    known.refresh_from_db()
    assert known.phone == "13900139000"
    assert not stranger.real_name_checks.exists()
    assert Holder.objects.count() == 2


def test_sign_in_when_the_phone_was_not_known_then_kept_for_reminders() -> None:
    known = person()
    sign_in()
    known.refresh_from_db()
    assert known.phone == "13800138000"
    assert Record.objects.filter(action="holder_changed", subject_key=str(known.uuid)).exists()


def test_sign_in_when_known_by_subject_only_then_that_holder() -> None:
    known = HolderFactory(name="田春雨", outside=True, outside_subject="province:1")
    stranger = HolderFactory(name="田春雨", outside=True, outside_subject="another:1")
    assert sign_in(NUMBERLESS).check.holder == known
    assert not stranger.real_name_checks.exists()


def test_sign_in_when_nothing_but_a_subject_is_told_then_entered_by_it() -> None:
    first, again = sign_in(NUMBERLESS).check.holder, sign_in(NUMBERLESS).check.holder
    assert first == again
    assert (first.outside_subject, first.identity_number) == ("province:1", "")


@pytest.mark.parametrize("is_known", [True, False])
def test_sign_in_when_subject_and_number_are_proved_then_one_person(is_known: bool) -> None:
    outside = HolderFactory(name="田春雨", outside=True, outside_subject="province:1")
    known = person() if is_known else None
    holder = sign_in().check.holder
    assert known is None or holder == known
    outside.refresh_from_db()
    assert (outside.same_as, outside.identity_number) == (holder, "")
    assert sign_in(NUMBERLESS).check.holder == holder
    linked = Record.objects.get(action="holder_changed", subject_key=str(outside.uuid))
    assert linked.facts == {"same_as": str(holder.uuid)}


def test_sign_in_when_the_subject_belongs_to_another_number_then_refused() -> None:
    outside = HolderFactory(name="田春雨", outside=True, outside_subject="province:1")
    person()
    sign_in()
    other = replace(PERSON, identity_number="140525198811210047")
    HolderFactory(name="田春雨", identity_number="140525198811210047")
    assert refused(other) == real_name.OTHER_NUMBER
    outside.refresh_from_db()
    assert outside.same_as.identity_number == NUMBER


def test_sign_in_when_the_subject_is_a_numbered_holders_then_refused() -> None:
    person(outside_subject="province:1")
    HolderFactory(name="田春雨", identity_number="140525198811210047")
    other = replace(PERSON, identity_number="140525198811210047")
    assert refused(other) == real_name.OTHER_NUMBER


@pytest.mark.parametrize("told", [PERSON, NUMBERLESS])
def test_sign_in_when_the_register_has_another_name_then_refused(told: Assertion) -> None:
    if told.identity_number:
        HolderFactory(
            name="田春风", identity_number=NUMBER, entered_by_department=DepartmentFactory()
        )
    else:
        HolderFactory(name="田春风", outside=True, outside_subject="province:1")
    sentence = refused(told)
    assert sentence == real_name.OTHER_NAME
    assert "发证的单位" in sentence
    assert "田" not in sentence


def test_sign_in_when_the_level_is_too_low_then_says_which_and_where(settings: Any) -> None:
    settings.PORTAL_ASSURANCE_LEVEL = 3
    sentence = refused(replace(PERSON, level=2))
    assert "3 级" in sentence
    assert "2 级" in sentence
    assert "province" in sentence
    assert sign_in(replace(PERSON, level=3)).check.level == 3


@pytest.mark.parametrize(
    "told",
    [
        replace(PERSON, identity_number="140525199103121022"),
        replace(PERSON, identity_type="001"),
        replace(PERSON, name="田" * 201),
        replace(COMPANY, enterprise_code="91140525MA0000023B"),
    ],
)
def test_sign_in_when_the_identity_cannot_be_right_then_refused(told: Assertion) -> None:
    assert refused(told) == real_name.BAD_IDENTITY


def test_representative_when_signed_in_then_acts_for_the_enterprise() -> None:
    signed_in = sign_in(COMPANY)
    mandate, check = signed_in.mandate, signed_in.check
    assert (mandate.agent, mandate.principal) == (check.holder, check.enterprise)
    assert (mandate.kind, mandate.until_on) == ("legal_representative", None)
    assert check.enterprise.kind == "legal_person"
    assert check.office == "legal_representative"
    acting = holder_session_of(str(check.uuid), str(mandate.uuid))
    assert acting.principal == check.enterprise
    again = sign_in(COMPANY)
    assert again.mandate == mandate
    assert Record.objects.filter(action="representative_known").count() == 1


def test_enterprise_when_it_is_a_sole_trader_then_no_legal_person() -> None:
    trader = replace(COMPANY, enterprise_code="92140525MA0000024A")
    signed_in = sign_in(trader)
    assert signed_in.check.enterprise.kind == "sole_trader"
    signed_in.check.enterprise.refresh_from_db()
    assert signed_in.check.enterprise.operator == signed_in.check.holder
    assert signed_in.mandate.footing == "经营者"
    acting = holder_session_of(str(signed_in.check.uuid), str(signed_in.mandate.uuid))
    assert acting.actor.name == "经营者"
    assert Capability.GIVE_MANDATES.value in acting.actor.grants


def test_enterprise_when_the_register_has_another_name_then_refused() -> None:
    HolderFactory(enterprise=True, name="另一家", identity_number=CODE)
    assert refused(COMPANY) == real_name.OTHER_ENTERPRISE_NAME


def enterprise() -> Holder:
    return HolderFactory(enterprise=True, name="清泉供水站", identity_number=CODE)


def test_agent_when_a_mandate_counts_then_acts_by_it() -> None:
    own = mandate_of(person(), enterprise())
    assert sign_in(AGENT).mandate == own


@pytest.mark.parametrize("how", ["none", "past", "ended", "neighbour", "other_kind"])
def test_agent_when_no_mandate_counts_then_refused(how: str) -> None:
    agent, company = person(), enterprise()
    today = clock.today()
    if how == "past":
        mandate_of(agent, company, until_on=today - timedelta(days=1))
    elif how == "ended":
        Mandate.objects.filter(pk=mandate_of(agent, company).pk).update(ended_at=clock.now())
    elif how == "neighbour":
        mandate_of(HolderFactory(), company)
        mandate_of(agent, HolderFactory(enterprise=True))
    elif how == "other_kind":
        mandate_of(agent, company, kind=MandateKind.LEGAL_REPRESENTATIVE)
    assert refused(AGENT) == real_name.NO_MANDATE.format(sort="企业", head="法定代表人")


def change_of_representative() -> dict[str, Mandate]:
    """Mandates before another representative signs in, by what they are."""
    company, former = enterprise(), HolderFactory()
    given, onward, window = HolderFactory(), HolderFactory(), HolderFactory()
    found = {
        "former": mandate_of(former, company, kind=MandateKind.LEGAL_REPRESENTATIVE),
        "given": mandate_of(given, company),
        "onward": mandate_of(onward, company),
        "window": mandate_of(window, company),
        "elsewhere": mandate_of(given, HolderFactory(enterprise=True)),
    }
    for name, giver in {"given": former, "onward": given, "elsewhere": former}.items():
        Mandate.objects.filter(pk=found[name].pk).update(given_by=giver)
    return found


@pytest.mark.parametrize("ends_all", [True, False])
def test_representative_when_another_one_signs_in_then_ends_what_it_must(
    settings: Any, ends_all: bool
) -> None:
    settings.PORTAL_MANDATES_END_WITH_REPRESENTATIVE = ends_all
    before = change_of_representative()
    sign_in(COMPANY)
    ended = {
        name for name, one in before.items() if Mandate.objects.get(pk=one.pk).ended_at is not None
    }
    wanted = {"former", "given", "onward"} if ends_all else {"former"}
    assert ended == wanted
    told = set(Notification.objects.values_list("holder_id", flat=True))
    assert told == {before[name].agent_id for name in wanted}
    trail = Record.objects.filter(action="mandate_ended").values_list("subject_key", flat=True)
    assert set(trail) == {str(before[name].uuid) for name in wanted}
    sign_in(COMPANY)
    assert Notification.objects.count() == len(wanted)


def test_sign_out_when_done_then_the_check_opens_nothing() -> None:
    signed_in = sign_in()
    key = str(signed_in.check.uuid)
    actor = holder_session_of(key, "").actor
    leaving.sign_out(actor=actor, check=signed_in.check)
    assert holder_session_of(key, "") is None
    signed_in.check.refresh_from_db()
    ended_at = signed_in.check.ended_at
    leaving.sign_out(actor=actor, check=signed_in.check)
    signed_in.check.refresh_from_db()
    assert signed_in.check.ended_at == ended_at


def test_check_when_half_a_day_is_over_then_opens_nothing(wednesday: Any) -> None:
    key = str(sign_in().check.uuid)
    wednesday.shift(timedelta(hours=11, minutes=59))
    assert holder_session_of(key, "") is not None
    wednesday.shift(timedelta(minutes=1))
    assert holder_session_of(key, "") is None
