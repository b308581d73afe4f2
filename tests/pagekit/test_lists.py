"""List pages, proved on a department's messages to the city: filters, chips, sorting, paging."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast
from zezhou_portal.exchange.models import Outbound
from zezhou_portal.exchange.pages.views import Messages
from zezhou_portal.exchange.services.posting import post
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.subjects import Subject

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]

LIST = "/exchange/"


@pytest.fixture
def client(cast: Cast) -> Client:
    return cast.client("market.clerk")


def posted(department, label: str, *, topic: str = "licence_detained", **columns) -> Outbound:
    row = post(topic, department, Subject("licence", label, label), 1, {"metadata": {}})
    if columns:
        Outbound.objects.filter(pk=row.pk).update(**columns)
    return row


def labels(answer) -> list[str]:
    return [row.message.subject_label for row in answer.context["rows"]]


def text_of(answer) -> str:
    return unescape(answer.content.decode())


def chips(answer) -> dict[str, str]:
    return {chip.words: chip.url for chip in answer.context["listing"].chips}


def test_filters_when_several_then_all_of_them_narrow(cast: Cast, client: Client) -> None:
    long_ago = clock.now() - timedelta(days=9)
    posted(cast.market, "甲", state="SENT")
    posted(cast.market, "乙", state="SENT", posted_at=long_ago)
    posted(cast.market, "丙", state="SENT", topic="licence_revoked")
    posted(cast.market, "丁")
    posted(cast.land, "邻居的", state="SENT")
    asked = {"state": "SENT", "topic": "licence_detained", "first": "2026年11月18日"}
    assert labels(client.get(LIST, asked)) == ["甲"]
    assert labels(client.get(LIST, {**asked, "first": "", "last": "2026-11-17"})) == ["乙"]
    assert labels(client.get(LIST, {**asked, "last": "9999-12-31"})) == ["甲"]


def test_chip_when_pressed_then_its_filter_alone_is_gone(cast: Cast, client: Client) -> None:
    posted(cast.market, "甲", state="SENT")
    posted(cast.market, "乙", topic="licence_revoked")
    posted(cast.market, "丙", state="SENT", topic="licence_revoked")
    asked = {"state": "SENT", "topic": "licence_revoked", "sort": "posted_at", "page": "broken"}
    answer = client.get(LIST, asked)
    assert labels(answer) == ["丙"]
    assert set(chips(answer)) == {"已推送，等答复", "吊销"}
    without = client.get(LIST + chips(answer)["已推送，等答复"])
    assert labels(without) == ["乙", "丙"]
    assert set(chips(without)) == {"吊销"}
    assert without.context["listing"].query == "topic=licence_revoked&sort=posted_at&"


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"state": "NONSENSE"}, "没有这一项，请从清单里选"),
        ({"first": "昨天"}, "日期写成 年-月-日"),
        ({"state": "SENT", "last": "2026-02-30"}, "日期不存在"),
    ],
)
def test_filter_when_it_says_what_cannot_be_then_said_at_its_field(
    cast: Cast, client: Client, asked: dict[str, str], words: str
) -> None:
    posted(cast.market, "甲", state="SENT")
    answer = client.get(LIST, asked)
    assert answer.status_code == 422
    page = text_of(answer)
    assert labels(answer) == []
    assert 'aria-invalid="true"' in page
    assert words in page
    assert "有条件写得不对，没有查" in page
    assert client.post(f"{LIST}?state=NONSENSE").status_code == 422


def test_sorting_when_keys_are_equal_then_each_row_once_in_one_order(
    cast: Cast, client: Client
) -> None:
    moment = clock.now()
    for number in range(45):
        posted(cast.market, f"{number:02}", posted_at=moment - timedelta(minutes=number % 2))
    for sort in ("posted_at", "-posted_at"):
        shown, token = [], ""
        for _ in range(3):
            answer = client.get(LIST, {"sort": sort, "page": token})
            shown += labels(answer)
            token = answer.context["page"].after
        assert token == ""
        assert len(set(shown)) == len(shown) == 45
        in_one = client.get(LIST, {"sort": sort}).context["listing"]
        assert in_one.caption.startswith("按生成倒序" if sort[0] == "-" else "按生成顺序")


def test_heading_when_it_sorts_then_says_how_and_links_the_other_way(
    cast: Cast, client: Client
) -> None:
    posted(cast.market, "甲", posted_at=clock.now() - timedelta(days=1))
    posted(cast.market, "乙")
    first = client.get(LIST)
    assert labels(first) == ["乙", "甲"]
    head = r'<th scope="col" class="zz-n" aria-sort="(\w+)"><a class="zz-sort" href="([^"]+)">生成'
    (state, link) = re.search(head, text_of(first)).groups()
    assert (state, link) == ("descending", "?sort=posted_at")
    second = client.get(LIST + link)
    assert labels(second) == ["甲", "乙"]
    assert re.search(head, text_of(second)).groups() == ("ascending", "?sort=-posted_at")


def test_sort_when_no_column_has_it_then_the_pages_own_order(cast: Cast, client: Client) -> None:
    posted(cast.market, "甲", posted_at=clock.now() - timedelta(days=1))
    posted(cast.market, "乙")
    for sort in ("content", "-id", "department__name", "posted_at__year", "--posted_at"):
        answer = client.get(LIST, {"sort": sort})
        assert labels(answer) == ["乙", "甲"]
        assert answer.context["listing"].query == ""


def test_pages_when_rows_come_meanwhile_then_none_is_missed_or_shown_twice(
    cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Messages, "counts", True)
    start = clock.now() - timedelta(days=1)
    for number in range(50):
        posted(cast.market, f"{number:02}", posted_at=start + timedelta(minutes=number))
    first = client.get(LIST)
    assert "第 1–20 件，共 50 件" in text_of(first)
    posted(cast.market, "新来的")
    second = client.get(LIST, {"page": first.context["page"].after})
    assert labels(first) + labels(second) == [f"{number:02}" for number in range(49, 9, -1)]
    assert "第 22–41 件，共 51 件" in text_of(second)
    third = client.get(LIST, {"page": second.context["page"].after})
    assert labels(third) == [f"{number:02}" for number in range(9, -1, -1)]
    assert "第 42–51 件，共 51 件" in text_of(third)
    back = client.get(LIST, {"page": third.context["page"].before})
    assert labels(back) == labels(second)
    again = client.get(LIST, {"page": back.context["page"].before})
    assert labels(again) == labels(first)


def test_list_when_it_is_not_counted_then_says_only_where_one_is(
    cast: Cast, client: Client
) -> None:
    for number in range(21):
        posted(cast.market, f"{number:02}")
    first = client.get(LIST)
    assert "第 1–20 件<" in text_of(first).replace("\n", "").replace(" <", "<")
    assert "第 21–21 件" in text_of(client.get(LIST, {"page": first.context["page"].after}))


def test_page_when_its_rows_are_gone_then_leads_back_to_the_first(
    cast: Cast, client: Client
) -> None:
    rows = [posted(cast.market, f"{number}") for number in range(21)]
    token = client.get(LIST).context["page"].after
    Outbound.objects.filter(pk=rows[0].pk).delete()
    page = text_of(client.get(LIST, {"page": token}))
    assert "后面没有了" in page
    assert 'href="?">回到第一页' in page


def test_total_when_all_are_on_one_page_then_said_without_a_query_more(
    cast: Cast, client: Client
) -> None:
    posted(cast.market, "甲")
    with CaptureQueriesContext(connection) as few:
        page = text_of(client.get(LIST))
    assert "新的在前，共 1 件" in page
    for number in range(20):
        posted(cast.market, f"{number}")
    with CaptureQueriesContext(connection) as many:
        client.get(LIST)
    assert len(many) <= len(few) + 1 <= 30


def test_position_when_the_page_does_not_count_then_from_the_pages_turned(
    cast: Cast,
) -> None:
    for number in range(25):
        posted(cast.market, f"{number}")
    client = cast.client("market.clerk")
    answer = client.get(LIST)
    assert answer.context["page"].first == 1
    onward = client.get(LIST, {"page": answer.context["page"].after}).context["page"]
    assert (onward.first, onward.last) == (21, 25)
