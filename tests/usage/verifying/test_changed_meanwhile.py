"""What changed between presentation and reading, and who comes with somebody else's key (P.2.3.3)."""

from datetime import timedelta
from functools import partial

import pytest
import time_machine

from audit.trail.models import Record
from licences.models import Licence, LicenceVersion
from seals.models import Seal
from tests.cast import Cast
from tests.factories.parties import HolderFactory
from tests.holders import holder_actor, mandate_of
from tests.usage.presentations import at_once, holder_of, read, shown
from tests.usage.sealed import in_force, made
from usage.models import Presentation, PresentationOff, Verification
from usage.presenting import presentations
from usage.presenting.presentations import Chosen
from usage.verifying import redemption
from usage.verifying.outcomes import Outcome
from usage.verifying.results import VerificationResult, again
from usage.verifying.version_facts import presented_in
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import public
from zezhou_portal.parties.models import Mandate
from zezhou_portal.regulation.errors import RuleBroken
from zezhou_portal.regulation.limits import READING_STAYS_OPEN


@pytest.mark.article("P.2.3.3")
def test_a_photograph_of_the_screen_when_read_first_by_a_stranger_then_both_are_told(
    cast: Cast,
) -> None:
    licence = in_force(cast)
    row, code = shown(licence)
    stranger = read(public("test"), code.secret)
    assert stranger.outcome is Outcome.VALID
    assert stranger.licences[0].disclosure is not None
    assert stranger.licences[0].disclosure.fields == ()
    honest = read(cast.actor("power.verifier"), code.secret)
    assert honest.outcome is Outcome.CODE_USED
    assert honest.licences[0].disclosure is None
    row.refresh_from_db()
    assert (row.state, row.reader_name) == ("REDEEMED", "没有登录的人")


@pytest.mark.article("P.2.3.3", "M.8")
def test_a_licence_when_revoked_between_presentation_and_reading_then_said_so(cast: Cast) -> None:
    licence = in_force(cast)
    _, code = shown(licence)
    Licence.objects.filter(pk=licence.pk).update(state="REVOKED")
    assert read(cast.actor("power.verifier"), code.secret).outcome is Outcome.REVOKED


@pytest.mark.article("P.2.3.3", "M.8")
def test_a_licence_when_altered_between_presentation_and_reading_then_superseded(
    cast: Cast,
) -> None:
    licence = in_force(cast)
    _, code = shown(licence)
    Licence.objects.filter(pk=licence.pk).update(version_no=licence.version_no + 1)
    assert read(cast.actor("power.verifier"), code.secret).outcome is Outcome.SUPERSEDED


@pytest.mark.article("P.2.3.3", "M.26")
def test_a_licence_when_switched_off_between_presentation_and_reading_then_nothing_goes_out(
    cast: Cast,
) -> None:
    licence = in_force(cast)
    _, code = shown(licence)
    PresentationOff.objects.create(licence=licence, holder=holder_of(licence), since=clock.now())
    [one] = read(cast.actor("power.verifier"), code.secret).licences
    assert one.outcome is Outcome.SWITCHED_OFF
    assert one.disclosure is None
    assert one.verification.items == []
    told = Record.objects.get(action="code_read", subject_key=str(licence.uuid))
    assert told.facts["items"] == []


@pytest.mark.article("P.2.3.3", "S.16")
def test_a_seal_when_blocked_between_presentation_and_reading_then_neither_valid_nor_false(
    cast: Cast,
) -> None:
    licence = in_force(cast)
    _, code = shown(licence)
    Seal.objects.update(state="BLOCKED", state_since=clock.now())
    assert read(cast.actor("power.verifier"), code.secret).outcome is Outcome.SEAL_BLOCKED


def ended(mandate: Mandate) -> None:
    mandate.ended_at = clock.now()
    mandate.save(update_fields=["ended_at"])


@pytest.mark.article("M.20")
def test_a_mandate_when_ended_between_presentation_and_reading_then_said_so(cast: Cast) -> None:
    licence = in_force(cast)
    agent = HolderFactory(name="经办人")
    mandate = mandate_of(agent, holder_of(licence))
    row, code = shown(licence, by=holder_actor(agent, mandate))
    assert row.mandate == mandate
    ended(mandate)
    got = read(cast.actor("power.verifier"), code.secret)
    assert got.outcome is Outcome.MANDATE_ENDED
    assert got.licences[0].disclosure is None


@pytest.mark.article("M.20")
def test_a_mandate_when_ended_while_the_holder_is_asked_then_nothing_goes_out(cast: Cast) -> None:
    licence = in_force(cast)
    agent = HolderFactory(name="经办人")
    mandate = mandate_of(agent, holder_of(licence))
    actor = holder_actor(agent, mandate)
    reader = cast.actor("power.verifier")
    row, code = shown(licence, by=actor, asks_consent=True)
    asked = read(reader, code.secret)
    presentations.agree(actor=actor, presentation=row)
    ended(mandate)
    row = Presentation.objects.get(pk=row.pk)
    [one] = redemption.fetch_agreed(
        actor=reader, presentation=row, reader_key=asked.reader_key
    ).licences
    assert one.outcome is Outcome.MANDATE_ENDED
    assert one.disclosure is None
    assert one.verification.items == []


@pytest.mark.article("M.20")
def test_consent_when_the_mandate_has_ended_then_not_given(cast: Cast) -> None:
    licence = in_force(cast)
    agent = HolderFactory(name="经办人")
    mandate = mandate_of(agent, holder_of(licence))
    actor = holder_actor(agent, mandate)
    row, code = shown(licence, by=actor, asks_consent=True)
    read(cast.actor("power.verifier"), code.secret)
    ended(mandate)
    with pytest.raises(RuleBroken, match="您的代办已经结束"):
        presentations.agree(actor=actor, presentation=Presentation.objects.get(pk=row.pk))


@pytest.mark.article("P.2.3.3", "M.26")
def test_consent_when_another_department_comes_with_the_key_then_nothing_goes_out(
    cast: Cast,
) -> None:
    licence = in_force(cast)
    row, code = shown(licence, asks_consent=True)
    asked = read(cast.actor("power.verifier"), code.secret)
    presentations.agree(actor=holder_actor(holder_of(licence)), presentation=row)
    row = Presentation.objects.get(pk=row.pk)
    for other in (cast.actor("market.verifier"), public("test")):
        got = redemption.fetch_agreed(actor=other, presentation=row, reader_key=asked.reader_key)
        assert (got.outcome, got.licences) == (Outcome.CODE_USED, ())
    assert Verification.objects.count() == 0


@pytest.mark.article("P.2.3.3")
@pytest.mark.django_db(transaction=True)
def test_consent_when_its_reader_fetches_twice_at_once_then_both_get_the_one_reading(
    cast: Cast,
) -> None:
    licence = in_force(cast)
    row, code = shown(licence, asks_consent=True)
    reader = cast.actor("power.verifier")
    asked = read(reader, code.secret)
    presentations.agree(actor=holder_actor(holder_of(licence)), presentation=row)
    rows = [Presentation.objects.get(pk=row.pk) for _ in range(2)]
    got = at_once(
        *(
            partial(
                redemption.fetch_agreed, actor=reader, presentation=one, reader_key=asked.reader_key
            )
            for one in rows
        )
    )
    assert [one.outcome for one in got] == [Outcome.VALID] * 2
    assert len({one.licences[0].verification.pk for one in got}) == 1
    assert Verification.objects.count() == 1


@pytest.mark.article("P.2.3.3", "M.26")
def test_consent_when_fetched_long_after_then_the_fields_are_gone(
    cast: Cast, wednesday: time_machine.Traveller
) -> None:
    licence = in_force(cast)
    row, code = shown(licence, asks_consent=True)
    reader = cast.actor("power.verifier")
    key = read(reader, code.secret).reader_key
    presentations.agree(actor=holder_actor(holder_of(licence)), presentation=row)

    def fetched() -> VerificationResult:
        fresh = Presentation.objects.get(pk=row.pk)
        return redemption.fetch_agreed(actor=reader, presentation=fresh, reader_key=key)

    assert fetched().outcome is Outcome.VALID
    wednesday.shift(READING_STAYS_OPEN - timedelta(seconds=1))
    assert fetched().licences[0].disclosure is not None
    wednesday.shift(timedelta(seconds=1))
    assert (fetched().outcome, fetched().licences) == (Outcome.CODE_USED, ())


@pytest.mark.article("M.26")
def test_a_second_look_when_nothing_went_out_at_first_then_nothing_goes_out(cast: Cast) -> None:
    licence = in_force(cast)
    row, code = shown(licence)
    off = PresentationOff.objects.create(
        licence=licence, holder=holder_of(licence), since=clock.now()
    )
    [one] = read(cast.actor("power.verifier"), code.secret).licences
    off.delete()
    [now] = presented_in(row)
    assert again(one.verification, now.facts, is_verifier=True).disclosure is None


@pytest.mark.article("M.19")
def test_a_reading_when_an_item_holds_nothing_then_it_is_not_kept_as_given(cast: Cast) -> None:
    licence = in_force(cast)
    version = LicenceVersion.objects.get(licence=licence)
    LicenceVersion.objects.filter(pk=version.pk).update(
        frozen={**version.frozen, "values": {**version.frozen["values"], "purpose": ""}}
    )
    actor = holder_actor(holder_of(licence))
    row = presentations.present(actor=actor, chosen=[Chosen(licence, ["purpose", "intake_site"])])
    current = presentations.current_code(actor=actor, presentation=row)
    assert current is not None
    [one] = read(cast.actor("power.verifier"), current.code.secret).licences
    assert one.verification.items == ["intake_site"]


@pytest.mark.article("P.2.3.3")
def test_present_when_a_licence_is_chosen_twice_then_shown_once(cast: Cast) -> None:
    licence = made(in_force(cast))
    actor = holder_actor(holder_of(licence))
    row = presentations.present(
        actor=actor, chosen=[Chosen(licence, ["purpose"]), Chosen(licence, ["intake_site"])]
    )
    assert row.licences.get().items == ["intake_site"]
