"""The department's clocks page, and the county's numbers for supervision."""

from datetime import timedelta

import pytest

from audit.deadlines import selectors
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
    page = cast.client("market.clerk").get("/clocks/?state=MET").content.decode()
    assert "超期后办结" in page
    assert "按时办结，" not in page


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
