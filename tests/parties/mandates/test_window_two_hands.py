"""One clerk's word opens nobody's wallet: what a window records waits for a second person (M.20)."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction

from audit.trail.models import Record
from tests.cast import Cast
from tests.colleagues import second_verifier
from tests.families import person
from tests.holders import checked, holder_actor, mandate_of
from tests.parties.mandates.test_mandates import CLERK, refused
from tests.parties.mandates.test_window_mandates import CONSENT, window
from tests.records import outcomes
from zezhou_portal.kernel import clock, files
from zezhou_portal.parties.identity.session import holder_session_of
from zezhou_portal.parties.mandates.ending import end_mandate
from zezhou_portal.parties.mandates.giving import Named, give_helper
from zezhou_portal.parties.mandates.selectors import (
    mandates_held,
    mandates_of,
    mandates_proposed_to,
    mandates_to_confirm,
)
from zezhou_portal.parties.mandates.window import (
    Consent,
    agree_to_mandate,
    confirm_at_window,
    decline_at_window,
    lapse_unconfirmed,
    open_consent,
    print_letter,
)
from zezhou_portal.parties.models import Holder, Mandate, MandateKind, Notification, TextMessage

pytestmark = [pytest.mark.django_db, pytest.mark.article("M.20")]


@pytest.fixture
def granny() -> Holder:
    holder = person("李奶奶", date(1948, 1, 2), 8)
    holder.phone = "13800000001"
    holder.save()
    return holder


def proposed(cast: Cast, granny: Holder, **how: Any) -> Mandate:
    return window(cast, principal=Named(granny.name, granny.identity_number), **how)


def gives_nothing(mandate: Mandate) -> bool:
    """Whether nothing of the mandate reaches its agent, on any way."""
    mandate.refresh_from_db()
    agent = mandate.agent
    session = holder_session_of(str(checked(agent).uuid), str(mandate.uuid))
    return (
        not mandate.is_live(clock.today())
        and not mandates_held(agent.pk, clock.today()).exists()
        and not mandates_of(holder_actor(agent)).exists()
        and session is not None
        and session.is_self
    )


def test_one_clerk_alone_when_recording_then_nothing_is_opened_to_anybody(
    cast: Cast, granny: Holder
) -> None:
    mandate = proposed(cast, granny)
    assert mandate.state == "PROPOSED"
    assert gives_nothing(mandate)
    # nor by a second word of the same person, whatever they have looked at
    actor = cast.actor("power.verifier")
    open_consent(actor=actor, mandate=mandate)
    assert "这是您自己登记的" in refused(lambda: confirm_at_window(actor=actor, mandate=mandate))
    assert outcomes("mandate_confirmed")[-1][0] == "refused"
    assert not mandates_to_confirm(actor).exists()
    assert gives_nothing(mandate)


def test_database_when_one_hand_writes_both_then_refused(cast: Cast, granny: Holder) -> None:
    mandate = proposed(cast, granny)
    rows = Mandate.objects.filter(pk=mandate.pk)
    for changes in (
        {"state": "CONFIRMED"},
        {"state": "CONFIRMED", "decided_by": mandate.recorded_by, "decided_at": clock.now()},
        {"consent_digest": ""},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**changes)


def test_second_clerk_when_they_have_read_the_consent_then_it_counts(
    cast: Cast, granny: Holder
) -> None:
    mandate, colleague = proposed(cast, granny), second_verifier(cast)
    assert [one.pk for one in mandates_to_confirm(colleague)] == [mandate.pk]
    said = refused(lambda: confirm_at_window(actor=colleague, mandate=mandate))
    assert "请先打开同意书" in said
    assert open_consent(actor=colleague, mandate=mandate) == CONSENT.data
    confirm_at_window(actor=colleague, mandate=mandate)
    mandate.refresh_from_db()
    assert (mandate.state, mandate.decided_by_id) == ("CONFIRMED", colleague.account_id)
    assert [one.pk for one in mandates_held(mandate.agent_id, clock.today())] == [mandate.pk]
    assert Record.objects.filter(action="consent_opened", subject_kind="holder").exists()
    told = Notification.objects.filter(action="mandate_confirmed", holder__isnull=False)
    assert {row.holder_id for row in told} == {mandate.principal_id, mandate.agent_id}
    assert "不用再确认" in refused(lambda: confirm_at_window(actor=colleague, mandate=mandate))


@pytest.mark.parametrize("who", ["market.verifier", "power.verifier", "market.clerk"])
def test_neighbour_when_they_confirm_or_read_then_refused(
    cast: Cast, granny: Holder, who: str
) -> None:
    mandate = proposed(cast, granny)
    actor = cast.actor(who)
    if who != "power.verifier":
        refused(lambda: open_consent(actor=actor, mandate=mandate))
        refused(lambda: print_letter(actor=actor, mandate=mandate))
    refused(lambda: confirm_at_window(actor=actor, mandate=mandate))
    refused(lambda: decline_at_window(actor=actor, mandate=mandate, remarks="不是"))
    assert gives_nothing(mandate)


def test_second_clerk_when_they_decline_then_it_never_counts_and_both_are_told(
    cast: Cast, granny: Holder
) -> None:
    mandate, colleague = proposed(cast, granny), second_verifier(cast)
    said = refused(lambda: decline_at_window(actor=colleague, mandate=mandate, remarks=" "))
    assert "为什么不予确认" in said
    decline_at_window(actor=colleague, mandate=mandate, remarks="签名不是李奶奶的")
    mandate.refresh_from_db()
    assert (mandate.state, mandate.end_reason) == ("DECLINED", "declined")
    told = Notification.objects.filter(action="mandate_ended", subject_key=str(mandate.uuid))
    assert {row.holder_id or row.account_id for row in told} == {
        granny.pk, mandate.recorded_by_id,
    }  # fmt: skip
    record = Record.objects.get(action="mandate_declined")
    assert "李奶奶" not in str(record.facts)


def test_principal_when_signed_in_themselves_then_agrees(cast: Cast, granny: Holder) -> None:
    mandate = proposed(cast, granny)
    actor = holder_actor(granny)
    assert [one.pk for one in mandates_proposed_to(actor)] == [mandate.pk]
    agree_to_mandate(actor=actor, mandate=mandate)
    mandate.refresh_from_db()
    assert (mandate.state, mandate.decided_by_id) == ("CONFIRMED", None)
    assert mandates_held(mandate.agent_id, clock.today()).exists()


def test_principal_when_they_do_not_agree_then_it_never_counts(cast: Cast, granny: Holder) -> None:
    mandate = proposed(cast, granny)
    end_mandate(actor=holder_actor(granny), mandate=mandate)
    mandate.refresh_from_db()
    assert (mandate.state, mandate.end_reason) == ("REFUSED", "by_principal")
    colleague = second_verifier(cast)
    open_consent(actor=colleague, mandate=mandate)
    assert "本人不同意" in refused(lambda: confirm_at_window(actor=colleague, mandate=mandate))
    assert gives_nothing(mandate)


def test_anybody_else_when_they_agree_then_refused(cast: Cast, granny: Holder) -> None:
    mandate = proposed(cast, granny)
    helper = person("帮手", serial=77)
    by_mandate = mandate_of(helper, granny, kind=MandateKind.HELPER)
    for actor in (
        holder_actor(mandate.agent),
        holder_actor(person("路人", serial=78)),
        holder_actor(helper, by_mandate),
    ):
        refused(lambda actor=actor: agree_to_mandate(actor=actor, mandate=mandate))
        assert not mandates_proposed_to(actor).exists()
    mandate.refresh_from_db()
    assert mandate.state == "PROPOSED"


def test_child_when_a_guardian_is_proposed_then_may_refuse_and_not_agree(cast: Cast) -> None:
    girl = person("小女儿", date(2010, 2, 28), 5)
    mother = person("母亲", serial=6)
    mandate_of(mother, girl, kind=MandateKind.GUARDIAN)
    mandate = proposed(cast, girl, kind="guardian", until_on=None, powers=[])
    # a parent who acts for her already is told of another
    assert Notification.objects.filter(holder=mother, action="mandate_recorded").count() == 1
    actor = holder_actor(girl)
    assert "不用孩子同意" in refused(lambda: agree_to_mandate(actor=actor, mandate=mandate))
    end_mandate(actor=actor, mandate=mandate)
    assert gives_nothing(mandate)


def test_holders_own_hand_when_a_window_proposed_the_same_then_not_in_the_way(
    cast: Cast, granny: Holder
) -> None:
    mandate = proposed(cast, granny)
    assert "正等确认" in refused(lambda: proposed(cast, granny))
    given = give_helper(
        actor=holder_actor(granny), helper=CLERK, powers=["show"], until_on=mandate.until_on
    )
    assert given.is_live(clock.today())
    mandate.refresh_from_db()
    assert mandate.state == "REFUSED"


@pytest.mark.parametrize(
    ("consent", "said"),
    [
        (None, "还没有传同意书"),
        (Consent("a.pdf", b""), "还没有传同意书"),
        (Consent("a.pdf", b"<html>"), "不是 PDF、JPG 或 PNG"),
        (Consent("a.pdf", b"%PDF-" + b"0" * (20 * 1024 * 1024)), "超过 20 MB"),
    ],
)
def test_consent_when_missing_or_no_such_file_then_nothing_is_recorded(
    cast: Cast, consent: Consent | None, said: str
) -> None:
    assert said in refused(lambda: window(cast, consent=consent))
    assert Mandate.objects.count() == 0


def test_consent_when_kept_then_under_its_digest(cast: Cast, granny: Holder) -> None:
    mandate = proposed(cast, granny, consent=Consent("x.png", b"\x89PNG\r\n\x1a\nsigned"))
    assert mandate.consent_type == "image/png"
    assert files.read(mandate.consent_digest) == b"\x89PNG\r\n\x1a\nsigned"
    record = Record.objects.get(action="mandate_recorded", subject_kind="mandate")
    assert record.facts["file"] == mandate.consent_digest


def test_principal_when_something_is_proposed_and_confirmed_then_texted_each_time(
    cast: Cast, granny: Holder
) -> None:
    mandate = proposed(cast, granny)
    (first,) = TextMessage.objects.all()
    assert first.phone == "13800000001"
    assert "还没有生效" in first.words
    assert CLERK.name not in first.words
    agree_to_mandate(actor=holder_actor(granny), mandate=mandate)
    assert TextMessage.objects.count() == 2


def test_letter_when_printed_then_on_record(cast: Cast, granny: Holder) -> None:
    mandate = proposed(cast, granny)
    print_letter(actor=cast.actor("power.verifier"), mandate=mandate)
    record = Record.objects.get(action="mandate_letter_printed", subject_kind="mandate")
    assert record.facts["mandate_state"] == "PROPOSED"


def test_proposal_when_nobody_confirms_then_ends_by_itself(
    cast: Cast, granny: Holder, wednesday: time_machine.Traveller, settings: Any
) -> None:
    mandate, colleague = proposed(cast, granny), second_verifier(cast)
    open_consent(actor=colleague, mandate=mandate)
    wednesday.shift(timedelta(days=settings.PORTAL_MANDATE_CONFIRM_DAYS))
    assert lapse_unconfirmed() == 0
    wednesday.shift(timedelta(days=1))
    # the timer need not have come: the last day is over
    assert "过了确认的期限" in refused(lambda: confirm_at_window(actor=colleague, mandate=mandate))
    assert lapse_unconfirmed() == 1
    assert lapse_unconfirmed() == 0
    mandate.refresh_from_db()
    assert (mandate.state, mandate.end_reason) == ("UNCONFIRMED", "unconfirmed")
    assert gives_nothing(mandate)


def test_clerk_when_the_day_is_full_then_refused_and_supervision_told_once(
    cast: Cast, wednesday: time_machine.Traveller, settings: Any
) -> None:
    settings.PORTAL_WINDOW_MANDATES_A_DAY = 2
    people = [person(f"奶奶{serial}", date(1948, 1, 2), serial) for serial in range(1, 5)]
    for one in people[:2]:
        proposed(cast, one)
    for _ in range(2):
        assert "一天最多登记 2 份" in refused(lambda: proposed(cast, people[2]))
    assert Mandate.objects.count() == 2
    told = Notification.objects.filter(action="mandate_ceiling_reached")
    assert [row.account_id for row in told] == [cast.account("bureau.supervisor").pk]
    # a colleague has a day of their own, and tomorrow is another
    second_verifier(cast)
    proposed(cast, people[2], who="power.second")
    wednesday.shift(timedelta(days=1))
    proposed(cast, people[3])
