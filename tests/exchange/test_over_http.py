"""The exchange against a stand-in city that is a process of its own (M.8, M.9)."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from audit.deadlines.models import Deadline
from audit.deadlines.services import clocks
from audit.trail.models import Record
from tests.exchange import city as cityside
from tests.exchange.city import until
from zezhou_portal.exchange.models import Attempt, Outbound, Receipt
from zezhou_portal.exchange.services import asking, dispatching
from zezhou_portal.exchange.services.resending import mend
from zezhou_portal.kernel import clock, vault
from zezhou_portal.kernel.actors import Actor, ActorKind
from zezhou_portal.kernel.subjects import Subject
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.regulation.limits import GENERATION_ONLINE

pytestmark = pytest.mark.django_db(transaction=True)


def state_of(message: Outbound) -> str:
    return Outbound.objects.values_list("state", flat=True).get(pk=message.pk)


def answered(*messages: Outbound) -> bool:
    return all(state_of(message) in {"ACCEPTED", "REFUSED"} for message in messages)


def make_due() -> None:
    """The waiting time of every message is over."""
    Outbound.objects.update(due_at=clock.now() - timedelta(seconds=1))


@pytest.mark.article("M.9")
def test_an_accepted_licence_meets_its_clock(city, issue, department):
    message = issue(1)
    subject = Subject("licence", message.subject_key, message.subject_label)
    clocks.arm(department, "M.9", GENERATION_ONLINE, subject, clock.now())
    assert dispatching.dispatch() == 1
    until(lambda: answered(message))
    message.refresh_from_db()
    assert message.state == "ACCEPTED"
    assert message.city_number.startswith("SIM-")
    assert Deadline.objects.get().state == "MET"
    assert city.held() == {cityside.identifier(1): (1, message.file_digest, "in_force")}
    actions = set(Record.objects.values_list("action", flat=True))
    assert actions == {"message_sent", "message_accepted", "clock_met"}


@pytest.mark.article("M.8")
def test_a_refused_message_comes_back_with_the_city_s_reason(city, issue):
    message = issue(1, CZZT="")
    dispatching.dispatch()
    until(lambda: answered(message))
    message.refresh_from_db()
    assert (message.state, message.city_reason) == ("REFUSED", "必填项为空：持证主体。")
    # by its digest alone: what the city answers may name people (M.26)
    told = Record.objects.get(action="message_refused").facts["reason"]
    assert told == f"hmac:{vault.blind(message.city_reason)}"
    assert city.held() == {}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"ZZBS": "1.2.156.3005.2.x"}, "证照标识不对："),
        ({"ZZBFJGDM": "11140525366258516D"}, "颁发机构代码与证照标识不一致。"),
        ({"ZZLXDM": "11100000MB0143028R002"}, "证照类型代码与证照标识不一致。"),
        ({"ZZYXQJZRQ": "2020-01-01"}, "有效期截止日期早于起始日期。"),
        ({"ZZBFRQ": "昨天"}, "证照颁发日期不是日期。"),
        ({"CZZT": ["甲", "乙"]}, "持证主体与其代码、代码类型的个数不一致。"),
    ],
)
def test_the_city_looks_at_what_the_message_says(city, issue, changes, reason):
    message = issue(1, **changes)
    dispatching.dispatch()
    until(lambda: answered(message))
    message.refresh_from_db()
    assert message.state == "REFUSED"
    assert message.city_reason.startswith(reason)


def test_the_city_refuses_a_wrong_check_character(city, issue):
    good = cityside.identifier(1)
    bad = good[:-1] + ("A" if good[-1] != "A" else "B")
    message = issue(1, zzbs=bad)
    dispatching.dispatch()
    until(lambda: answered(message))
    message.refresh_from_db()
    assert message.city_reason.startswith("证照标识不对：校验码对不上")


def test_the_city_refuses_a_file_of_another_licence(city, issue, sealer, department):
    message = issue(1)
    other = issue(2)
    Outbound.objects.filter(pk=message.pk).update(file_digest=other.file_digest)
    dispatching.dispatch()
    until(lambda: answered(message, other))
    message.refresh_from_db()
    assert message.city_reason == "证照文件里的证照标识与所报的不一致。"
    assert list(city.held()) == [cityside.identifier(2)]


def test_the_city_refuses_a_seal_it_does_not_know(city, issue, sealer, tmp_path, department):
    from zezhou_portal.exchange.services.posting import post
    from zezhou_portal.kernel import files

    stranger = cityside.make_sealer(tmp_path / "elsewhere")
    zzbs = cityside.identifier(7)
    content = {"metadata": cityside.metadata(zzbs)}
    digest = files.store(stranger.file(zzbs))
    message = post("licence_issued", department, Subject("licence", "s", "s"), 1, content, digest)
    dispatching.dispatch()
    until(lambda: answered(message))
    message.refresh_from_db()
    assert message.state == "REFUSED"
    assert message.city_reason.startswith("电子印章验不过：")


def test_a_repeated_receipt_is_kept_once(city, issue):
    city.control(repeat_every=1)
    messages = [issue(serial) for serial in range(5)]
    dispatching.dispatch()
    until(lambda: answered(*messages) and not city.get("/counts")["undelivered"])
    assert Receipt.objects.count() == 5
    assert Record.objects.filter(action="message_accepted").count() == 5


def test_a_slow_city_is_waited_for(city, issue):
    city.control(delay=0.6)
    message = issue(1)
    dispatching.dispatch()
    assert state_of(message) == "SENT"
    until(lambda: answered(message))
    assert state_of(message) == "ACCEPTED"


@pytest.mark.parametrize("how", ["503", "close"])
def test_a_city_that_is_down_gets_the_message_later(city, issue, how):
    city.control(down_how=how, down_for=600)
    message = issue(1)
    before = clock.now()
    assert dispatching.dispatch() == 1
    message.refresh_from_db()
    assert (message.state, message.tries) == ("WAITING", 1)
    wait = message.due_at - before
    assert timedelta(seconds=10) <= wait < timedelta(seconds=40)
    assert message.last_error == ("市平台维护中。" if how == "503" else "连不上市平台。")
    assert dispatching.dispatch() == 0  # not due yet
    city.control(down_for=0)
    make_due()
    assert dispatching.dispatch() == 1
    until(lambda: answered(message))
    assert state_of(message) == "ACCEPTED"
    outcomes = list(Attempt.objects.order_by("pk").values_list("outcome", "status"))
    assert outcomes == [("again", 503 if how == "503" else None), ("taken", 202)]


def test_a_city_that_cannot_be_reached_is_not_knocked_at_for_every_message(issue, settings):
    settings.CITY_ADDRESS = "http://127.0.0.1:9"
    for serial in range(30):
        issue(serial)
    assert dispatching.dispatch() == 30
    assert 1 <= Attempt.objects.count() <= 8
    untried = Outbound.objects.filter(tries=0)
    assert untried.count() == 30 - Attempt.objects.count()
    assert set(Outbound.objects.values_list("state", flat=True)) == {"WAITING"}


def test_a_lost_receipt_is_asked_for(city, issue):
    city.control(lose_receipts=1)
    message = issue(1)
    dispatching.dispatch()
    until(lambda: city.get("/counts")["accepted"] == 1)
    assert state_of(message) == "SENT"
    assert asking.ask_unanswered() == 0  # too early to ask
    make_due()
    assert asking.ask_unanswered() == 1
    assert state_of(message) == "ACCEPTED"


def test_a_message_the_city_lost_is_sent_again(city, issue, tmp_path, trust, live_server, settings):
    city.control(delay=600)
    message = issue(1)
    dispatching.dispatch()
    fresh = tmp_path / "fresh"
    fresh.mkdir()
    other = cityside.start(fresh, trust, live_server.url)
    try:
        settings.CITY_ADDRESS = other.address
        make_due()
        assert asking.ask_unanswered() == 1
        assert state_of(message) == "WAITING"
        assert dispatching.dispatch() == 1
        until(lambda: answered(message))
        assert state_of(message) == "ACCEPTED"
    finally:
        other.stop()


def test_a_message_taken_before_is_success_and_not_held_twice(city, issue):
    message = issue(1)
    dispatching.dispatch()
    until(lambda: answered(message))
    # The worker died after sending: nothing of it was written down.
    Receipt.objects.all().delete()
    Outbound.objects.filter(pk=message.pk).update(state="WAITING", city_number="")
    make_due()
    assert dispatching.dispatch() == 1
    assert state_of(message) == "ACCEPTED"
    assert Attempt.objects.order_by("-pk")[0].outcome == "there"
    assert city.get("/counts")["messages"] == 1
    assert len(city.held()) == 1


@pytest.mark.article("M.8")
def test_a_later_message_waits_for_the_answer_to_the_earlier(city, issue, tell):
    city.control(delay=1)
    first = issue(1)
    second = issue(1, version=2, topic="licence_altered")
    third = tell(1, "licence_detained", order=3, version=2)
    assert dispatching.dispatch() == 1
    assert [state_of(one) for one in (first, second, third)] == ["SENT", "WAITING", "WAITING"]
    assert dispatching.dispatch() == 0
    until(lambda: answered(first))
    assert dispatching.dispatch() == 1
    city.control(delay=0)
    until(lambda: answered(second))
    assert dispatching.dispatch() == 1
    until(lambda: answered(third))
    assert city.held() == {cityside.identifier(1, 2): (2, second.file_digest, "detained")}


def test_two_dispatchers_at_once_send_each_message_once(city, issue):
    messages = [issue(serial) for serial in range(120)]

    def work() -> None:
        try:
            dispatching.dispatch()
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    until(lambda: answered(*messages))
    assert Attempt.objects.count() == 120
    assert Record.objects.filter(action="message_sent").count() == 120
    assert Record.objects.filter(action="message_accepted").count() == 120
    assert city.get("/counts")["messages"] == 120
    held = city.held()
    assert {one: digest for one, (_, digest, _) in held.items()} == {
        cityside.identifier(serial): message.file_digest for serial, message in enumerate(messages)
    }


def test_a_refused_message_is_mended_by_a_new_one_that_is_judged_anew(city, issue):
    city.control(refuse_next=1)
    message = issue(1)
    dispatching.dispatch()
    until(lambda: answered(message))
    assert state_of(message) == "REFUSED"
    new = mend(actor=_clerk(message), message_uuid=message.uuid)
    dispatching.dispatch()
    until(lambda: state_of(new) == "ACCEPTED")
    assert state_of(message) == "MENDED"
    verdicts = list(Receipt.objects.order_by("pk").values_list("verdict", flat=True))
    assert verdicts == ["refused", "accepted"]


def test_a_wrong_secret_is_tried_again_and_says_why(city, issue, settings):
    settings.CITY_SHARED_SECRET = "another"
    message = issue(1)
    dispatching.dispatch()
    message.refresh_from_db()
    assert message.state == "WAITING"
    assert message.last_error == "请求签名不对。请核对双方共用的密钥。"


def _clerk(message: Outbound) -> Actor:
    return Actor(
        kind=ActorKind.OFFICIAL,
        key="clerk",
        name="采集员",
        department_id=message.department_id,
        grants=frozenset({Capability.RESEND_MESSAGES.value}),
    )
