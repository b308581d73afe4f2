"""What a form takes over instead of asking again, each value with its source (M.17)."""

from datetime import timedelta

import pytest

from licences import values
from licences.applications.prefilling import prefill
from licences.data_items import DataItem, items_of
from licences.models import CatalogueEntry, Licence
from tests.cast import Cast
from tests.factories.catalogue import entry_of
from tests.factories.licences import FOOD, MARRIAGE
from tests.factories.parties import HolderFactory, citizen_id, credit_code
from tests.factories.seals import seal_of
from tests.licences.register.making import entered, produced
from zezhou_portal.kernel import clock
from zezhou_portal.parties.models import Holder

pytestmark = pytest.mark.article("M.17")
CODE = credit_code(7)
BUSINESS = {
    "holder_name": "泽州县样例商贸有限公司", "credit_code": CODE, "legal_representative": "侯㛃",
    "entity_type": "有限责任公司", "address": "山西省晋城市泽州县金村镇府东街6号",
    "registered_capital": "壹佰万元整", "established_on": "2020-01-02", "business_scope": "食品销售",
    "registration_authority": "泽州县市场监督管理局", "approved_on": "2020-01-02",
}  # fmt: skip
KNOWN_ANYWAY = {"holder_name", "credit_code", "hotline"}


@pytest.fixture
def holder(cast: Cast) -> Holder:
    """An enterprise, renamed since its business licence was issued."""
    return HolderFactory(name="泽州县改名有限公司", enterprise=True, identity_number=CODE)


@pytest.fixture
def business(cast: Cast, holder: Holder) -> Licence:
    """The enterprise's business licence, sealed and in force."""
    seal_of(cast.market)
    entry = entry_of("营业执照", cast.market)
    licence = entered(
        cast, entry, "market", BUSINESS, holders=[holder], number=CODE, valid_until=None
    )
    return produced(licence)


def told(entry: CatalogueEntry, holders: list[Holder]) -> dict[str, tuple[str, str]]:
    """What a form starts with: value and source by item."""
    document = prefill(items_of(entry.items), holders)
    return {key: (values.read(document, key), cell["source"]) for key, cell in document.items()}


def test_enterprise_when_its_business_licence_is_in_force_then_taken_over(
    cast: Cast, holder: Holder, business: Licence
) -> None:
    entry = entry_of(FOOD, cast.land)
    assert told(entry, [holder]) == {
        "holder_name": (holder.name, "持证人登记"),
        "credit_code": (CODE, "持证人登记"),
        "legal_representative": ("侯㛃", "营业执照第 1 版"),
        "address": (BUSINESS["address"], "营业执照第 1 版"),
        "hotline": ("12315", "目录默认值"),
    }
    # what the licence says the enterprise may do is not what this kind permits
    scope = [DataItem("business_scope", "经营范围", "long_text")]
    assert prefill(scope, [holder]) == {}


@pytest.mark.parametrize("state", ["AWAITING_FILE", "DETAINED", "CANCELLED", "REVOKED"])
def test_enterprise_when_its_business_licence_is_not_in_force_then_nothing_of_it(
    cast: Cast, holder: Holder, business: Licence, state: str
) -> None:
    Licence.objects.update(state=state)
    assert set(told(entry_of(FOOD, cast.land), [holder])) == KNOWN_ANYWAY


def test_enterprise_when_its_business_licence_has_run_out_then_nothing_of_it(
    cast: Cast, holder: Holder, business: Licence
) -> None:
    yesterday = clock.today() - timedelta(days=1)
    Licence.objects.update(valid_from=yesterday, valid_until=yesterday)
    assert set(told(entry_of(FOOD, cast.land), [holder])) == KNOWN_ANYWAY


def test_couple_when_two_hold_it_then_each_has_name_and_number(cast: Cast) -> None:
    one = HolderFactory(name="甲样例", identity_number=citizen_id(601))
    two = HolderFactory(name="乙样例", identity_type="414", identity_number="E12345678")
    document = prefill(items_of(entry_of(MARRIAGE, cast.market).items), [one, two])
    assert {key: values.read(document, key) for key in document} == {
        "holder_name": "甲样例、乙样例",
        "spouse_1_name": "甲样例",
        "spouse_1_citizen_id": citizen_id(601),
        "spouse_2_name": "乙样例",
        "spouse_2_citizen_id": "普通护照 E12345678",
    }
    assert set(document["spouse_1_citizen_id"]["value"]) == {"enc"}


def test_default_when_the_entry_has_one_then_taken_where_nothing_is_known(holder: Holder) -> None:
    items = [
        DataItem("hotline", "投诉电话", "text", default="12315"),
        DataItem("holder_name", "名称", "text", default="样例"),
    ]
    assert prefill(items, [holder]) == {
        "hotline": {"value": "12315", "source": "目录默认值"},
        "holder_name": {"value": holder.name, "source": "持证人登记"},
    }
