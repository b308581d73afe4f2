"""A renamed enterprise: the change is offered where it is met, or who may make it is named (M.3)."""

import pytest

from licences import values
from licences.data_items import items_of
from licences.stock import checking
from tests.cast import Cast
from tests.factories.licences import Applications
from tests.factories.parties import HolderFactory, credit_code
from zezhou_portal.parties.holders.renaming import name_change, name_changes
from zezhou_portal.parties.holders.services import enter_holder
from zezhou_portal.parties.models import Department, Holder
from zezhou_portal.parties.staff.departments import change_department
from zezhou_portal.regulation.errors import RuleBroken

pytestmark = [
    pytest.mark.django_db, pytest.mark.usefixtures("wednesday"), pytest.mark.article("M.3"),
]  # fmt: skip
CODE = credit_code(55, "91140525")
OLD, NEW = "泽州县旧名有限公司", "泽州县新名有限公司"


def company(cast: Cast, place: str = "land") -> Holder:
    return HolderFactory(
        enterprise=True, name=OLD, identity_number=CODE,
        entered_by_department=cast.departments[place],
    )  # fmt: skip


def entered(cast: Cast, name: str = NEW) -> str:
    """The sentence at the name, where the enterprise is entered under another one."""
    with pytest.raises(RuleBroken) as caught:
        enter_holder(
            actor=cast.actor("market.clerk"), kind="legal_person", name=name,
            identity_type="001", identity_number=CODE,
        )  # fmt: skip
    return caught.value.fields["name"]


def test_name_when_a_neighbour_may_change_it_then_named_with_its_telephone(cast: Cast) -> None:
    company(cast)
    assert "泽州县自然资源局（电话问 12345）先变更名称" in entered(cast)
    change_department(
        actor=cast.actor("bureau.administrator"), department=cast.land, name=cast.land.name,
        kind=cast.land.kind, functions=cast.land.functions, phone="0356-1234567",
    )  # fmt: skip
    assert entered(cast) == (
        f"这个统一社会信用代码登记的名称是“{OLD}”。确实改过名的，"
        "请泽州县自然资源局（电话 0356-1234567）先变更名称。"
    )


def test_name_when_a_closed_department_alone_has_dealt_with_it_then_not_named(cast: Cast) -> None:
    company(cast)
    Department.objects.filter(pk=cast.land.pk).update(is_open=False)
    assert "请打 12345 问由哪个单位变更" in entered(cast)


def test_name_when_ones_own_department_may_change_it_then_led_to_the_change(cast: Cast) -> None:
    holder = company(cast, "market")
    offer = name_change(cast.actor("market.clerk"), "001", CODE, NEW)
    assert offer.url.startswith(f"/holders/{holder.uuid}/?name=")
    assert "请" not in entered(cast).split("。")[1]
    client = cast.client("market.clerk")
    page = client.get(offer.url).content.decode()
    assert f'value="{NEW}"' in page
    assert client.post(offer.url, {"name": NEW}).status_code == 302
    holder.refresh_from_db()
    assert holder.name == NEW
    assert name_change(cast.actor("market.clerk"), "001", CODE, NEW) is None


def test_name_when_the_actor_may_change_no_holder_then_the_department_is_named(cast: Cast) -> None:
    company(cast, "market")
    offer = name_change(cast.actor("market.signatory"), "001", CODE, NEW)
    assert (offer.url, [one.name for one in offer.departments]) == ("", [cast.market.name])


def test_name_when_of_a_person_or_written_otherwise_then_nothing_is_offered(cast: Cast) -> None:
    company(cast, "market")
    clerk = cast.actor("market.clerk")
    assert name_change(clerk, "001", CODE, f" {OLD} ") is None
    assert name_change(clerk, "001", "", NEW) is None
    person = HolderFactory(name="张样")
    assert name_change(clerk, "111", person.identity_number, "李样") is None


def test_names_when_many_are_met_then_in_as_many_questions(
    cast: Cast, django_assert_max_num_queries
) -> None:
    met = {}
    for serial in range(30):
        code = credit_code(600 + serial, "91140525")
        HolderFactory(
            enterprise=True, identity_number=code,
            entered_by_department=cast.land if serial % 2 else cast.market,
        )  # fmt: skip
        met[code] = NEW
    with django_assert_max_num_queries(7):
        found = name_changes(cast.actor("market.clerk"), met)
    assert len(found) == 30
    assert sum(bool(one.url) for one in found.values()) == 15


def test_pages_when_an_enterprise_is_entered_under_another_name_then_offered(cast: Cast) -> None:
    holder = company(cast, "market")
    client = cast.client("market.clerk")
    sent = {
        "kind": "legal_person", "name": NEW, "known_by": "number", "identity_type": "001",
        "identity_number": CODE,
    }  # fmt: skip
    answer = client.post("/holders/new/", sent)
    assert answer.status_code == 422
    assert f'href="/holders/{holder.uuid}/?name=' in answer.content.decode()
    assert "这家企业可能改过名" not in client.get("/holders/new/").content.decode()
    stranger = cast.client("land.clerk").post("/holders/new/", sent).content.decode()
    assert f"/holders/{holder.uuid}/" not in stranger
    assert cast.market.name in stranger


def test_reception_when_an_enterprise_is_entered_under_another_name_then_offered(
    cast: Cast,
) -> None:
    holder = company(cast, "market")
    entry = Applications(cast).entry
    client = cast.client("market.clerk")
    reception = client.post("/applications/new/secret/", {"touched": "no"})["Location"]
    sent = {
        "act": "enter", "kind": entry.type_code, "new-kind": "legal_person", "new-name": NEW,
        "new-known_by": "number", "new-identity_type": "001", "new-identity_number": CODE,
    }  # fmt: skip
    answer = client.post(reception, sent)
    assert answer.status_code == 422
    assert f'href="/holders/{holder.uuid}/?name=' in answer.content.decode()


def test_sheet_when_a_row_s_code_is_known_under_another_name_then_offered_at_the_row(
    cast: Cast,
) -> None:
    applications = Applications(cast)
    holder = company(cast, "market")
    clerk = applications.actor("clerk")
    headings = "行政相对人名称,统一社会信用代码,许可编号,许可决定日期,有效期自,有效期至"
    batch = checking.take_in(
        actor=clerk, entry=applications.entry, file_name="清单.csv",
        data=f"{headings}\n{NEW},{CODE},取水（晋泽）字〔2024〕第000001号,2024-06-21,2024-06-21,2027-06-20\n".encode(),
    )  # fmt: skip
    checking.check(actor=clerk, batch=batch)
    page = cast.client("market.clerk").get(f"/stock/{batch.uuid}/").content.decode()
    row = batch.rows.get()
    assert row.outcome == "convert", row.reason
    assert f'href="/holders/{holder.uuid}/?name=' in page
    assert OLD in page
    signs = cast.client("market.signatory").get(f"/stock/{batch.uuid}/").content.decode()
    assert f"/holders/{holder.uuid}/" not in signs
    assert cast.market.name in signs


def test_capture_when_the_name_captured_is_another_then_offered(cast: Cast) -> None:
    applications = Applications(cast)
    holder = company(cast, "market")
    received = applications.received(holders=[holder])
    application = applications.captured(received, holder_name=OLD, credit_code=CODE)
    client = cast.client("market.clerk")
    address = f"/applications/{application.uuid}/capture/"
    assert "这家企业可能改过名" not in client.get(address).content.decode()
    entry = application.entry
    item = next(one for one in items_of(entry.items) if one.key == "holder_name")
    application.values, _ = values.put(application.values, item, NEW, "手工录入")
    application.save(update_fields=["values"])
    page = client.get(address).content.decode()
    assert f'href="/holders/{holder.uuid}/?name=' in page
