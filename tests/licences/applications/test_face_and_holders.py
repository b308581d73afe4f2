"""Face and holders agree: prefilled, said while capturing, refused at submission (M.7)."""

import pytest

from licences import values
from licences.applications import capturing, receiving
from licences.applications.completeness import faults_of
from licences.models import Application
from tests.cast import Cast
from tests.factories.licences import MARRIAGE, Applications
from tests.factories.parties import HolderFactory, citizen_id
from zezhou_portal.kernel import clock
from zezhou_portal.parties.models import Basis, Holder, Mandate, MandateKind
from zezhou_portal.regulation.errors import RuleBroken, by_field

pytestmark = pytest.mark.article("M.7")


@pytest.fixture
def couple(cast: Cast) -> list[Holder]:
    """Two people who marry."""
    return [
        HolderFactory(name="甲样例", identity_number=citizen_id(601)),
        HolderFactory(name="乙样例", identity_number=citizen_id(602)),
    ]


@pytest.fixture
def marriages(cast: Cast) -> Applications:
    """Applications for marriage certificates."""
    return Applications(cast, kind=MARRIAGE)


def captured(marriages: Applications, row: Application, **typed: str) -> Application:
    """What a clerk typed over what was taken from the holders."""
    return capturing.capture(
        actor=marriages.actor("clerk"),
        application=row,
        revision=row.revision,
        typed={"registered_on": "2026-11-24", **typed},
        licence_number="J140525-2026-000001",
        valid_from=None,
        valid_until=None,
        is_long_term=row.is_long_term,
    )


def test_couple_when_taken_from_the_holders_then_only_the_photo_is_left(
    marriages: Applications, couple: list[Holder]
) -> None:
    row = captured(marriages, marriages.received(holders=couple))
    assert list(by_field(faults_of(row))) == ["photo"]
    swapped = captured(
        marriages,
        row,
        spouse_1_name="乙样例",
        spouse_1_citizen_id=citizen_id(602),
        spouse_2_name="甲样例",
        spouse_2_citizen_id=citizen_id(601),
    )
    assert list(by_field(faults_of(swapped))) == ["photo"]


def test_strangers_number_when_typed_beside_a_holder_then_said_and_not_submitted(
    marriages: Applications, couple: list[Holder]
) -> None:
    row = captured(
        marriages, marriages.received(holders=couple), spouse_2_citizen_id=citizen_id(603)
    )
    told = by_field(faults_of(row, with_face=False))
    assert told["spouse_2_citizen_id"] == "与选定持证人登记的公民身份号码不一致。请核对"
    with pytest.raises(RuleBroken) as refusal:
        receiving.submit(actor=marriages.actor("clerk"), application=row, revision=row.revision)
    assert "spouse_2_citizen_id" in refusal.value.fields
    assert row.state == "CAPTURING"


def test_required_when_left_empty_and_known_then_taken_from_the_holder_again(
    marriages: Applications, couple: list[Holder]
) -> None:
    row = captured(marriages, marriages.received(holders=couple), spouse_1_name="")
    assert values.read(row.values, "spouse_1_name") == "甲样例"
    assert row.values["spouse_1_name"]["source"] == "持证人登记"


def test_receive_when_one_of_two_is_chosen_then_said_at_once(
    marriages: Applications, couple: list[Holder]
) -> None:
    with pytest.raises(RuleBroken) as refusal:
        marriages.received(holders=couple[:1])
    assert refusal.value.fields == {"holders": "照面上有 2 位持证人，现在选了 1 位。请把持证人选齐"}


def test_representative_when_the_register_knows_another_then_a_fault(cast: Cast) -> None:
    water = Applications(cast)
    enterprise = HolderFactory(enterprise=True)
    row = water.received(holders=[enterprise])
    assert "legal_representative" not in by_field(faults_of(water.captured(row)))
    Mandate.objects.create(
        kind=MandateKind.LEGAL_REPRESENTATIVE.value,
        principal=enterprise,
        agent=HolderFactory(name="侯㛃"),
        powers=[],
        from_on=clock.today(),
        basis=Basis.SIGN_IN.value,
    )
    row.refresh_from_db()
    told = by_field(faults_of(row))
    assert told["legal_representative"].startswith("与登记的（侯㛃）不是同一人")
    again = water.received(holders=[enterprise])
    assert values.read(again.values, "legal_representative") == "侯㛃"


def test_passport_when_a_spouse_has_one_then_on_the_face_with_its_type(
    marriages: Applications, couple: list[Holder]
) -> None:
    foreigner = HolderFactory(name="林样例", identity_type="414", identity_number="E12345678")
    row = captured(marriages, marriages.received(holders=[couple[0], foreigner]))
    assert values.read(row.values, "spouse_2_citizen_id") == "普通护照 E12345678"
    assert list(by_field(faults_of(row))) == ["photo"]
    other = captured(marriages, row, spouse_2_citizen_id="普通护照 E87654321")
    assert by_field(faults_of(other))["spouse_2_citizen_id"] == (
        "与选定持证人登记的普通护照不一致。请核对"
    )


def test_operator_when_a_sole_trader_has_one_then_taken_from_there_and_no_other(
    cast: Cast,
) -> None:
    water = Applications(cast)
    trader = HolderFactory(enterprise=True, operator=HolderFactory(name="侯麦香"))
    row = water.received(holders=[trader])
    assert values.read(row.values, "legal_representative") == "侯麦香"
    told = by_field(faults_of(water.captured(row)))
    assert told["legal_representative"].startswith("与登记的（侯麦香）不是同一人")
