"""Who may act for whom: given, refused, ended; with neighbours of the same kind (M.20)."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine

from audit.trail.models import Record
from tests.cast import Cast
from tests.factories.parties import HolderFactory
from tests.families import number_of, person, represented
from tests.flows.test_twice_at_once import ONCE, at_once
from tests.holders import holder_actor, mandate_of
from tests.records import outcomes
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import Actor, public
from zezhou_portal.parties.mandates.ending import end_mandate
from zezhou_portal.parties.mandates.giving import (
    Named,
    appoint_agent,
    choose_principal,
    give_helper,
)
from zezhou_portal.parties.models import Holder, Mandate, MandateKind, Notification, Power
from zezhou_portal.regulation.errors import NotPermitted, RuleBroken

pytestmark = [pytest.mark.django_db, pytest.mark.article("M.20")]
CLERK = Named("王经办", number_of(date(1990, 6, 7), 41))


def _soon() -> date:
    return clock.today() + timedelta(days=90)


def appoint(actor: Actor, agent: Named = CLERK, **how: Any) -> Mandate:
    values: dict[str, Any] = {"powers": ["show"], "until_on": _soon()}
    return appoint_agent(actor=actor, agent=agent, **{**values, **how})


def helped(principal: Holder, helper: Named = CLERK, **how: Any) -> Mandate:
    values: dict[str, Any] = {"powers": ["show", "copy"], "until_on": _soon()}
    actor = how.pop("actor", None) or holder_actor(principal)
    return give_helper(actor=actor, helper=helper, **{**values, **how})


def refused(verb: Callable[[], Any]) -> str:
    with pytest.raises((RuleBroken, NotPermitted)) as caught:
        verb()
    return str(caught.value)


@pytest.fixture
def boss() -> Holder:
    return person("赵代表", serial=11)


@pytest.fixture
def firm() -> Holder:
    return HolderFactory(enterprise=True)


def test_agent_when_the_representative_appoints_then_acts_with_those_powers(
    boss: Holder, firm: Holder
) -> None:
    actor, _ = represented(boss, firm)
    mandate = appoint(actor)
    assert (mandate.kind, mandate.basis, mandate.given_by) == ("agent", "appointment", boss)
    assert mandate.powers == ["see", "show"]
    agent = Holder.objects.get(pk=mandate.agent_id)
    assert agent.name == "王经办"
    acting = holder_actor(agent, mandate)
    assert acting.grants == {"see_own_licences", "present_own_licences"}
    (done,) = Record.objects.filter(action="agent_appointed", subject_kind="mandate")
    assert done.outcome == "done"
    assert done.facts["until"] == _soon().isoformat()
    everything = str([row.content() for row in Record.objects.all()])
    assert CLERK.name not in everything
    assert CLERK.citizen_id not in everything
    assert Record.objects.filter(action="holder_entered", subject_key=str(agent.uuid)).exists()


def test_agent_when_appointed_then_both_sides_are_told_once(boss: Holder, firm: Holder) -> None:
    actor, _ = represented(boss, firm)
    mandate = appoint(actor)
    told = Notification.objects.filter(action="mandate_given")
    assert set(told.values_list("holder_id", flat=True)) == {firm.pk, boss.pk, mandate.agent_id}
    assert "不愿意代办，可以退回" in told.get(holder_id=mandate.agent_id).body
    end_mandate(actor=actor, mandate=mandate)
    assert Notification.objects.filter(action="mandate_ended").count() == 3


@pytest.mark.parametrize(
    "who", ["neighbour's representative", "agent", "former", "self", "helper", "nobody", "clerk"]
)
def test_agent_when_anybody_else_appoints_then_refused(
    cast: Cast, boss: Holder, firm: Holder, who: str
) -> None:
    _, standing = represented(boss, firm)
    other = person("钱邻家", serial=12)
    neighbour_firm = HolderFactory(enterprise=True)
    neighbour, _ = represented(other, neighbour_firm)
    if who == "neighbour's representative":
        # their own enterprise's agent is theirs to appoint, and nobody else's
        assert appoint(neighbour).principal == neighbour_firm
        assert not Mandate.objects.filter(principal=firm, kind="agent").exists()
        return
    actors: dict[str, Callable[[], Actor]] = {
        # an agent holds no power to appoint, and a row that says otherwise gives none
        "agent": lambda: holder_actor(other, mandate_of(other, firm, powers=(*Power,))),
        "self": lambda: holder_actor(boss),
        "helper": lambda: holder_actor(other, mandate_of(other, boss, kind=MandateKind.HELPER)),
        "nobody": lambda: public("test"),
        "clerk": lambda: cast.actor("power.verifier"),
        "former": lambda: _former(boss, standing),
    }
    actor = actors[who]()
    refused(lambda: appoint(actor))
    assert not Mandate.objects.filter(kind="agent", given_by__isnull=False).exists()
    assert outcomes("agent_appointed")[-1][0] == "refused"


def _former(boss: Holder, standing: Mandate) -> Actor:
    """The representative as their open page still has them, after another one is known."""
    actor = holder_actor(boss, standing)
    standing.ended_at, standing.end_reason = clock.now(), "representative_changed"
    standing.save()
    return actor


def test_agent_when_the_representative_names_themselves_then_refused(
    boss: Holder, firm: Holder
) -> None:
    actor, _ = represented(boss, firm)
    said = refused(lambda: appoint(actor, Named(boss.name, boss.identity_number)))
    assert "您是法定代表人" in said


@pytest.mark.parametrize(
    ("agent", "field"),
    [
        (Named("", CLERK.citizen_id), "name"),
        (Named("王经办", "140525199006070999"), "citizen_id"),
        (Named("王经办", ""), "citizen_id"),
        (Named("王经办", number_of(date(2008, 11, 19), 5)), "citizen_id"),
    ],
)
def test_agent_when_typed_wrong_or_a_minor_then_said_at_the_field(
    boss: Holder, firm: Holder, agent: Named, field: str, wednesday: time_machine.Traveller
) -> None:
    actor, _ = represented(boss, firm)
    with pytest.raises(RuleBroken) as caught:
        appoint(actor, agent)
    assert set(caught.value.fields) == {field}
    assert not Holder.objects.filter(name="王经办").exists()


def test_agent_when_known_under_another_name_then_the_same_neutral_sentence(
    boss: Holder, firm: Holder
) -> None:
    known = person("真名字", date(1979, 9, 9), 77)
    actor, _ = represented(boss, firm)
    said = refused(lambda: appoint(actor, Named("假名字", known.identity_number)))
    assert said == "姓名和公民身份号码对不上。请对照身份证，把两项都再核一遍。"
    assert "真名字" not in said
    assert appoint(actor, Named(" 真 名字", known.identity_number)).agent == known


def test_agent_when_one_counts_already_then_refused_and_when_run_out_then_given_anew(
    boss: Holder, firm: Holder, wednesday: time_machine.Traveller
) -> None:
    actor, _ = represented(boss, firm)
    first = appoint(actor, until_on=clock.today())
    assert "已经委托过这个人，到 2026年11月18日为止" in refused(lambda: appoint(actor))
    wednesday.shift(timedelta(days=1))
    second = appoint(actor)
    first.refresh_from_db()
    assert first.end_reason == "lapsed"
    assert second.is_live(clock.today())


def test_agent_when_for_several_enterprises_then_each_has_its_own_powers(boss: Holder) -> None:
    firms = [HolderFactory(enterprise=True) for _ in range(3)]
    given = [
        appoint(represented(boss, firm)[0], powers=powers)
        for firm, powers in zip(firms, ([], ["show"], ["show", "copy"]), strict=True)
    ]
    assert len({row.agent_id for row in given}) == 1
    assert [len(row.powers) for row in given] == [1, 2, 3]
    end_mandate(actor=represented_again(boss, firms[1]), mandate=given[1])
    assert [row.principal for row in Mandate.objects.filter(kind="agent", ended_at=None)] == [
        firms[0], firms[2],
    ]  # fmt: skip


def represented_again(boss: Holder, firm: Holder) -> Actor:
    mandate = Mandate.objects.get(principal=firm, agent=boss, kind="legal_representative")
    return holder_actor(boss, mandate)


@pytest.mark.django_db(transaction=True)
def test_agent_when_appointed_twice_at_once_then_once(boss: Holder, firm: Holder) -> None:
    actor, _ = represented(boss, firm)
    assert at_once(lambda: appoint(actor), lambda: appoint(actor)) == ONCE
    assert Mandate.objects.filter(kind="agent", principal=firm).count() == 1
    assert Holder.objects.filter(name=CLERK.name).count() == 1


@pytest.mark.django_db(transaction=True)
def test_end_when_both_sides_press_at_once_then_once(boss: Holder, firm: Holder) -> None:
    actor, _ = represented(boss, firm)
    mandate = appoint(actor)
    agent = holder_actor(Holder.objects.get(pk=mandate.agent_id), mandate)
    assert (
        at_once(
            lambda: end_mandate(actor=actor, mandate=mandate),
            lambda: end_mandate(actor=agent, mandate=mandate),
        )
        == ONCE
    )
    assert [one[0] for one in outcomes("mandate_ended")].count("refused") == 1
    # two records of the one ending (the mandate's and the holder's), one of the refusal
    assert Record.objects.filter(action="mandate_ended", subject_kind="mandate").count() == 2


def test_helper_when_an_adult_of_the_family_then_acts_and_may_not_appoint() -> None:
    mother = person("李母亲", date(1950, 1, 1), 21)
    mandate = helped(mother)
    assert (mandate.kind, mandate.given_by, mandate.powers) == (
        "helper", mother, ["see", "show", "copy"],
    )  # fmt: skip
    helper = holder_actor(Holder.objects.get(pk=mandate.agent_id), mandate)
    assert "give_mandates" not in helper.grants
    another = Named("第三人", number_of(date(1991, 1, 1), 9))
    assert "您代办的权限里没有" in refused(lambda: helped(mother, another, actor=helper))


def test_helper_when_a_minor_names_or_is_named_then_refused(
    wednesday: time_machine.Traveller,
) -> None:
    mother = person("李母亲", date(1950, 1, 1), 21)
    young = Named("小年轻", number_of(date(2008, 11, 19), 3))
    assert "帮您办的家人要年满 18 周岁" in refused(lambda: helped(mother, young))
    assert helped(mother, Named("刚成年", number_of(date(2008, 11, 18), 3))).powers
    minor = person("小学生", date(2015, 1, 1), 4)
    assert "由父母代办" in refused(lambda: helped(minor))


def test_helper_when_it_is_oneself_or_for_an_enterprise_then_refused(
    boss: Holder, firm: Holder
) -> None:
    mother = person("李母亲", date(1950, 1, 1), 21)
    own = Named(mother.name, mother.identity_number)
    assert "代办人就是持证人自己" in refused(lambda: helped(mother, own))
    actor, _ = represented(boss, firm)
    assert "请先切换到“我自己”" in refused(lambda: helped(firm, actor=actor))
    assert not Mandate.objects.filter(kind="helper").exists()


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("principal", True), ("agent", True), ("agent as himself", True),
        ("neighbour", False), ("neighbour's agent", False), ("nobody", False),
        ("neighbour's window", False), ("clerk without it", False),
    ],
)  # fmt: skip
def test_end_of_a_helper_when_somebody_presses_then_only_the_two_sides(
    cast: Cast, who: str, may: bool
) -> None:
    mother, other = person("李母亲", serial=21), person("邻居", serial=22)
    mandate = helped(mother)
    agent = Holder.objects.get(pk=mandate.agent_id)
    neighbours = helped(other, Named("邻家帮手", number_of(date(1988, 1, 1), 2)))
    actor = {
        "principal": lambda: holder_actor(mother),
        "agent": lambda: holder_actor(agent, mandate),
        "agent as himself": lambda: holder_actor(agent),
        "neighbour": lambda: holder_actor(other),
        "neighbour's agent": lambda: holder_actor(
            Holder.objects.get(pk=neighbours.agent_id), neighbours
        ),
        "nobody": lambda: public("test"),
        "neighbour's window": lambda: cast.actor("power.verifier"),
        "clerk without it": lambda: cast.actor("market.clerk"),
    }[who]()
    if may:
        end_mandate(actor=actor, mandate=mandate)
    else:
        refused(lambda: end_mandate(actor=actor, mandate=mandate))
    mandate.refresh_from_db()
    assert (mandate.ended_at is not None) is may
    neighbours.refresh_from_db()
    assert neighbours.ended_at is None


def test_end_when_pressed_again_or_run_out_then_said_and_nothing_changes(
    wednesday: time_machine.Traveller,
) -> None:
    mother = person("李母亲", serial=21)
    mandate = helped(mother)
    end_mandate(actor=holder_actor(mother), mandate=mandate)
    mandate.refresh_from_db()
    at = mandate.ended_at
    wednesday.shift(timedelta(minutes=1))
    said = refused(lambda: end_mandate(actor=holder_actor(mother), mandate=mandate))
    assert said == "这份代办已经结束了，没有再改动。"
    mandate.refresh_from_db()
    assert (mandate.ended_at, mandate.end_reason) == (at, "by_principal")


def test_end_of_an_enterprises_agent_when_not_the_representative_then_refused(
    boss: Holder, firm: Holder
) -> None:
    actor, standing = represented(boss, firm)
    one = appoint(actor)
    two = appoint(actor, Named("孙同事", number_of(date(1992, 2, 2), 6)))
    colleague = holder_actor(Holder.objects.get(pk=two.agent_id), two)
    refused(lambda: end_mandate(actor=colleague, mandate=one))
    former = _former(boss, standing)
    refused(lambda: end_mandate(actor=former, mandate=one))
    successor = person("新代表", serial=13)
    later, _ = represented(successor, firm)
    end_mandate(actor=later, mandate=one)
    one.refresh_from_db()
    assert one.end_reason == "by_principal"


def test_end_of_the_representative_when_pressed_then_only_the_register_ends_it(
    boss: Holder, firm: Holder
) -> None:
    actor, standing = represented(boss, firm)
    assert "随营业执照走" in refused(lambda: end_mandate(actor=actor, mandate=standing))


def test_parents_mandate_when_the_child_presses_then_stands(
    wednesday: time_machine.Traveller,
) -> None:
    father, minor = person("父亲", serial=31), person("女儿", date(2012, 1, 1), 32)
    mandate = mandate_of(father, minor, kind=MandateKind.GUARDIAN)
    assert "请父母退回" in refused(lambda: end_mandate(actor=holder_actor(minor), mandate=mandate))
    end_mandate(actor=holder_actor(father), mandate=mandate)
    mandate.refresh_from_db()
    assert mandate.end_reason == "returned"


def test_switch_when_the_mandate_is_ones_own_and_live_then_recorded(
    boss: Holder, firm: Holder
) -> None:
    actor, standing = represented(boss, firm)
    neighbour = person("钱邻家", serial=12)
    choose_principal(actor=holder_actor(boss), mandate=standing)
    choose_principal(actor=actor, mandate=None)
    assert [one[0] for one in outcomes("principal_chosen")] == ["done", "done", "done"]
    refused(lambda: choose_principal(actor=holder_actor(neighbour), mandate=standing))
    standing.ended_at = clock.now()
    standing.save()
    refused(lambda: choose_principal(actor=holder_actor(boss), mandate=standing))
