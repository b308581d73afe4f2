"""What the pages show of a ledger: hidden rows, other tabs, gaps of the faces, every fault."""

import pytest
from django.urls import reverse

from licences.models import Licence, StockBatch
from licences.stock import checking, converting
from tests.cases.conftest import published
from tests.cases.test_ledgers import C1, HERE, ON, taken_in
from zezhou_portal.parties.models import Holder

CLERK, SIGNATORY = "bureau.clerk", "bureau.signatory"
HIDDEN = HERE / "ledgers" / "c10-hidden-rows-cancelled.xlsx"


def address(name, batch, *more):
    return reverse(f"licences:{name}", args=[batch.uuid, *more])


def page_of(client, name, batch):
    response = client.get(address(name, batch))
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.article("M.10")
def test_hidden_rows_when_shown_then_a_button_takes_them_in_and_out(cast):
    batch = taken_in(cast, published("食品经营许可证", cast), HIDDEN, ON)
    client = cast.client(CLERK)
    text = page_of(client, "stock-sheet", batch)
    assert "没有读 2 行（表格里隐藏的）" in text
    assert "这一行在表格里是隐藏的，没有读" in text
    assert client.post(address("stock-hidden-rows", batch), {"read": "yes"}).status_code == 302
    batch.refresh_from_db()
    assert (batch.rows_convert, batch.rows_not_in_force, batch.rows_left_out) == (2, 1, 0)
    assert batch.judged_on == ON
    assert "表格里隐藏的行不读" in page_of(client, "stock-sheet", batch)
    client.post(address("stock-hidden-rows", batch), {"read": "no"})
    batch.refresh_from_db()
    assert batch.rows_left_out == 2


def test_other_tab_when_chosen_on_the_page_then_it_is_taken_in_beside_the_first(cast):
    entry = published("食品经营许可证", cast)
    first = checking.take_in(
        actor=cast.actor(CLERK), entry=entry, file_name=C1.name, data=C1.read_bytes()
    )
    client = cast.client(CLERK)
    assert "读“2022年”" in page_of(client, "stock-columns", first)
    moved = client.post(address("stock-tab", first), {"tab": "2022年"})
    second = StockBatch.objects.exclude(pk=first.pk).get()
    assert moved.url == address("stock-columns", second)
    assert second.tab == "2022年"
    again = client.post(address("stock-tab", first), {"tab": "2022年"})
    assert again.status_code in (403, 409, 422)
    assert StockBatch.objects.count() == 2


@pytest.mark.article("P.2.2.1")
def test_gaps_when_the_ledger_says_nothing_then_they_are_counted_before_sign_off(
    cast, django_assert_max_num_queries
):
    batch = taken_in(cast, published("食品经营许可证", cast), C1, ON)
    text = page_of(cast.client(CLERK), "stock-sheet", batch)
    assert "照面上会空着的项" in text
    assert f"<li>住所<b>{batch.rows_convert}</b></li>" in text
    assert "投诉举报电话<b>" not in text  # the kind's default stands in its place
    assert "第 26 行：合计，不是许可记录" in text
    checking.submit(actor=cast.actor(CLERK), batch=batch)
    client = cast.client(SIGNATORY)
    with django_assert_max_num_queries(30):
        text = page_of(client, "stock-sign-off", batch)
    assert f"<li>住所<b>{batch.rows_convert}</b></li>" in text
    assert address("stock-face", batch, 5) in text


@pytest.mark.article("M.10")
def test_face_when_looked_at_before_sign_off_then_it_is_drawn_and_marked(cast):
    batch = taken_in(cast, published("食品经营许可证", cast), C1, ON)
    checking.submit(actor=cast.actor(CLERK), batch=batch)
    client = cast.client(SIGNATORY)
    face = client.get(address("stock-face", batch, 5))
    assert (face.status_code, face["Content-Type"]) == (200, "image/svg+xml")
    assert client.get(address("stock-face", batch, 9)).status_code == 404
    assert client.get(address("stock-face", batch, 99)).status_code == 404
    assert cast.client("market.signatory").get(address("stock-face", batch, 5)).status_code == 404


@pytest.mark.article("P.2.2.1")
def test_faults_when_a_row_has_several_then_the_page_says_and_counts_each(cast):
    batch = taken_in(cast, published("食品经营许可证", cast), C1, ON)
    client = cast.client(CLERK)
    response = client.get(address("stock-sheet", batch) + "?outcome=fault&fault=unreadable_date")
    shown = response.content.decode()
    assert "许可编号的写法不对" in shown
    assert shown.count("的年份只有两位") == 3
    assert "日期看不懂<b>2</b>" in page_of(client, "stock-sheet", batch)


@pytest.mark.article("M.10")
def test_ledger_when_converted_then_defaults_and_telephones_are_kept(cast):
    entry = published("食品经营许可证", cast)
    batch = taken_in(cast, entry, C1, ON)
    checking.submit(actor=cast.actor(CLERK), batch=batch)
    batch = checking.sign_off(actor=cast.actor(SIGNATORY), batch=batch)
    while converting.convert_chunk(batch.pk):
        pass
    assert Licence.objects.count() == batch.rows_convert == 7
    version = Licence.objects.get(number="JY21405250050011").versions.get()
    assert version.frozen["values"]["hotline"] == "12315"
    holder = Holder.objects.get(name="泽州县途测面馆一")
    assert (holder.phone, bool(holder.phone_index)) == ("13800000001", True)
