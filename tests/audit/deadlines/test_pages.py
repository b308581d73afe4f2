"""The department's clocks page, and the county's numbers for supervision."""

import re
from datetime import timedelta

import pytest

from audit.deadlines import selectors
from audit.deadlines.models import Deadline
from audit.deadlines.services import clocks
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import public
from zezhou_portal.kernel.subjects import Subject
from zezhou_portal.parties.models import Notification
from zezhou_portal.regulation.limits import GENERATION_OFFLINE, GENERATION_ONLINE

pytestmark = pytest.mark.django_db


def armed(department, key, *, limit=GENERATION_ONLINE, ago=timedelta(0)):
    subject = Subject("licence", key, f"证照 {key}")
    return clocks.arm(department, "M.9", limit, subject, clock.now() - ago)


def test_the_page_shows_open_clocks_of_the_own_department(cast):
    armed(cast.market, "ours")
    armed(cast.land, "theirs")
    page = cast.client("market.clerk").get("/clocks/").content.decode()
    assert "证照 ours" in page
    assert "今天到期" in page
    assert "证照 theirs" not in page


def test_a_late_clock_is_not_called_met_in_time(cast):
    row = armed(cast.market, "late", ago=timedelta(days=40))
    clocks.sweep()
    clocks.meet("M.9", clocks.subject_of(row), clock.now())
    client = cast.client("market.clerk")
    page = client.get("/clocks/?state=MET_LATE").content.decode()
    days = Deadline.objects.get().days_late
    assert days > 20
    assert f"办结（超期 {days} 个工作日）" in page
    assert "没有这样的时限" in client.get("/clocks/?state=MET").content.decode()
    table = cast.client("bureau.supervisor").get("/clocks/departments/").content.decode()
    assert re.search(r'data-label="办结（超期）"><span class="zz-num">1<', table)


def test_a_clock_without_a_last_day_stands_last_and_says_so(cast):
    clocks.arm(cast.market, "M.9", None, Subject("application", "a", "ZZ-1"), clock.now())
    armed(cast.market, "soon")
    page = cast.client("market.clerk").get("/clocks/").content.decode()
    assert page.index("证照 soon") < page.index("ZZ-1")
    assert "办结当日到期" in page
    running = cast.client("market.clerk").get("/clocks/?state=RUNNING").content.decode()
    assert "ZZ-1" in running


def test_a_breach_is_told_to_the_department_once(cast):
    armed(cast.market, "one", ago=timedelta(days=40))
    armed(cast.market, "two", ago=timedelta(days=40))
    assert clocks.sweep() == 2
    told = Notification.objects.order_by("account__username")
    assert [one.account.username for one in told] == [
        "market.clerk",
        "market.reviewer",
        "market.signatory",
    ]
    assert "连同这一件共 2 件" in told[0].body
    assert clocks.sweep() == 0
    assert Notification.objects.count() == 3


def test_filters_and_the_empty_page(cast):
    armed(cast.market, "soon")
    armed(cast.market, "later", limit=GENERATION_OFFLINE)
    client = cast.client("market.clerk")
    today = client.get("/clocks/?state=TODAY").content.decode()
    assert "证照 soon" in today
    assert "证照 later" not in today
    assert "没有这样的时限" in client.get("/clocks/?state=DROPPED").content.decode()


def test_the_supervisor_sees_numbers_only_and_others_do_not(cast):
    armed(cast.market, "hidden")
    page = cast.client("bureau.supervisor").get("/clocks/departments/").content.decode()
    assert "泽州县市场监督管理局" in page
    assert "证照 hidden" not in page
    assert cast.client("market.clerk").get("/clocks/departments/").status_code == 403
    assert cast.client("bureau.auditor").get("/clocks/").status_code == 403


def test_who_acts_for_no_department_sees_no_clock(cast):
    armed(cast.market, "hidden")
    assert list(selectors.visible_to(public())) == []
