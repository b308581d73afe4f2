"""The desk and its queues: what is first, for whom, at what price (M.7, M.9)."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from tests.factories.licences import WATER, Applications
from tests.factories.parties import HolderFactory

BEIJING = ZoneInfo("Asia/Shanghai")
pytestmark = pytest.mark.usefixtures("wednesday")


def page_of(client, name="portal:desk", query=""):
    response = client.get(reverse(name) + query)
    assert response.status_code == 200
    return response.content.decode()


def numbers(text):
    """Application numbers in the order of the queue."""
    return re.findall(r'fw-normal">(ZZ-\d{8}-\d{5,})<', text)


def figures(text):
    """The figures above the queue, by their words."""
    nav = text[
        text.index('class="zz-sheet zz-figures') : text.index("</nav>", text.index("zz-figures"))
    ]
    found = re.findall(r"<b>(?:<svg.*?</svg>)?\s*(\d+)</b><span>(.*?)</span>", nav, re.S)
    return {words: int(count) for count, words in found}


def test_desk_when_clerk_then_overdue_first_then_oldest(cast, applications):
    plain = applications.received()
    late = applications.received(
        mode="OFFLINE", concluded_elsewhere_at=datetime(2026, 11, 13, 16, 0, tzinfo=BEIJING)
    )
    today = applications.received(
        mode="OFFLINE", concluded_elsewhere_at=datetime(2026, 11, 17, 16, 0, tzinfo=BEIJING)
    )
    later = applications.received(
        mode="OFFLINE", concluded_elsewhere_at=datetime(2026, 11, 18, 9, 0, tzinfo=BEIJING)
    )
    text = page_of(cast.client("market.clerk"))
    assert numbers(text) == [late.number, today.number, plain.number, later.number]
    for words in ("超期 2 个工作日", "今天到期", "还有 1 个工作日", "今天收件", "缺 5 项"):
        assert words in text
    assert figures(text) == {
        "已超期": 1,
        "今天到期": 1,
        "被退回，等我补正": 0,
        "等我采集": 4,
        "已交，等别人审核签发": 0,
        "已签发，等制证": 0,
    }


def test_desk_when_concluded_on_a_friday_then_the_weekend_does_not_count(cast, applications):
    applications.received(
        mode="OFFLINE", concluded_elsewhere_at=datetime(2026, 11, 13, 23, 59, tzinfo=BEIJING)
    )
    # due by the end of Monday 16 November
    text = page_of(cast.client("market.clerk"), query="?step=open&limit=over")
    assert "超期 2 个工作日" in text


def test_figures_when_followed_then_show_as_many_rows(cast, applications):
    applications.received()
    returned, submitted = applications.returned(), applications.submitted()
    client = cast.client("market.clerk")
    assert numbers(page_of(client, query="?step=returned")) == [returned.number]
    assert numbers(page_of(client, query="?step=passed")) == [submitted.number]
    assert figures(page_of(client))["被退回，等我补正"] == 1


def test_desk_when_reviewer_or_signatory_then_their_own_queue_and_column(cast, applications):
    submitted, approved = applications.submitted(), applications.approved()
    text = page_of(cast.client("market.reviewer"))
    assert numbers(text) == [submitted.number]
    assert '<th scope="col">采集人</th>' in text
    text = page_of(cast.client("market.signatory"))
    assert numbers(text) == [approved.number]
    assert '<th scope="col">审核人</th>' in text


def test_desk_when_a_licence_awaits_its_file_then_it_stays_until_it_is_made(cast, applications):
    licence = applications.issued()
    text = page_of(cast.client("market.signatory"))
    assert numbers(text) == [licence.application.number]
    assert "等制证" in text
    assert "今天到期" in text


def test_desk_when_a_neighbour_has_the_same_kind_then_each_sees_their_own(cast, applications):
    own = applications.received()
    neighbours = Applications.__new__(Applications)
    neighbours.__init__(cast, kind="林木采伐许可证", place="land")
    other = neighbours.received(holders=[HolderFactory()])
    assert numbers(page_of(cast.client("market.clerk"), query="?step=open")) == [own.number]
    assert numbers(page_of(cast.client("land.clerk"), query="?step=open")) == [other.number]


def test_filter_when_by_name_number_and_kind_then_narrowed_and_said(cast, applications):
    named = applications.received(holders=[HolderFactory(enterprise=True, name="泽州县晋香食府")])
    other = applications.received()
    client = cast.client("market.clerk")
    assert numbers(page_of(client, query="?q=晋香")) == [named.number]
    for part in (other.number, other.number[-5:], other.number.removeprefix("ZZ-")):
        assert numbers(page_of(client, query=f"?q={part}")) == [other.number]
    for surname in ("晋", "晋香"):
        assert numbers(page_of(client, query=f"?q={surname}")) == [named.number]
    assert numbers(page_of(client, query="?q=2026")) == [named.number, other.number]
    kind = applications.entry.type_code
    assert len(numbers(page_of(client, query=f"?kind={kind}"))) == 2
    text = page_of(client, query="?q=没有这一家")
    assert "没有符合这些条件的件" in text
    assert "清除" in text


def test_filter_when_the_words_are_nonsense_then_the_desk_as_usual(cast, applications):
    application = applications.received()
    query = "?step=everything&limit=never&kind=0&page=broken&q=%00"
    text = page_of(cast.client("market.clerk"), query=query)
    assert numbers(text) == [application.number]


def test_desk_when_more_than_a_page_then_pages_by_key_under_thirty_queries(
    cast, applications, django_assert_max_num_queries
):
    made = [applications.received() for _ in range(23)]
    client = cast.client("market.clerk")
    with django_assert_max_num_queries(30):
        text = page_of(client)
    assert numbers(text) == [one.number for one in made[:20]]
    token = re.search(r'href="\?page=([^"]+)">\s*后面', text)[1]
    second = page_of(client, query=f"?page={token}")
    assert numbers(second) == [one.number for one in made[20:]]
    assert "已经是最后面" in second


@pytest.mark.parametrize("who", ["bureau.auditor", "bureau.system", "market.custodian"])
def test_desk_when_no_applications_are_this_persons_work_then_no_queue(cast, applications, who):
    application = applications.received()
    text = page_of(cast.client(who))
    assert "您的岗位不办理证照的收件、审核和签发" in text
    assert application.number not in text


def test_desk_when_nobody_is_signed_in_then_to_log_in(client, db):
    response = client.get(reverse("portal:desk"))
    assert (response.status_code, response["Location"].split("?")[0]) == (
        302,
        reverse("parties:log-in"),
    )


def test_queues_when_empty_then_say_what_will_appear(cast, applications):
    assert "没有等您审核的件" in page_of(cast.client("market.reviewer"), "licences:review-queue")
    assert "没有等您签发的件" in page_of(cast.client("market.signatory"), "licences:sign-off-queue")
    assert "这里没有件" in page_of(cast.client("market.clerk"), "licences:capture-queue")
    assert "没有等您办的件" in page_of(cast.client("market.clerk"))
    assert applications.entry.name == WATER
