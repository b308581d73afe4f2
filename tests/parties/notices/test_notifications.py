"""Messages, instruments and masks."""

from datetime import date
from importlib import import_module

import pytest
from django.db import connection

from tests.cast import Cast
from tests.factories.announced import confirmed_successor
from tests.factories.parties import HolderFactory, NotificationFactory, PostingFactory
from tests.holders import holder_actor
from tests.records import records
from zezhou_portal.kernel.subjects import Subject
from zezhou_portal.parties.capabilities import Capability, Role
from zezhou_portal.parties.instruments.selectors import present_instruments
from zezhou_portal.parties.instruments.services import load_successor
from zezhou_portal.parties.masking import mask_identity, mask_name, mask_phone
from zezhou_portal.parties.models import Notification
from zezhou_portal.parties.notices.selectors import holders_inbox, inbox, unread
from zezhou_portal.parties.notices.services import (
    forget_notifications,
    read_notification,
    tell,
    tell_holder,
)
from zezhou_portal.parties.staff.rules import check_two_hands
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.errors import NotPermitted, RuleBroken

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]


def _tell(**more) -> list[Notification]:
    values = {
        "action": Action.APPLICATION_SUBMITTED,
        "title": "有一件等您审核",
        "body": "请看。",
        "link": "/x/",
    }
    return tell(**{**values, **more})


def test_tell_when_role_of_a_department_then_its_people_and_no_neighbours(cast: Cast) -> None:
    told = _tell(department=cast.market, role=Role.REVIEWER)
    assert [one.account.username for one in told] == ["market.reviewer"]


def test_tell_when_capability_is_held_twice_then_told_once(cast: Cast) -> None:
    account = cast.account("market.clerk")
    PostingFactory(account=account, department=cast.market, role="signatory")
    told = _tell(department=cast.market, capability=Capability.RESEND_MESSAGES)
    assert sorted(one.account.username for one in told) == ["market.clerk", "market.signatory"]


def test_tell_when_the_event_is_told_again_then_nothing_until_read(cast: Cast) -> None:
    first = _tell(account=cast.account("market.clerk"))
    assert _tell(account=cast.account("market.clerk")) == []
    read_notification(actor=cast.actor("market.clerk"), notification=first[0])
    assert len(_tell(account=cast.account("market.clerk"))) == 1


def test_read_notification_when_another_s_then_stays_unread(cast: Cast) -> None:
    row = _tell(account=cast.account("market.clerk"))[0]
    read_notification(actor=cast.actor("land.clerk"), notification=row)
    assert unread(cast.actor("market.clerk")).count() == 1
    assert not inbox(cast.actor("land.clerk")).exists()


def test_inbox_page_when_neighbours_message_then_404(cast: Cast) -> None:
    row = NotificationFactory(account=cast.account("market.clerk"), link="/people/")
    path = f"/inbox/{row.uuid}/read/"
    assert cast.client("land.clerk").post(path).status_code == 404
    client = cast.client("market.clerk")
    assert row.title in client.get("/inbox/").content.decode()
    assert client.post(path, {"go": "yes"})["Location"] == "/people/"
    row.refresh_from_db()
    assert row.read_at is not None


@pytest.mark.article("M.32")
def test_present_instruments_when_measures_ended_then_until_a_successor(cast: Cast) -> None:
    before = {one.code: one.in_force for one in present_instruments(date(2024, 11, 24))}
    after = {one.code: one.in_force for one in present_instruments(date(2024, 11, 25))}
    assert before == {"M": True, "S": True, "P": True}
    assert after == {"M": False, "S": True, "P": True}
    row = confirmed_successor(
        cast, title="泽州县电子证照管理办法", number="泽政办发〔2026〕1号",
        in_force_from=date(2026, 12, 1), ends_on=date(2031, 11, 30),
    )  # fmt: skip
    by_day = {
        day: present_instruments(day)[0].successor
        for day in (date(2026, 11, 30), date(2026, 12, 1), date(2031, 11, 30), date(2031, 12, 1))
    }
    assert list(by_day.values()) == [None, row, row, None]
    assert records("instrument_loaded")[0].subject_label == "泽政办发〔2026〕1号"


@pytest.mark.article("M.32")
def test_load_successor_when_not_allowed_or_wrong_then_refused(cast: Cast) -> None:
    values = {
        "replaces": "M",
        "title": "新办法",
        "number": "一号",
        "in_force_from": date(2026, 12, 1),
        "text": "第一条",
    }
    with pytest.raises(NotPermitted):
        load_successor(actor=cast.actor("market.signatory"), **values)
    actor = cast.actor("bureau.administrator")
    with pytest.raises(RuleBroken) as caught:
        load_successor(actor=actor, **{**values, "in_force_from": date(2020, 1, 1), "title": ""})
    assert caught.value.fields == {
        "in_force_from": "后续文件不会早于原文件的印发日期（2022-11-25）。请核对。",
        "title": "还没有填文件名称。",
    }
    load_successor(actor=actor, **values)
    with pytest.raises(RuleBroken) as caught:
        load_successor(actor=actor, **values)
    assert caught.value.fields == {"number": "“一号”已经登记过。"}


@pytest.mark.article("M.7")
def test_check_two_hands_when_same_or_unknown_then_refused() -> None:
    check_two_hands(1, 2, "M.7", "x")
    for first, second in ((1, 1), (None, 2), (1, None), (None, None)):
        with pytest.raises(RuleBroken) as caught:
            check_two_hands(first, second, "M.7", "采集人不能审核自己的件。")
        assert (caught.value.article, caught.value.reason) == ("M.7", "采集人不能审核自己的件。")


@pytest.mark.article("M.26")
@pytest.mark.parametrize(
    ("mask", "value", "shown"),
    [
        (mask_name, "张三", "张*"), (mask_name, "欧阳建国", "欧**"), (mask_name, "", ""),
        (mask_name, "李", "李"),
        (mask_identity, "140525199001011235", "140525********1235"),
        (mask_identity, "E12345678", "E1*****78"), (mask_identity, "12345", "*****"),
        (mask_phone, "13812345678", "138****5678"), (mask_phone, "0356-1234567", "**********67"),
        (mask_phone, "1", "*"), (mask_phone, "", ""),
    ],
)  # fmt: skip
def test_masks_when_applied_then_as_platforms_do(mask, value: str, shown: str) -> None:
    assert mask(value) == shown


def test_holder_when_told_twice_of_one_happening_then_one_message(db: None) -> None:
    holder, neighbour = HolderFactory(), HolderFactory()
    said = {
        "action": Action.MANDATE_ENDED,
        "title": "不再代办 140525199103121021",
        "body": "两句话。",
        "link": "/people/",
    }
    first = tell_holder(holder=holder, key="one", **said)
    assert first is not None
    assert tell_holder(holder=holder, key="one", **{**said, "title": "另一个标题"}) is None
    assert tell_holder(holder=holder, key="two", **said) is not None
    assert tell_holder(holder=neighbour, key="one", **said) is not None
    assert holders_inbox(holder_actor(holder)).filter(read_at__isnull=True).count() == 2
    assert first.title == "不再代办 140525********1021"


@pytest.mark.article("M.3")
def test_message_when_told_before_messages_named_their_subject_then_the_migration_names_it(
    cast: Cast,
) -> None:
    about, clerk = "0f8fad5b-d9cb-469f-a165-70867728950e", cast.account("market.clerk")
    for link in (f"/matters/{about}/", f"/applications/{about}/", "/desk/", f"/holders/{about}/"):
        Notification.objects.create(account=clerk, action="x", title=link, body="x", link=link)
    migrations = "zezhou_portal.parties.migrations"
    named = import_module(f"{migrations}.0007_messages_of_applications_name_them")
    with connection.cursor() as cursor:
        cursor.execute(named.NAMED)
    told = Notification.objects.filter(subject_kind="application", subject_key=about)
    assert set(told.values_list("link", flat=True)) == {f"/applications/{about}/"}
    assert forget_notifications(Subject("application", about)) == 2
    assert set(Notification.objects.values_list("title", flat=True)) == {
        "/desk/", f"/holders/{about}/",
    }  # fmt: skip
