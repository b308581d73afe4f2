"""The desk of every role: its work in one list, figures that are filters, words where nothing is."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from licences.models import Application, StockBatch
from tests.cast import Cast
from tests.factories.catalogue import entry_of
from tests.factories.licences import WATER, Applications
from tests.factories.parties import AccountFactory, DepartmentFactory
from tests.site.desks import ROLES
from tests.waiting import WaitingCounty
from zezhou_portal.kernel import clock
from zezhou_portal.parties.models import Account

pytestmark = pytest.mark.usefixtures("wednesday")
DESK = reverse("portal:desk")
MANY = 200
_FIGURE = re.compile(
    r'href="(\?step=[^"]+)"><b>(?:<svg.*?</svg>)?\s*([\d,]+)</b><span>(.*?)</span>', re.DOTALL
)


@pytest.fixture
def county(cast: Cast) -> WaitingCounty:
    return WaitingCounty(cast)


def names(client: Client, query: str = "") -> list[tuple[str, str]]:
    """What the list shows, page after page: name and step."""
    found = []
    while True:
        answer = client.get(DESK + query)
        assert answer.status_code == 200
        found += [(item.name, item.state or item.step) for item in answer.context["rows"]]
        page = answer.context["page"]
        if not page.after:
            return found
        query = f"?{answer.context['listing'].query}page={page.after}"


def test_desk_when_work_is_of_several_rooms_then_one_list_the_late_first(
    county: WaitingCounty,
) -> None:
    answer = county.cast.client("market.signatory").get(DESK)
    items = answer.context["rows"]
    assert [item.state or item.step for item in items] == [
        "CONCLUDED", "APPROVED", "待签批", "市平台退回", "会自动再试",
    ]  # fmt: skip
    assert [item.due is not None for item in items] == [True, False, False, False, False]
    heads = [head.heading for head in answer.context["listing"].heads]
    assert heads == ["名称、编号", "什么事", "到哪一步", "情况", "时限", "从何时起"]
    land = county.cast.client("land.signatory").get(DESK).context["rows"]
    assert not {item.url for item in items} & {item.url for item in land}


def test_desk_when_longer_than_a_page_then_every_row_once_and_back_again(
    cast: Cast,
) -> None:
    county = WaitingCounty(cast)
    clerk = county.cast.client("market.clerk")
    for minutes in range(30):
        sheet, message = county.sheet("market", "CHECKED"), county.message("market")
        at = clock.now() - timedelta(minutes=minutes)
        StockBatch.objects.filter(pk=sheet.pk).update(received_at=at)
        type(message).objects.filter(pk=message.pk).update(posted_at=at)
    listed = names(clerk)
    assert len(listed) == 3 + 31 + 31
    first = clerk.get(DESK)
    urls = [item.url for item in first.context["rows"]]
    second = clerk.get(DESK, {"page": first.context["page"].after})
    assert not {*urls} & {item.url for item in second.context["rows"]}
    back = clerk.get(DESK, {"page": second.context["page"].before})
    assert [item.url for item in back.context["rows"]] == urls
    since = [item.since for item in first.context["rows"]]
    assert since == sorted(since)


def test_figure_when_followed_then_as_many_rows(county: WaitingCounty) -> None:
    followed = 0
    for who in ROLES:
        client = county.cast.client(who)
        text = client.get(DESK).content.decode().replace("&amp;", "&")
        for query, count, words in _FIGURE.findall(text):
            assert len(names(client, query)) == int(count), (who, words)
            followed += 1
    assert followed > 25


def test_filter_when_by_kind_or_words_then_queues_that_know_them_alone(
    county: WaitingCounty,
) -> None:
    clerk = county.cast.client("market.clerk")
    kind = county.cast.market.catalogue_entries.get(name=WATER).type_code
    assert {step for _, step in names(clerk, f"?kind={kind}")} == {
        "RETURNED", "RECEIVED", "CAPTURING", "已核对",
    }  # fmt: skip
    assert names(clerk, "?q=清单") == [("清单.csv", "已核对")]
    assert names(clerk, "?step=messages&q=没有") == []
    assert names(clerk, "?step=locked") == names(clerk)


@pytest.mark.parametrize("who", ROLES)
def test_desk_when_nothing_waits_then_says_what_will_come_and_where_to_go(
    cast: Cast, who: str
) -> None:
    answer = cast.client(who).get(DESK)
    text = answer.content.decode()
    if not answer.context["rows"]:
        assert re.search("会出现在这里。|要做的从下面进。", text)
        assert re.search("没有等您办的件|您的岗位没有排队等办的事", text)
    if "zz-filter" not in text:
        assert '<nav class="zz-cluster mt-4" aria-label="您的栏目">' in text
        assert "这里没有办件清单" in text


def _many(cast: Cast) -> None:
    """Two hundred rows in the queues that can grow."""
    county = WaitingCounty(cast)
    entry = cast.market.catalogue_entries.get(name=WATER)
    clerk = cast.account("market.clerk")
    sample = Application.objects.filter(state="APPROVED", issuing_department=cast.market).get()
    holder = sample.holder_links.get().holder
    for state in ("CAPTURING", "RETURNED", "UNDER_REVIEW", "APPROVED"):
        made = Application.objects.bulk_create(
            Application(
                number=f"ZZ-{state}-{place}", entry=entry, issuing_department=cast.market,
                state=state, values=sample.values, received_by=clerk, captured_by=clerk,
                capturers=[clerk.pk], reviewed_by=cast.account("market.reviewer"),
                received_at=clock.now(), in_hand_of=clerk,
            )
            for place in range(MANY)
        )  # fmt: skip
        links = Application.holder_links.rel.related_model
        links.objects.bulk_create(links(application=row, holder=holder) for row in made)
    for place in range(MANY):
        county.sheet("market", "SUBMITTED")
        county.message("market")
        entry_of(
            "食品经营许可证", cast.market, state="SUBMITTED", published_at=None,
            submitted_at=clock.now(), type_code=f"9{place:020}",
        )  # fmt: skip
    DepartmentFactory.create_batch(MANY)
    AccountFactory.create_batch(5, department=cast.market)
    Account.objects.filter(department=cast.market).exclude(username__contains=".c").update(
        locked_until=clock.now() + timedelta(minutes=9)
    )


def test_desk_when_hundreds_wait_then_thirty_queries_and_a_hundred_kilobytes(
    cast: Cast, django_assert_max_num_queries
) -> None:
    clients = {who: cast.client(who) for who in ROLES}
    _many(cast)
    for who, client in clients.items():
        with django_assert_max_num_queries(30):
            answer = client.get(DESK)
        assert answer.status_code == 200
        assert len(answer.content) <= 100_000, who
    assert Applications(cast).entry.name == WATER
