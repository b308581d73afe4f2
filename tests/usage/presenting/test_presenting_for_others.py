"""What a mandate's powers let an agent do, and what is left of it once it has ended (M.20)."""

from datetime import timedelta

import pytest
import time_machine

from audit.trail.models import Record
from licences.models import Licence
from licences.register.visibility import licences_held
from tests.cast import Cast
from tests.families import ALL, person
from tests.holders import checked, holder_actor, mandate_of
from tests.usage.presenting.test_present_and_read import holder_of, read
from tests.usage.sealed import in_force
from usage.models import Presentation
from usage.presenting import presentations
from usage.presenting.presentations import Chosen
from usage.verifying import redemption
from usage.verifying.outcomes import Outcome
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.parties.access import permit
from zezhou_portal.parties.capabilities import OWN, Capability
from zezhou_portal.parties.identity.session import holder_session_of
from zezhou_portal.parties.mandates.ending import end_mandate
from zezhou_portal.parties.models import Mandate, MandateKind, Power
from zezhou_portal.regulation.errors import NotPermitted, RuleBroken

pytestmark = [pytest.mark.django_db, pytest.mark.article("M.20")]


@pytest.fixture
def licence(cast: Cast) -> Licence:
    return in_force(cast)


def shown_by(actor: Actor, licence: Licence, **how: bool) -> tuple[Presentation, str]:
    row = presentations.present(actor=actor, chosen=[Chosen(licence, ["purpose"])], **how)
    now = presentations.current_code(actor=actor, presentation=row)
    assert now is not None
    return row, now.code.secret


def agent_of(licence: Licence, *powers: Power) -> tuple[Actor, Mandate]:
    agent = person("王经办", serial=9)
    mandate = mandate_of(agent, holder_of(licence), powers=powers)
    return holder_actor(agent, mandate), mandate


GIVES = {
    (Power.SEE,): {Capability.SEE_OWN_LICENCES},
    (Power.SEE, Power.SHOW): {Capability.SEE_OWN_LICENCES, Capability.PRESENT_OWN_LICENCES},
    (Power.SEE, Power.COPY): {Capability.SEE_OWN_LICENCES, Capability.TAKE_OWN_COPIES},
    (Power.SHOW,): {Capability.SEE_OWN_LICENCES, Capability.PRESENT_OWN_LICENCES},
    ALL: set(OWN),
}


@pytest.mark.parametrize("powers", GIVES)
@pytest.mark.parametrize("capability", sorted(OWN))
def test_agent_when_powers_are_given_then_those_and_no_others(
    licence: Licence, powers: tuple[Power, ...], capability: Capability
) -> None:
    actor, _ = agent_of(licence, *powers)
    if capability in GIVES[powers]:
        permit(actor, capability)
        return
    with pytest.raises(NotPermitted):
        permit(actor, capability)


def test_agent_when_only_seeing_is_given_then_shows_nothing(licence: Licence) -> None:
    actor, _ = agent_of(licence, Power.SEE)
    assert list(licences_held(actor)) == [licence]
    with pytest.raises(NotPermitted):
        presentations.present(actor=actor, chosen=[Chosen(licence, [])])
    assert Presentation.objects.count() == 0


def test_agent_when_the_licence_is_a_neighbours_then_not_found(
    cast: Cast, licence: Licence
) -> None:
    actor, _ = agent_of(licence, *ALL)
    neighbours = in_force(cast)
    assert list(licences_held(actor)) == [licence]
    with pytest.raises(RuleBroken) as caught:
        presentations.present(actor=actor, chosen=[Chosen(neighbours, [])])
    assert "没有找到这份证照" in caught.value.reason


def test_presentation_when_an_agent_opens_it_then_names_the_footing(
    cast: Cast, licence: Licence
) -> None:
    actor, mandate = agent_of(licence, Power.SEE, Power.SHOW)
    row, code = shown_by(actor, licence)
    assert row.mandate == mandate
    got = read(cast, code)
    presented = next(
        one for one in got.licences[0].verification.answers if one["reason_code"] == "mandate"
    )
    assert presented["reason"] == "企业经办人代为出示"


@pytest.mark.parametrize("how", ["ended", "run out"])
def test_presentation_when_the_mandate_ends_before_the_reading_then_says_so_and_shows_nothing(
    wednesday: time_machine.Traveller, cast: Cast, licence: Licence, how: str
) -> None:
    actor, mandate = agent_of(licence, Power.SEE, Power.SHOW)
    _, code = shown_by(actor, licence)
    if how == "ended":
        end_mandate(actor=actor, mandate=mandate)
    else:
        Mandate.objects.filter(pk=mandate.pk).update(until_on=mandate.from_on + timedelta(days=1))
    got = read(cast, code)
    assert got.outcome is Outcome.MANDATE_ENDED
    assert got.licences[0].disclosure is None


def test_presentation_when_the_mandate_ends_after_the_consent_then_nothing_is_fetched(
    cast: Cast, licence: Licence
) -> None:
    actor, mandate = agent_of(licence, Power.SEE, Power.SHOW)
    row, code = shown_by(actor, licence, asks_consent=True)
    asked = read(cast, code)
    presentations.agree(actor=actor, presentation=row)
    end_mandate(actor=actor, mandate=mandate)
    row = Presentation.objects.get(pk=row.pk)
    got = redemption.fetch_agreed(
        actor=cast.actor("power.verifier"), presentation=row, reader_key=asked.reader_key
    )
    assert got.outcome is Outcome.MANDATE_ENDED
    assert got.licences[0].disclosure is None


def test_presentation_when_the_mandate_ended_with_the_page_open_then_refused(
    licence: Licence,
) -> None:
    actor, mandate = agent_of(licence, Power.SEE, Power.SHOW)
    end_mandate(actor=actor, mandate=mandate)
    with pytest.raises(NotPermitted) as caught:
        presentations.present(actor=actor, chosen=[Chosen(licence, [])])
    assert "已经结束" in caught.value.reason
    assert Presentation.objects.count() == 0


def test_presentation_when_somebody_acts_on_two_footings_then_rests_on_the_one_that_shows(
    licence: Licence,
) -> None:
    agent = person("王经办", serial=9)
    mandate_of(agent, holder_of(licence), powers=(Power.SEE,))
    presentation = mandate_of(
        agent, holder_of(licence), kind=MandateKind.LEGAL_REPRESENTATIVE, powers=ALL
    )
    row, _ = shown_by(holder_actor(agent, presentation), licence)
    assert row.mandate == presentation


def test_next_click_when_the_mandate_has_ended_then_acts_for_oneself_and_finds_nothing(
    licence: Licence,
) -> None:
    actor, mandate = agent_of(licence, Power.SEE)
    check = str(checked(mandate.agent).uuid)
    before = holder_session_of(check, str(mandate.uuid))
    assert before is not None
    assert list(licences_held(before.actor)) == [licence]
    end_mandate(actor=actor, mandate=mandate)
    after = holder_session_of(check, str(mandate.uuid))
    assert after is not None
    assert after.is_self
    assert list(licences_held(after.actor)) == []
    assert Record.objects.filter(action="mandate_ended", subject_kind="mandate").count() == 1


def test_mandate_when_it_is_another_persons_then_their_session_does_not_take_it(
    licence: Licence,
) -> None:
    _, mandate = agent_of(licence, *ALL)
    stranger = person("陌生人", serial=10)
    found = holder_session_of(str(checked(stranger).uuid), str(mandate.uuid))
    assert found is not None
    assert found.is_self
