"""Posting is part of the act; receipts count once (M.8, M.9)."""

import json
import uuid

import pytest
from django.db import transaction

from audit.deadlines.models import Deadline
from audit.deadlines.services import clocks
from audit.trail.models import Record
from zezhou_portal.exchange import selectors
from zezhou_portal.exchange.models import Outbound, Receipt
from zezhou_portal.exchange.services import posting, receiving
from zezhou_portal.exchange.services.posting import NewMessage, post, post_many
from zezhou_portal.exchange.services.receiving import Outcome, Told
from zezhou_portal.exchange.services.resending import mend, resend
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.subjects import Subject
from zezhou_portal.parties.models import Notification
from zezhou_portal.regulation.errors import NotPermitted, RuleBroken
from zezhou_portal.regulation.limits import GENERATION_ONLINE

pytestmark = pytest.mark.django_db
LICENCE = Subject("licence", "one", "食品经营许可证 JY1")
CONTENT = {"metadata": {"CZZT": "泽州县样例超市", "ZZBS": "x"}}


def sent(department, *, key="one", order=1, number="SIM-1"):
    subject = Subject("licence", key, f"食品经营许可证 {key}")
    message = post("licence_issued", department, subject, order, CONTENT, "d" * 64)
    Outbound.objects.filter(pk=message.pk).update(state="SENT", city_number=number)
    message.refresh_from_db()
    return message


def test_posting_is_written_once(department):
    first = post("licence_issued", department, LICENCE, 1, CONTENT, "d" * 64)
    again = post("licence_issued", department, LICENCE, 1, CONTENT, "d" * 64)
    assert again.pk == first.pk
    assert json.loads(again.content) == CONTENT
    assert (again.article, again.state, again.file_digest) == ("M.9", "WAITING", "d" * 64)


@pytest.mark.parametrize(("content", "digest"), [({"metadata": {}}, "d" * 64), (CONTENT, "e" * 64)])
def test_another_happening_never_vanishes_behind_an_earlier_one(department, content, digest):
    post("licence_altered", department, LICENCE, 1, CONTENT, "d" * 64)
    with pytest.raises(ValueError, match="place 1 tells of another happening"):
        post("licence_altered", department, LICENCE, 1, content, digest)


def test_posting_belongs_to_the_caller_s_transaction(department):
    with pytest.raises(OSError, match="the act failed"), transaction.atomic():
        post("licence_detained", department, LICENCE, 1, CONTENT)
        raise OSError("the act failed")
    assert Outbound.objects.count() == 0


def test_what_names_a_holder_is_encrypted_at_rest(department):
    post("licence_detained", department, LICENCE, 1, CONTENT)
    with transaction.get_connection().cursor() as cursor:
        cursor.execute("SELECT content FROM exchange_outbound")
        (stored,) = cursor.fetchone()
    assert "样例超市" not in stored
    assert stored.startswith("d1:")


def test_posting_many_is_one_insert_in_a_savepoint_and_one_ring(
    department, django_assert_num_queries, monkeypatch
):
    rings: list[str] = []
    monkeypatch.setattr(posting, "wake", rings.append)
    letters = [NewMessage(Subject("licence", f"l{n}", f"证照 {n}"), 1, CONTENT) for n in range(150)]
    with django_assert_num_queries(3):
        posted = post_many("licence_expired", department, letters)
    assert [one.subject_key for one in posted] == [f"l{n}" for n in range(150)]
    assert rings == ["exchange.dispatch"]


@pytest.mark.parametrize(
    ("topic", "digest"), [("licence_issued", ""), ("licence_detained", "d" * 64)]
)
def test_a_file_travels_only_where_it_belongs(department, topic, digest):
    with pytest.raises(ValueError, match="a file travels"):
        post(topic, department, LICENCE, 1, CONTENT, digest)


def test_the_next_place_follows_the_last(department):
    assert selectors.next_version(LICENCE) == 1
    post("licence_detained", department, LICENCE, 4, CONTENT)
    assert selectors.next_version(LICENCE) == 5
    other = Subject("licence", "two")
    assert selectors.next_versions([other, LICENCE]) == {"one": 5, "two": 1}


@pytest.mark.article("M.9")
def test_acceptance_meets_the_clock_and_sending_does_not(department):
    message = sent(department)
    subject = Subject("licence", "one", "")
    clocks.arm(department, "M.9", GENERATION_ONLINE, subject, clock.now())
    assert Deadline.objects.get().state == "RUNNING"
    assert receiving.receive(str(message.uuid), "SIM-1", "accepted") is Outcome.KEPT
    assert Deadline.objects.get().state == "MET"
    assert receiving.receive(str(message.uuid), "SIM-1", "accepted") is Outcome.KNOWN
    actions = list(Record.objects.order_by("seq").values_list("action", flat=True))
    assert actions == ["message_accepted", "clock_met"]
    assert Receipt.objects.count() == 1


def test_a_refusal_does_not_meet_the_clock_and_tells_those_who_may_resend(cast):
    message = sent(cast.market)
    clocks.arm(cast.market, "M.9", GENERATION_ONLINE, Subject("licence", "one"), clock.now())
    receiving.receive(str(message.uuid), "SIM-1", "refused", "缺少必填项：持证主体。")
    message.refresh_from_db()
    assert (message.state, message.city_reason) == ("REFUSED", "缺少必填项：持证主体。")
    assert Deadline.objects.get().state == "RUNNING"
    told = Notification.objects.order_by("account__username")
    assert [one.account.username for one in told] == ["market.clerk", "market.signatory"]
    assert told[0].body == (
        "食品经营许可证 one（签发）。市平台答复：“缺少必填项：持证主体。”。请到推送页处理。"
    )


def test_a_list_of_receipts_is_judged_one_by_one(department):
    message, other = sent(department), sent(department, key="two", number="SIM-2")
    outcomes = receiving.receive_many(
        [
            Told(str(message.uuid), "SIM-1", "accepted"),
            Told(str(uuid.uuid4()), "SIM-9", "accepted"),
            Told("no uuid", "SIM-8", "accepted"),
            Told(str(message.uuid), "SIM-1", "accepted"),
            Told(str(other.uuid), "SIM-2", "refused", "不对"),
        ]
    )
    assert outcomes == ["kept", "unknown", "unknown", "known", "kept"]
    assert sorted(Outbound.objects.values_list("state", flat=True)) == ["ACCEPTED", "REFUSED"]
    assert Record.objects.count() == 2


def test_a_receipt_quicker_than_our_own_writing_counts(department):
    message = post("licence_issued", department, LICENCE, 1, CONTENT, "d" * 64)
    assert receiving.receive(str(message.uuid), "SIM-1", "accepted") is Outcome.KEPT
    message.refresh_from_db()
    assert (message.state, message.city_number) == ("ACCEPTED", "SIM-1")


def test_a_late_refusal_of_an_earlier_submission_changes_nothing(department):
    message = sent(department, number="SIM-2")
    assert receiving.receive(str(message.uuid), "SIM-1", "refused", "旧的") is Outcome.KEPT
    message.refresh_from_db()
    assert (message.state, message.city_reason) == ("SENT", "")


def test_a_refusal_after_acceptance_changes_nothing(department):
    message = sent(department)
    receiving.receive(str(message.uuid), "SIM-1", "accepted")
    receiving.receive(str(message.uuid), "SIM-1", "refused", "改主意了")
    message.refresh_from_db()
    assert message.state == "ACCEPTED"


def test_resending_puts_an_unanswered_message_back(cast):
    message = sent(cast.market)
    row = resend(actor=cast.actor("market.clerk"), message_uuid=message.uuid)
    assert (row.state, row.tries, row.city_number, row.city_reason) == ("WAITING", 0, "", "")
    record = Record.objects.get(action="message_resent")
    assert record.facts["message_state"] == ["SENT", "WAITING"]
    assert record.subject_key == "one"


@pytest.mark.article("M.8")
def test_mending_posts_a_new_message_and_keeps_the_refused_one(cast):
    message = sent(cast.market)
    receiving.receive(str(message.uuid), "SIM-1", "refused", "不对")
    new = mend(actor=cast.actor("market.clerk"), message_uuid=message.uuid)
    message.refresh_from_db()
    assert (message.state, message.city_reason, message.city_number) == ("MENDED", "不对", "SIM-1")
    assert (new.state, new.version, new.mends) == ("WAITING", 2, message)
    assert (new.content, new.file_digest) == (message.content, message.file_digest)
    record = Record.objects.get(action="message_mended")
    assert record.facts["message_state"] == ["REFUSED", "MENDED"]
    assert record.facts["mended_by"] == str(new.uuid)
    for verb in (mend, resend):
        with pytest.raises(RuleBroken):
            verb(actor=cast.actor("market.clerk"), message_uuid=message.uuid)
    assert Outbound.objects.count() == 2


def test_a_refused_message_is_not_sent_again_as_it_was(cast):
    message = sent(cast.market)
    receiving.receive(str(message.uuid), "SIM-1", "refused", "不对")
    with pytest.raises(RuleBroken) as refusal:
        resend(actor=cast.actor("market.clerk"), message_uuid=message.uuid)
    assert refusal.value.reason == "现在是“市平台退回”，不能重新推送。"


@pytest.mark.parametrize(
    ("place", "refusal"), [("market.reviewer", NotPermitted), ("land.clerk", Outbound.DoesNotExist)]
)
def test_nobody_else_mends_a_message(cast, place, refusal):
    message = sent(cast.market)
    receiving.receive(str(message.uuid), "SIM-1", "refused", "不对")
    with pytest.raises(refusal):
        mend(actor=cast.actor(place), message_uuid=message.uuid)
    assert Outbound.objects.get().state == "REFUSED"


def test_an_accepted_message_is_not_sent_again(cast):
    message = sent(cast.market)
    receiving.receive(str(message.uuid), "SIM-1", "accepted")
    with pytest.raises(RuleBroken) as refusal:
        resend(actor=cast.actor("market.clerk"), message_uuid=message.uuid)
    assert refusal.value.reason == "现在是“市平台已接收”，不能重新推送。"


def test_a_reviewer_may_watch_and_not_resend(cast):
    message = sent(cast.market)
    with pytest.raises(NotPermitted):
        resend(actor=cast.actor("market.reviewer"), message_uuid=message.uuid)
    assert Outbound.objects.get().state == "SENT"


def test_a_neighbour_s_message_is_as_if_it_were_not_there(cast):
    message = sent(cast.market)
    with pytest.raises(Outbound.DoesNotExist):
        resend(actor=cast.actor("land.clerk"), message_uuid=message.uuid)
