"""Lists taken away: what the page shows, on the trail, nothing computed, nobody else's."""

import io

import pytest
from openpyxl import load_workbook

from tests.cast import Cast
from tests.pagekit.test_lists import LIST, labels, posted, text_of
from tests.records import records
from zezhou_portal.exchange.models import Outbound
from zezhou_portal.pagekit import exporting

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]


def sheet_of(answer) -> list[list[str]]:
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    assert answer["Content-Disposition"].startswith("attachment; filename")
    assert answer["Content-Disposition"].endswith("_20261118.xlsx")
    book = load_workbook(io.BytesIO(answer.content))
    return [[cell.value or "" for cell in row] for row in book.active.iter_rows()]


@pytest.mark.article("M.25")
def test_export_when_filtered_and_sorted_then_what_the_pages_show_in_their_order(
    cast: Cast,
) -> None:
    for number in range(23):
        posted(cast.market, f"{number:02}", state="SENT")
    posted(cast.market, "另一种", state="SENT", topic="licence_revoked")
    posted(cast.land, "邻居的", state="SENT")
    client = cast.client("market.clerk")
    address = f"{LIST}?state=SENT&topic=licence_detained&sort=posted_at"
    first = client.get(address)
    assert f'action="{address.removeprefix(LIST)}&"' in text_of(first)
    shown = labels(first) + labels(client.get(f"{address}&page={first.context['page'].after}"))
    heading, *rows = sheet_of(client.post(address))
    assert heading == ["证照", "种类", "到哪一步", "市平台的答复", "生成"]
    assert [row[0] for row in rows] == shown
    assert {tuple(row[1:]) for row in rows} == {("暂扣", "已推送，等答复", "", "2026-11-18 10:00")}
    (record,) = records("list_exported")
    assert record.subject_label == "与市平台往来"
    assert record.subject_key == "exchange:messages"
    assert record.facts["rows"] == 23
    assert record.facts["filters"] == ["状态：已推送，等答复", "种类：暂扣"]
    assert record.actor_key == cast.actor("market.clerk").key


@pytest.mark.parametrize("written", ['=HYPERLINK("http://127.0.0.1/")', "+1", "-1", "@SUM(A1)"])
def test_cell_when_it_looks_like_a_formula_then_text(cast: Cast, written: str) -> None:
    posted(cast.market, "甲", city_reason=written, state="REFUSED")
    answer = cast.client("market.clerk").post(LIST)
    cell = load_workbook(io.BytesIO(answer.content)).active.cell(2, 4)
    assert (cell.value, cell.data_type, cell.number_format) == (written, "s", "@")


@pytest.mark.article("M.26")
def test_export_when_a_neighbour_asks_then_their_own_rows_alone(cast: Cast) -> None:
    posted(cast.market, "甲")
    posted(cast.land, "乙")
    rows = sheet_of(cast.client("land.clerk").post(f"{LIST}?q=甲&department={cast.market.pk}"))
    assert [row[0] for row in rows[1:]] == ["乙"]


@pytest.mark.article("M.25")
def test_export_when_the_posting_is_another_then_403_and_the_refusal_is_on_the_trail(
    cast: Cast,
) -> None:
    posted(cast.market, "甲")
    assert cast.client("bureau.auditor").post(LIST).status_code == 403
    assert [row.outcome for row in records("list_exported")] == ["refused"]


@pytest.mark.article("M.25")
def test_export_when_the_list_is_empty_or_too_long_then_refused_with_the_way(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = cast.client("market.clerk")
    answer = client.post(f"{LIST}?state=SENT")
    assert answer["Location"] == f"{LIST}?state=SENT"
    assert "不用导出" in text_of(client.get(LIST))
    monkeypatch.setattr(exporting, "LIST_EXPORT_ROWS", 2)
    for number in range(3):
        posted(cast.market, f"{number}")
    answer = client.post(LIST, follow=True)
    assert "一次最多导出 2 条。请加上条件，分几次导出。" in text_of(answer)
    assert [row.outcome for row in records("list_exported")] == ["refused", "refused"]
    assert Outbound.objects.count() == 3
