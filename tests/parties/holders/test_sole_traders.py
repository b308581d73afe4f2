"""Sole traders: a kind of their own, done by a natural person, named after them (Civil Code 54)."""

from datetime import date
from importlib import import_module

import pytest
from django.apps import apps

from licences.stock.sheets.identities import kind_of_code
from tests.cast import Cast
from tests.factories.licences import Applications
from tests.factories.parties import HolderFactory, credit_code
from tests.families import number_of, person, represented
from tests.parties.mandates.test_mandates import appoint
from tests.records import records
from zezhou_portal.parties.holders.changing import change_holder
from zezhou_portal.parties.holders.operators import Operator
from zezhou_portal.parties.holders.services import enter_holder, forget_holders
from zezhou_portal.parties.mandates.ending import demand_representative, end_mandate
from zezhou_portal.parties.mandates.giving import Named
from zezhou_portal.parties.models import Holder
from zezhou_portal.regulation.errors import NotPermitted, RuleBroken

pytestmark = [
    pytest.mark.django_db, pytest.mark.usefixtures("wednesday"), pytest.mark.article("M.3"),
]  # fmt: skip
CODE = credit_code(77, "92140525")
BORN = date(1979, 4, 18)
OWNER = Operator("侯麦香", number=number_of(BORN))


def entered(cast: Cast, who: str = "market.clerk", **more):
    told = {
        "kind": "sole_trader", "name": "麦香小吃店", "identity_type": "001",
        "identity_number": CODE, "operator": OWNER,
    }  # fmt: skip
    return enter_holder(actor=cast.actor(who), **{**told, **more}).holder


def test_trader_when_entered_then_its_operator_is_a_natural_person(cast: Cast) -> None:
    trader = entered(cast)
    assert (trader.kind, trader.name) == ("sole_trader", "麦香小吃店")
    owner = trader.operator
    assert (owner.kind, owner.name, owner.identity_number) == (
        "natural_person", "侯麦香", OWNER.number,
    )  # fmt: skip
    told = records("holder_entered")
    assert {row.subject_key for row in told} == {str(trader.uuid), str(owner.uuid)}
    assert entered(cast) == trader
    assert Holder.objects.filter(kind="natural_person").exclude(pk=cast.stranger.pk).count() == 1


def test_trader_when_without_a_name_then_the_operator_s_stands_and_follows(cast: Cast) -> None:
    trader = entered(cast, name="")
    assert trader.name == "侯麦香"
    change_holder(
        actor=cast.actor("market.clerk"), holder=trader, name="侯麦香", phone="0356-1234567"
    )
    HolderFactory(name="侯麦香", kind="sole_trader", identity_type="", identity_number="")
    owner = trader.operator
    Holder.objects.filter(pk=owner.pk).update(entered_by_department=cast.market)
    change_holder(actor=cast.actor("market.clerk"), holder=owner, name="侯麦")
    trader.refresh_from_db()
    assert trader.name == "侯麦"
    assert Holder.objects.filter(name="侯麦香").count() == 1  # nobody else's


def test_trader_with_a_name_when_the_operator_is_renamed_then_keeps_it(cast: Cast) -> None:
    trader = entered(cast)
    Holder.objects.filter(pk=trader.operator_id).update(entered_by_department=cast.market)
    change_holder(actor=cast.actor("market.clerk"), holder=trader.operator, name="侯麦")
    trader.refresh_from_db()
    assert trader.name == "麦香小吃店"


@pytest.mark.parametrize(
    ("more", "field", "words"),
    [
        ({"kind": "legal_person"}, "kind", "这个号码是个体工商户的"),
        ({"kind": "unincorporated"}, "kind", "这个号码是个体工商户的"),
        ({"identity_number": credit_code(77, "91140525")}, "identity_number", "以 92 开头"),
        ({"name": "", "operator": None}, "name", "还没有填名称"),
        ({"operator": Operator("", number=OWNER.number)}, "operator_name", "还没有填经营者的姓名"),
        ({"operator": Operator("侯麦香", number="1")}, "operator_number", "18 位"),
        ({"operator": Operator("侯麦香", number=number_of(date(2026, 11, 19)))}, "operator_number",
         "还没有到"),
        ({"operator": Operator("侯麦香", "001", CODE)}, "operator_type", "请选个人的证件类型"),
    ],
)  # fmt: skip
def test_trader_when_typed_wrong_then_said_at_its_field(cast: Cast, more, field, words) -> None:
    with pytest.raises(RuleBroken) as caught:
        entered(cast, **more)
    assert words in caught.value.fields[field]
    assert not Holder.objects.filter(name="麦香小吃店").exists()


def test_operator_when_name_and_number_do_not_agree_then_one_sentence(cast: Cast) -> None:
    person("另一人", BORN)
    with pytest.raises(RuleBroken) as caught:
        entered(cast)
    assert "对不上" in caught.value.fields["operator_number"]


def test_operator_when_another_stands_then_refused(cast: Cast) -> None:
    entered(cast)
    with pytest.raises(RuleBroken, match="登记的经营者是另一个人"):
        entered(cast, operator=Operator("另一人", number=number_of(BORN, 5)))


@pytest.mark.article("M.26")
def test_operator_when_a_neighbour_tells_of_a_trader_that_stands_then_refused(cast: Cast) -> None:
    trader = entered(cast, operator=None)
    Applications(cast, place="land").received()
    with pytest.raises(RuleBroken) as caught:
        entered(cast, "land.clerk")
    assert "不是您的单位登记的" in caught.value.fields["operator_number"]
    assert entered(cast, "land.clerk", operator=None) == trader
    assert entered(cast).operator.name == "侯麦香"  # by whoever entered it


def test_operator_when_forgotten_then_not_while_the_trader_stands(cast: Cast) -> None:
    trader = entered(cast)
    assert forget_holders([trader.operator]) == 0
    assert forget_holders([trader]) == 1


def test_other_kinds_when_an_operator_is_told_then_left_out(cast: Cast) -> None:
    company = entered(
        cast, kind="legal_person", name="麦香公司", identity_number=credit_code(78, "91140525")
    )
    assert company.operator is None


def test_pages_when_a_trader_is_entered_then_kept_and_its_operator_shown_masked(cast: Cast) -> None:
    client = cast.client("market.clerk")
    sent = {
        "kind": "sole_trader", "name": "", "known_by": "number", "identity_type": "001",
        "identity_number": CODE, "operator_name": "侯麦香", "operator_type": "111",
        "operator_number": OWNER.number,
    }  # fmt: skip
    wrong = client.post("/holders/new/", {**sent, "operator_number": "1"})
    assert wrong.status_code == 422
    assert client.post("/holders/new/", sent)["Location"] == "/holders/"
    trader = Holder.objects.get(kind="sole_trader")
    page = client.get(f"/holders/{trader.uuid}/").content.decode()
    assert "个体工商户" in page
    assert "侯**" in page
    assert OWNER.number not in page
    found = client.post("/holders/", {"q": CODE}).content.decode()
    assert "个体工商户" in found


def test_page_when_a_trader_s_operator_is_not_known_then_told_there(cast: Cast) -> None:
    trader = entered(cast, operator=None)
    client, at = cast.client("market.clerk"), f"/holders/{trader.uuid}/"
    page = client.get(at).content.decode()
    assert "还没有登记" in page
    assert "补登经营者" in page
    for sent, field in (
        ({"operator_name": "侯麦香"}, "operator_number"),
        ({"operator_number": OWNER.number}, "operator_name"),
        ({"operator_type": "111"}, None),
    ):
        refused = client.post(at, sent)
        assert refused.status_code == 422
        assert set(refused.context["form"].errors) == {field or "__all__"}
    told = {"operator_name": "侯麦香", "operator_type": "111", "operator_number": OWNER.number}
    assert client.post(at, told)["Location"] == "/holders/"
    trader.refresh_from_db()
    assert trader.operator.name == "侯麦香"
    (kept,) = [row for row in records("holder_changed") if row.subject_key == str(trader.uuid)]
    assert (kept.outcome, kept.facts["operator"]) == ("done", str(trader.operator.uuid))
    page = client.get(at).content.decode()
    assert "侯**" in page
    assert "补登经营者" not in page
    # who stands is not replaced, and nobody but whoever dealt with the trader tells it
    assert client.post(at, {**told, "operator_name": "另一人"}).status_code == 422
    assert cast.client("land.clerk").post(at, told).status_code == 404


def test_page_when_the_holder_is_no_trader_then_no_operator_is_asked(cast: Cast) -> None:
    company = entered(
        cast, kind="legal_person", name="麦香公司", identity_number=credit_code(78, "91140525")
    )
    page = cast.client("market.clerk").get(f"/holders/{company.uuid}/").content.decode()
    assert "经营者" not in page


def test_sentences_when_the_enterprise_is_a_trader_then_they_name_its_operator(cast: Cast) -> None:
    trader = entered(cast)
    owner = trader.operator
    actor, mandate = represented(owner, trader)
    with pytest.raises(RuleBroken, match="经营者随营业执照走"):
        end_mandate(actor=actor, mandate=mandate)
    with pytest.raises(RuleBroken, match="您是经营者"):
        appoint(actor, Named(owner.name, owner.identity_number))
    with pytest.raises(NotPermitted, match="个体工商户的委托由经营者办"):
        demand_representative(person("丙样例").pk, trader)


def test_migration_when_run_then_codes_that_begin_with_92_are_traders() -> None:
    step = import_module("zezhou_portal.parties.migrations.0009_sole_traders")
    made = {
        code: HolderFactory(kind=kind, identity_type="001", identity_number=credit_code(n, code))
        for n, (code, kind) in enumerate(
            {
                "92140525": "legal_person",
                "92140524": "unincorporated",
                "91140525": "legal_person",
            }.items()
        )
    }
    step.set_apart(apps, None)
    kinds = {code: Holder.objects.get(pk=one.pk).kind for code, one in made.items()}
    assert kinds == {
        "92140525": "sole_trader", "92140524": "sole_trader", "91140525": "legal_person",
    }  # fmt: skip
    step.take_back(apps, None)
    assert not Holder.objects.filter(kind="sole_trader").exists()


def test_sheet_when_a_code_is_a_trader_s_then_so_is_the_holder() -> None:
    assert kind_of_code(CODE) == "sole_trader"
    assert kind_of_code(credit_code(77, "93140525")) == "legal_person"
