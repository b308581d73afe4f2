"""Entering and changing a holder on the page: masked, once, on the record (M.3, M.26)."""

from uuid import uuid4

import pytest

from tests.cast import Cast
from tests.factories.parties import citizen_id
from tests.records import records
from zezhou_portal.parties.models import Holder

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]

PERSON = {
    "kind": "natural_person",
    "name": "王样例",
    "known_by": "number",
    "identity_type": "111",
    "identity_number": citizen_id(700),
    "phone": "13835601234",
    "no_number_reason": "不该留下",
}


@pytest.mark.article("M.3")
def test_holder_when_entered_then_once_and_found_masked(cast: Cast) -> None:
    client = cast.client("market.clerk")
    assert client.get("/holders/new/").status_code == 200
    assert client.post("/holders/new/", PERSON)["Location"] == "/holders/"
    again = client.post("/holders/new/", PERSON, follow=True).content.decode()
    assert "这位持证人早就登记过" in again
    assert Holder.objects.filter(name="王样例").count() == 1
    page = client.post("/holders/", {"q": PERSON["identity_number"]}).content.decode()
    assert "王**" in page
    assert "王样例" not in page
    assert PERSON["phone"] not in page
    assert [row.facts["was_known"] for row in records("holder_entered")] == [False, True]


def test_holder_when_wrong_then_said_at_the_field_and_nothing_entered(cast: Cast) -> None:
    client = cast.client("market.clerk")
    count = Holder.objects.count()
    for changed, words in (
        ({"identity_number": PERSON["identity_number"][:-1] + "?"}, "证件号码"),
        ({"name": ""}, "还没有填名称"),
        ({"kind": ""}, "请选持证人类别"),
        ({"known_by": "none", "no_number_reason": ""}, "没有号码的，请写明原因"),
        ({"phone": "12"}, "电话写手机号"),
    ):
        page = client.post("/holders/new/", {**PERSON, **changed})
        assert page.status_code == 422
        assert words in page.content.decode()
    assert Holder.objects.count() == count


@pytest.mark.article("M.26")
def test_holder_when_changed_then_only_what_was_filled_in_and_nothing_is_disclosed(
    cast: Cast,
) -> None:
    client = cast.client("market.clerk")
    client.post("/holders/new/", PERSON)
    holder = Holder.objects.get(name="王样例")
    address = f"/holders/{holder.uuid}/"
    page = client.get(address).content.decode()
    for secret in ("王样例", PERSON["identity_number"], PERSON["phone"]):
        assert secret not in page
    nothing = client.post(address, {})
    assert nothing.status_code == 422
    assert "什么都没有填" in nothing.content.decode()
    assert client.post(address, {"name": "王新名"})["Location"] == "/holders/"
    holder.refresh_from_db()
    assert (holder.name, holder.phone, holder.identity_number) == (
        "王新名", PERSON["phone"], PERSON["identity_number"],
    )  # fmt: skip
    (row,) = records("holder_changed")
    assert row.facts["name_after"].startswith("hmac:")
    assert client.get(f"/holders/{uuid4()}/").status_code == 404


def test_newborn_when_a_number_comes_later_then_given(cast: Cast) -> None:
    client = cast.client("market.clerk")
    client.post("/holders/new/", {**PERSON, "known_by": "none", "no_number_reason": "新生儿"})
    holder = Holder.objects.get(name="王样例")
    assert holder.identity_number == ""
    sent = {"identity_type": "111", "identity_number": citizen_id(701)}
    assert client.post(f"/holders/{holder.uuid}/", sent).status_code == 302
    holder.refresh_from_db()
    assert holder.identity_number == citizen_id(701)


@pytest.mark.parametrize("who", ["market.reviewer", "bureau.supervisor", "bureau.auditor"])
def test_holder_pages_when_the_posting_is_another_then_403(cast: Cast, who: str) -> None:
    client = cast.client(who)
    assert client.get("/holders/new/").status_code == 403
    assert client.post(f"/holders/{cast.stranger.uuid}/", {"name": "改"}).status_code == 403
    cast.stranger.refresh_from_db()
    assert cast.stranger.name == "邻家人"
