"""What becomes of a message after each kind of answer; the far side is a plain object here."""

from datetime import timedelta
from pathlib import Path

import pytest

from audit.trail.models import Record
from zezhou_portal.exchange.city.port import Again, Never, Taken
from zezhou_portal.exchange.models import Attempt, Outbound
from zezhou_portal.exchange.services import asking, dispatching, receiving
from zezhou_portal.exchange.services.posting import post
from zezhou_portal.exchange.tasks import ask_unanswered, dispatch
from zezhou_portal.kernel import clock, files, vault
from zezhou_portal.kernel.subjects import Subject
from zezhou_portal.parties.models import Notification

pytestmark = pytest.mark.django_db


class City:
    """Answers every message the same way, and remembers what it was sent."""

    def __init__(self, answer) -> None:
        self.answer, self.sent, self.asked = answer, [], []

    def send(self, path, key, body):
        self.sent.append((path, key, body))
        return self._say()

    def ask(self, key):
        self.asked.append(key)
        return self._say()

    def _say(self):
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def posted(department, topic="licence_detained", key="one", order=1, digest=""):
    subject = Subject("licence", key, f"证照 {key}")
    return post(topic, department, subject, order, {"metadata": {"ZZBS": key}}, digest)


def test_what_travels(department):
    digest = files.store(b"sealed bytes")
    row = posted(department, "licence_issued", digest=digest)
    city = City(Taken("N-1"))
    dispatching.dispatch(city)
    ((path, key, body),) = city.sent
    assert (path, key) == ("/v1/licences/issued", str(row.uuid))
    assert body == {
        "key": key,
        "topic": "licence_issued",
        "article": "M.9",
        "issuer": department.credit_code,
        "subject": "one",
        "order": 1,
        "posted_at": row.posted_at.strftime("%Y-%m-%dT%H:%M:%S+00:00"),
        "content": {"metadata": {"ZZBS": "one"}},
        "file": {"digest": digest, "content": "c2VhbGVkIGJ5dGVz"},
    }
    row.refresh_from_db()
    assert (row.state, row.city_number, row.tries, row.leased_until) == ("SENT", "N-1", 0, None)


def test_a_message_is_tried_eight_times_more_and_then_given_up(cast):
    row = posted(cast.market)
    city = City(Again("市平台维护中。", status=503))
    waits = []
    for _ in range(9):
        before = clock.now()
        assert dispatching.dispatch(city) == 1
        row.refresh_from_db()
        waits.append(round((row.due_at - before).total_seconds()))
        Outbound.objects.update(due_at=clock.now() - timedelta(seconds=1))
    assert waits[:8] == [10, 60, 300, 1200, 3600, 14400, 43200, 86400]
    assert row.state == "GIVEN_UP"
    assert dispatching.dispatch(city) == 0
    assert Attempt.objects.count() == len(city.sent) == 9
    record = Record.objects.get()
    assert record.action == "message_given_up"
    assert record.facts["reason"] == f"hmac:{vault.blind('市平台维护中。')}"
    assert row.last_error == "市平台维护中。"
    assert {one.title for one in Notification.objects.all()} == {"推送市平台多次未成"}


def test_a_permanent_refusal_stops_at_once(cast):
    row = posted(cast.market)
    city = City(Never("同一编号已有内容不同的推送。", status=409))
    dispatching.dispatch(city)
    row.refresh_from_db()
    assert (row.state, row.city_reason) == ("REFUSED", "同一编号已有内容不同的推送。")
    assert row.answered_at is not None
    assert dispatching.dispatch(city) == 0
    assert Record.objects.get().action == "message_refused"
    assert Notification.objects.filter(account__username="market.signatory").count() == 1


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda path: path.unlink(), "要推送的证照文件找不到"),
        (lambda path: path.write_bytes(b"other"), "要推送的证照文件与登记的摘要不符"),
    ],
)
def test_a_file_that_is_lost_or_altered_is_never_sent(cast, spoil, reason):
    digest = files.store(b"sealed bytes")
    row = posted(cast.market, "licence_issued", digest=digest)
    spoil(Path(files.path_of(digest)))
    city = City(Taken("N-1"))
    dispatching.dispatch(city)
    row.refresh_from_db()
    assert city.sent == []
    assert row.state == "GIVEN_UP"
    assert row.last_error.startswith(reason)
    assert Attempt.objects.count() == 0


def test_each_message_of_a_batch_has_its_own_record(department):
    for number in range(60):
        posted(department, key=f"k{number:02}")
    assert dispatching.dispatch(City(Taken("N-1"))) == 60
    written = Record.objects.filter(action="message_sent").values_list("subject_key", flat=True)
    assert sorted(written) == [f"k{number:02}" for number in range(60)]


def test_a_verdict_that_comes_with_the_answer_is_taken(department):
    row = posted(department)
    dispatching.dispatch(City(Taken("N-1", "refused", "不对", was_there=True, status=200)))
    row.refresh_from_db()
    assert (row.state, row.city_reason) == ("REFUSED", "不对")


@pytest.mark.django_db(transaction=True)
def test_a_receipt_that_overtakes_our_writing_is_not_undone(department):
    row = posted(department)

    class Quick(City):
        def send(self, path, key, body):
            Outbound.objects.filter(uuid=key).update(state="ACCEPTED", city_number="N-1")
            return Taken("N-1")

    # The port is asked from threads of their own; this one writes through its own connection.
    from django.db import connection

    class Closing(Quick):
        def send(self, path, key, body):
            try:
                return super().send(path, key, body)
            finally:
                connection.close()

    dispatching.dispatch(Closing(None))
    row.refresh_from_db()
    assert row.state == "ACCEPTED"
    assert row.sent_at is not None
    assert row.leased_until is None
    assert Record.objects.get().action == "message_sent"


def test_an_earlier_message_given_up_holds_the_later_one_back(department):
    first, second = posted(department), posted(department, "licence_released", order=2)
    other = posted(department, key="other")
    Outbound.objects.filter(pk=first.pk).update(state="GIVEN_UP")
    city = City(Taken("N-1"))
    assert dispatching.dispatch(city) == 1
    assert [key for _, key, _ in city.sent] == [str(other.uuid)]
    receiving.receive(str(first.uuid), "N-0", "accepted")
    assert dispatching.dispatch(city) == 1
    second.refresh_from_db()
    assert second.state == "SENT"


def test_messages_of_equal_place_go_in_the_order_they_were_posted(department):
    first = posted(department)
    posted(department, "licence_released", order=1)
    city = City(Taken("N-1"))
    assert dispatching.dispatch(city) == 1
    assert city.sent[0][1] == str(first.uuid)


def test_a_message_held_by_a_dead_worker_is_due_when_its_lease_ends(department):
    row = posted(department)
    Outbound.objects.filter(pk=row.pk).update(leased_until=clock.now() + timedelta(seconds=40))
    city = City(Taken("N-1"))
    assert dispatching.dispatch(city) == 0
    Outbound.objects.filter(pk=row.pk).update(leased_until=clock.now() - timedelta(seconds=1))
    assert dispatching.dispatch(city) == 1


def sent(department):
    row = posted(department)
    dispatching.dispatch(City(Taken("N-1")))
    Outbound.objects.update(due_at=clock.now() - timedelta(seconds=1))
    return row


def test_asking_takes_a_verdict_like_a_receipt(department):
    row = sent(department)
    assert asking.ask_unanswered(City(Taken("N-1", "accepted"))) == 1
    row.refresh_from_db()
    assert (row.state, row.leased_until) == ("ACCEPTED", None)


def test_asking_waits_longer_each_time(department):
    row = sent(department)
    waits = []
    for _ in range(3):
        before = clock.now()
        asking.ask_unanswered(City(Taken("N-1")))
        row.refresh_from_db()
        waits.append(round((row.due_at - before).total_seconds()))
        Outbound.objects.update(due_at=clock.now() - timedelta(seconds=1))
    assert waits == [600, 3600, 14400]
    assert row.state == "SENT"


def test_asking_a_city_that_is_down_changes_nothing_but_the_next_time(department):
    row = sent(department)
    asking.ask_unanswered(City(Again("连不上市平台。", unreachable=True)))
    row.refresh_from_db()
    assert (row.state, row.last_error) == ("SENT", "连不上市平台。")
    assert row.due_at > clock.now()


def test_what_the_city_does_not_know_is_sent_again_with_a_record(department):
    row = sent(department)
    asking.ask_unanswered(City(None))
    row.refresh_from_db()
    assert (row.state, row.tries, row.city_number) == ("WAITING", 0, "")
    record = Record.objects.get(action="message_lost")
    assert record.facts["why"] == "市平台没有收到这一条"
    city = City(Taken("N-2"))
    assert dispatching.dispatch(city) == 1
    assert city.sent[0][1] == str(row.uuid)


def test_the_tasks_find_nothing_to_do_without_messages(db):
    assert dispatch() == 0
    assert ask_unanswered() == 0
