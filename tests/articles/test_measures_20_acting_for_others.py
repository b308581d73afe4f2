"""M.20: a holder, after a real-name check, reaches their licences; others only by a mandate."""

from datetime import timedelta

import pytest
import time_machine

from audit.trail.models import Record
from licences.models import Licence
from licences.register.visibility import licences_held
from tests.cast import Cast
from tests.factories.parties import HolderFactory
from tests.families import birth_certificate, child, person, represented
from tests.holders import checked, holder_actor
from tests.usage.presenting.test_present_and_read import holder_of, read
from tests.usage.sealed import in_force
from usage.mandates.children import add_child
from usage.presenting import presentations
from usage.presenting.presentations import Chosen
from usage.verifying.outcomes import Outcome
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.parties.identity.session import holder_session_of
from zezhou_portal.parties.mandates.ending import end_mandate
from zezhou_portal.parties.mandates.giving import Named, appoint_agent
from zezhou_portal.parties.models import Holder, Mandate

pytestmark = [pytest.mark.django_db, pytest.mark.article("M.20")]


def next_click(agent: Holder, mandate: Mandate) -> Actor:
    """Who acts on the agent's next request."""
    found = holder_session_of(str(checked(agent).uuid), str(mandate.uuid))
    assert found is not None
    return found.actor


def code_shown(actor: Actor, licence: Licence) -> str:
    row = presentations.present(actor=actor, chosen=[Chosen(licence, [])])
    now = presentations.current_code(actor=actor, presentation=row)
    assert now is not None
    return now.code.secret


def test_enterprise_when_an_agent_shows_its_licence_then_until_the_mandate_ends(
    cast: Cast,
) -> None:
    licence = in_force(cast)
    boss, _ = represented(person("赵代表", serial=1), holder_of(licence))
    agent = person("王经办", serial=2)
    assert list(licences_held(holder_actor(agent))) == []
    mandate = appoint_agent(
        actor=boss,
        agent=Named(agent.name, agent.identity_number),
        powers=["show"],
        until_on=clock.today() + timedelta(days=30),
    )
    acting = next_click(agent, mandate)
    assert read(cast, code_shown(acting, licence)).outcome is Outcome.VALID
    code = code_shown(acting, licence)
    end_mandate(actor=boss, mandate=mandate)
    assert read(cast, code).outcome is Outcome.MANDATE_ENDED
    assert list(licences_held(next_click(agent, mandate))) == []
    acts = Record.objects.filter(subject_kind="mandate").values_list("action", flat=True)
    assert set(acts) == {"agent_appointed", "mandate_ended"}


def test_family_when_the_child_comes_of_age_then_the_parent_sees_nothing_from_that_day(
    wednesday: time_machine.Traveller, cast: Cast
) -> None:
    mother, son = person("李母亲", serial=1), child("张小样")
    certificate = birth_certificate(
        cast, son, mother=mother, number="T1", born_at="2008-11-20 09:00"
    )
    mandate = add_child(actor=holder_actor(mother), certificate_number="T1", child_name=son.name)
    assert list(licences_held(next_click(mother, mandate))) == [certificate]
    wednesday.shift(timedelta(days=1))
    assert list(licences_held(next_click(mother, mandate))) == [certificate]
    wednesday.shift(timedelta(days=1))
    assert list(licences_held(next_click(mother, mandate))) == []
    assert list(licences_held(holder_actor(son))) == [certificate]


def test_neighbour_when_they_represent_another_enterprise_then_nothing_of_this_one(
    cast: Cast,
) -> None:
    licence = in_force(cast)
    neighbour, _ = represented(person("钱邻家", serial=3), HolderFactory(enterprise=True))
    assert list(licences_held(neighbour)) == []
    assert licence.holder_names
