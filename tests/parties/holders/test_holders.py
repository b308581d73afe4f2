"""Holders: one for each identity, found again without the number in the clear (M.3, M.26)."""

import pytest
from django.db import connection

from tests.cast import Cast
from tests.factories.parties import HolderFactory, citizen_id, credit_code
from tests.records import outcomes, records
from zezhou_portal.kernel import vault
from zezhou_portal.parties.holders import selectors as find
from zezhou_portal.parties.holders import services as holders
from zezhou_portal.parties.holders.changing import change_holder
from zezhou_portal.parties.holders.identity_rules import identity_fault
from zezhou_portal.parties.models import Holder, IdentityType
from zezhou_portal.regulation.errors import NotPermitted, RuleBroken

pytestmark = [pytest.mark.django_db, pytest.mark.article("M.3")]
NUMBER = "140525199001011235"


def _enter(cast: Cast, who: str = "market.clerk", **more):
    values = {"kind": "natural_person", "name": "张样", "identity_type": "111",
              "identity_number": NUMBER, "phone": "13812345678"}  # fmt: skip
    return holders.enter_holder(actor=cast.actor(who), **{**values, **more})


@pytest.mark.article("M.26")
def test_enter_holder_when_new_then_number_and_phone_are_not_in_the_database(cast: Cast) -> None:
    entered = _enter(cast, identity_number=" 140525 19900101 1235 ")
    assert not entered.was_known
    assert Holder.objects.get(pk=entered.holder.pk).identity_number == NUMBER
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT row_to_json(h)::text FROM parties_holder h WHERE id = %s", [entered.holder.pk]
        )
        stored = cursor.fetchone()[0]
    assert NUMBER not in stored
    assert "13812345678" not in stored
    written = records("holder_entered")[0]
    assert written.subject_label == "自然人"
    assert NUMBER not in str(written.facts)
    assert written.facts["identity_number"].startswith("hmac:")


def test_enter_holder_when_known_then_the_same_row(cast: Cast) -> None:
    first = _enter(cast)
    again = _enter(cast, "land.clerk", name=" 张 样 ")
    assert again.was_known
    assert again.holder == first.holder
    assert Holder.objects.filter(identity_index=first.holder.identity_index).count() == 1


def test_enter_holder_when_known_under_another_name_then_refused(cast: Cast) -> None:
    _enter(cast)
    with pytest.raises(RuleBroken) as caught:
        _enter(cast, name="李样")
    assert caught.value.fields == {
        "name": "这个号码已经登记在另一个名称下。请对照证件核对名称和号码；确实改过名的，请登记过或办过其证照的单位先变更持证人信息。"
    }
    assert "张样" not in caught.value.reason
    assert [one[0] for one in outcomes("holder_entered")] == ["done", "refused"]


def test_enter_holder_when_not_a_clerk_then_refused(cast: Cast) -> None:
    for who in ("market.reviewer", "bureau.system", "bureau.administrator"):
        with pytest.raises(NotPermitted):
            _enter(cast, who)


@pytest.mark.parametrize(
    ("more", "fields"),
    [
        ({"name": ""}, {"name": "还没有填名称。"}),
        ({"kind": ""}, {"kind": "请选持证人类别。"}),
        ({"identity_type": ""}, {"identity_type": "请选证件类型。"}),
        ({"identity_number": ""}, {"identity_number": "还没有填证件号码。没有号码的，请写明原因。"}),
        ({"identity_number": "140525199001011234"},
         {"identity_number": "校验码对不上。请对照原件，从头到尾再核一遍"}),
        ({"kind": "legal_person"}, {"identity_type": "法人不用“公民身份号码”。请换证件类型或类别。"}),
        ({"phone": "12345"}, {"phone": "电话写手机号（11 位）或固定电话（可带区号，如 0356-1234567）"}),
    ],
)  # fmt: skip
def test_enter_holder_when_typed_wrong_then_a_sentence_at_the_field(cast, more, fields) -> None:
    with pytest.raises(RuleBroken) as caught:
        _enter(cast, **more)
    assert caught.value.fields == fields
    assert not Holder.objects.filter(name="张样").exists()


def test_enter_holder_when_without_number_then_the_reason_is_recorded(cast: Cast) -> None:
    entered = _enter(cast, identity_number="", identity_type="", no_number_reason="新生儿，未落户")
    assert entered.holder.identity_index is None
    assert entered.holder.no_number_reason == "新生儿，未落户"
    # on the trail by its digest alone, for it may name people (M.26)
    told = records("holder_entered")[0].facts["no_number_reason"]
    assert told == f"hmac:{vault.blind('新生儿，未落户')}"


def test_enter_holder_when_outside_subject_then_found_again_by_it(cast: Cast) -> None:
    first = _enter(cast, identity_number="", identity_type="", outside_subject="net-7")
    again = _enter(cast, identity_number="", identity_type="", outside_subject="net-7")
    assert (again.holder, again.was_known) == (first.holder, True)
    assert find.holder_with_subject("net-7") == first.holder


@pytest.mark.parametrize(
    ("identity_type", "number", "right"),
    [
        ("414", "E12345678", True), ("414", "AB123", True), ("414", "A1", False),
        ("516", "H12345678", True), ("516", "M1234567890", True), ("516", "C12345678", False),
        ("511", "12345678", True), ("511", "1234567890(B)", True), ("511", "1234567", False),
        ("114", "军字第12345678号", True), ("999", "X", False),
        ("001", "91140525MA0000023A", True), ("001", "91140525MA0000023B", False),
        ("111", "11010519491231002X", True), ("111", "110105194912310020", False),
    ],
)  # fmt: skip
def test_identity_fault_when_judged_then_as_listed(identity_type, number, right) -> None:
    assert (identity_fault(identity_type, number) is None) is right


def test_identity_types_when_listed_then_all_sixteen_are_accepted_or_explained(cast: Cast) -> None:
    assert len(IdentityType.values) == 16
    for one in IdentityType.values:
        fault = identity_fault(one, "#")
        assert fault
        assert not fault.isascii()


def test_change_holder_when_name_changes_then_found_by_the_new_one(cast: Cast) -> None:
    holder = _enter(cast).holder
    row = change_holder(actor=cast.actor("market.clerk"), holder=holder, name="张样例", phone="")
    assert find.holders_named("样例") == [row]
    facts = records("holder_changed")[0].facts
    assert set(facts) == {"name_before", "name_after", "phone_before", "phone_after"}
    assert "张样" not in str(facts)
    assert _enter(cast, name="张样例").was_known


def test_change_holder_when_newborn_gets_a_number_then_named_by_it(cast: Cast) -> None:
    holder = _enter(cast, identity_number="", identity_type="", no_number_reason="新生儿").holder
    row = change_holder(
        actor=cast.actor("market.clerk"), holder=holder, name="张样", identity_type="111",
        identity_number=NUMBER,
    )  # fmt: skip
    assert find.holder_with_identity("111", NUMBER) == row
    with pytest.raises(RuleBroken) as caught:
        change_holder(
            actor=cast.actor("market.clerk"), holder=holder, name="张样", identity_type="111",
            identity_number=citizen_id(5),
        )  # fmt: skip
    assert caught.value.fields == {
        "identity_number": "证件号码不能改。号码不同就是另一位持证人，请另行登记。"
    }


def test_change_holder_when_number_is_another_s_then_refused(cast: Cast) -> None:
    _enter(cast)
    newborn = HolderFactory(
        name="小样", identity_type="", identity_number="", identity_index=None,
        entered_by_department=cast.market,
    )  # fmt: skip
    with pytest.raises(RuleBroken, match="另一位持证人名下"):
        change_holder(
            actor=cast.actor("market.clerk"), holder=newborn, name="小样", identity_type="111",
            identity_number=NUMBER,
        )  # fmt: skip


def test_holders_named_when_pairs_fit_but_part_does_not_then_left_out(db: None) -> None:
    right = HolderFactory(name="泽州县晋香食府")
    HolderFactory(name="晋香与香食")  # has both pairs of 晋香食, not the part itself
    assert find.holders_named("晋香食") == [right]
    assert find.holders_named("晋") == []
    assert find.holders_named("　晋 香") == [*find.holders_named("晋香")]


def test_search_holders_when_by_number_or_name_then_found_and_recorded(cast: Cast) -> None:
    holder = _enter(cast, kind="legal_person", identity_type="001", name="泽州县晋香食府",
                    identity_number=credit_code(5, "91140525")).holder  # fmt: skip
    actor = cast.actor("market.clerk")
    assert list(holders.search_holders(actor=actor, text=credit_code(5, "91140525").lower())) == [
        holder
    ]
    assert list(holders.search_holders(actor=actor, text="晋香")) == [holder]
    assert [one.facts for one in records("holders_searched")] == [{"found": 1}, {"found": 1}]
    with pytest.raises(NotPermitted):
        holders.search_holders(actor=cast.actor("bureau.administrator"), text="晋香")
