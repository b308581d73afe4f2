"""Who stands in the rows of a sheet becomes holders: couples, strangers' documents, traders."""

import pytest
from django.urls import reverse

from licences.models import CatalogueEntry, Licence
from licences.stock import checking, converting
from licences.stock.faces import face_of
from licences.stock.people import operator_of, people_of
from tests.factories.parties import HolderFactory
from tests.licences.stock.conftest import published
from tests.records import records
from zezhou_portal.parties.models import Holder

WIFE, HUSBAND = "140525198506150025", "140525199001011235"
TRADER = "92140525MA00000035"
COUPLES = (
    "许可编号,姓名（一）,身份证件号（一）,姓名（二）,身份证件号（二）,许可决定日期,有效期自,有效期至\n"
    f"J140525-2024-000003,样例甲,{WIFE},样例乙,普通护照 E12345678,2024-06-21,2024-06-21,长期\n"
)
TRADERS = (
    "许可编号,企业名称,统一社会信用代码,经营者姓名,身份证号,许可决定日期,有效期自,有效期至\n"
    f"JY11405250000019,样例面馆,{TRADER},侯麦香,{WIFE},2024-06-21,2024-06-21,2029-06-20\n"
)


def checked(cast, entry, text):
    clerk = cast.actor("bureau.clerk")
    batch = checking.take_in(
        actor=clerk, entry=entry, file_name="台账.csv", data=text.encode("utf-8-sig")
    )
    batch = checking.check(actor=clerk, batch=batch)
    assert batch.rows_convert == 1, batch.rows.get().reason
    return batch


def converted(cast, batch):
    checking.submit(actor=cast.actor("bureau.clerk"), batch=batch)
    checking.sign_off(actor=cast.actor("bureau.signatory"), batch=batch)
    converting.convert_waiting()
    return Licence.objects.get(stock_row__batch=batch)


@pytest.mark.article("M.7", "M.10")
def test_couple_when_converted_then_the_licence_is_held_by_both(cast):
    kind = published("结婚证", cast)
    clerk = cast.actor("bureau.clerk")
    refused = checking.take_in(actor=clerk, entry=kind, file_name="台账.csv", data=COUPLES.encode())
    checking.check(actor=clerk, batch=refused)  # the kind has no licences without an end
    assert (refused.rows.get().outcome, refused.rows.get().label) == ("fault", "样例甲、样例乙")
    CatalogueEntry.objects.filter(pk=kind.pk).update(may_be_long_term=True)
    kind.refresh_from_db()
    columns = cast.client("bureau.clerk").get(
        reverse("licences:stock-columns", args=[refused.uuid])
    )
    assert WIFE not in columns.content.decode()
    assert "E12345678" not in columns.content.decode()
    batch = checked(cast, kind, COUPLES)
    assert batch.rows.get().label == "样例甲、样例乙"
    assert WIFE not in str(batch.rows.get().values)
    assert "E12345678" not in str(batch.rows.get().values)
    page = cast.client("bureau.clerk").get(reverse("licences:stock-sheet", args=[batch.uuid]))
    facts = dict(page.context["spots"][0]["facts"])
    assert facts["持证主体"] == "样**、样**"
    assert facts["证件号码"].count("*") > 10
    face = face_of(batch.rows.get()).decode()
    assert "样例甲" not in face
    licence = converted(cast, batch)
    assert licence.holder_names == "样例甲、样例乙"
    links = licence.holder_links.order_by("place").select_related("holder")
    assert [(one.holder.name, one.holder.identity_type) for one in links] == [
        ("样例甲", "111"),
        ("样例乙", "414"),
    ]
    frozen = licence.versions.get().frozen
    assert [one["name"] for one in frozen["holders"]] == ["样例甲", "样例乙"]


@pytest.mark.article("M.3")
def test_trader_when_converted_then_its_operator_is_known_and_on_record(cast, entry):
    licence = converted(cast, checked(cast, entry, TRADERS))
    trader = licence.holder_links.get().holder
    assert (trader.kind, trader.operator.name) == ("sole_trader", "侯麦香")
    assert trader.operator.identity_number == WIFE
    (told,) = records("holder_changed")
    assert (told.subject_key, told.facts["operator"]) == (
        str(trader.uuid),
        str(trader.operator.uuid),
    )


@pytest.mark.parametrize("case", ["another", "misnamed"])
def test_trader_when_the_record_differs_then_kept_as_it_is_and_the_row_named(cast, entry, case):
    trader = HolderFactory(kind="sole_trader", identity_type="001", identity_number=TRADER)
    person = HolderFactory(name="旧名", identity_type="111", identity_number=WIFE)
    if case == "another":
        Holder.objects.filter(pk=person.pk).update(name="侯麦香")
        trader.operator = HolderFactory()
        trader.save()
    before = trader.operator_id
    converted(cast, checked(cast, entry, TRADERS))
    trader.refresh_from_db()
    assert trader.operator_id == before
    batch_record = next(one for one in records("row_converted") if "operators_differ" in one.facts)
    assert batch_record.facts["operators_differ"] == [2]


def test_row_when_kept_before_it_could_name_more_then_its_holder_alone():
    old = {
        "holder_kind": "legal_person", "holder_name": "样例面馆", "holder_id_type": "001",
        "holder_id_number": TRADER,
    }  # fmt: skip
    (one,) = people_of(old)
    assert (one.kind, one.name, operator_of(old)) == ("sole_trader", "样例面馆", None)
