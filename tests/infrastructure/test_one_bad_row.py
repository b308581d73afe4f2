"""Every queue × one bad row: the sound ones go on, the bad one waits by itself and says why."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.urls import reverse

from audit.deadlines.models import Deadline
from audit.deadlines.services import clocks, recomputing
from audit.trail.models import Record
from licences.models import Licence, LicenceVersion, StockBatch
from licences.register import expiring, producing
from licences.stock import converting
from licences.stock import files as sheet_files
from tests.cast import Cast
from tests.exchange.test_dispatching import City, posted
from tests.exchange.test_interface import told as receipts_posted
from tests.factories.catalogue import entry_of
from tests.factories.parties import HolderFactory
from tests.factories.seals import seal_of
from tests.holders import mandate_of
from tests.licences.register.making import food, produced
from tests.licences.stock.conftest import ISSUER, published, signed_off
from tests.licences.stock.test_sheet_files import converted
from usage.mandates import children
from usage.models import Presentation
from usage.presenting import presentations
from usage.wallet import reminders
from zezhou_portal.exchange.city.port import Taken
from zezhou_portal.exchange.models import Outbound
from zezhou_portal.exchange.services import asking, dispatching
from zezhou_portal.kernel import clock, rows
from zezhou_portal.kernel.queues import queue_of, queues
from zezhou_portal.kernel.subjects import Subject
from zezhou_portal.parties.lifecycle import MANDATE
from zezhou_portal.parties.mandates import window
from zezhou_portal.parties.models import Basis, Mandate, Notification, StalledRow, TextMessage
from zezhou_portal.parties.notices import stalled, texts
from zezhou_portal.regulation.limits import GENERATION_ONLINE, SHEET_FILE_KEPT

pytestmark = pytest.mark.django_db
GARBAGE = "d1:bm8ga2V5IG9wZW5zIHRoaXM="


@dataclass(frozen=True)
class Scene:
    """A queue with a bad row among sound ones: what runs it, how many are done, the bad one."""

    run: Callable[[], object]
    done: Callable[[], int]
    bad: int
    sound: int = 2


def spoil(table: str, column: str, key: int) -> None:
    """A stored secret that no key opens."""
    with connection.cursor() as cursor:
        cursor.execute(f'UPDATE {table} SET "{column}" = %s WHERE id = %s', [GARBAGE, key])  # noqa: S608


def three(cast: Cast) -> list[Licence]:
    entry = entry_of("食品经营许可证", cast.market)
    return [
        food(cast, entry=entry, number=f"JY2140525000{place}", serial=10 + place)
        for place in range(3)
    ]


def produce(cast: Cast, _patch: Any) -> Scene:
    one, bad, other = three(cast)
    version = bad.versions.get()
    LicenceVersion.objects.filter(pk=version.pk).update(frozen={"entry": version.frozen["entry"]})
    mine = Licence.objects.filter(pk__in=[one.pk, other.pk], state="IN_FORCE")
    return Scene(producing.produce_waiting, mine.count, version.pk)


def convert(cast: Cast, _patch: Any) -> Scene:
    cast.bureau.credit_code = ISSUER
    cast.bureau.save(update_fields=["credit_code"])
    seal_of(cast.bureau)
    batch = signed_off(cast, published("食品经营许可证", cast))
    row = batch.rows.filter(outcome="convert").order_by("row_number")[1]
    row.values = {key: one for key, one in row.values.items() if key != "holder_id_type"}
    row.save(update_fields=["values"])
    return Scene(converting.convert_waiting, Licence.objects.count, row.pk, batch.rows_convert - 1)


def expire(cast: Cast, _patch: Any) -> Scene:
    made = three(cast)
    producing.produce_waiting()
    yesterday = clock.today() - timedelta(days=1)
    Licence.objects.update(valid_from=yesterday, valid_until=yesterday)
    LicenceVersion.objects.filter(licence=made[1]).update(frozen={})
    return Scene(expiring.expire_due, Licence.objects.filter(state="EXPIRED").count, made[1].pk)


def erase_sheets(cast: Cast, patch: Any) -> Scene:
    made = [converted(cast, days_ago=SHEET_FILE_KEPT.days + 1)]
    for place in (1, 2):
        copy = StockBatch.objects.get(pk=made[0].pk)
        copy.pk, copy._state.adding = None, True
        copy.uuid, copy.tab = uuid4(), f"表{place}"
        copy.save()
        made.append(copy)
    fail_for(patch, sheet_files, "_erase", lambda pk: pk == made[1].pk)
    erased = StockBatch.objects.filter(file_erased_at__isnull=False)
    return Scene(sheet_files.erase_old, erased.count, made[1].pk)


def fail_for(patch: Any, module: Any, name: str, is_bad: Callable[[Any], bool]) -> None:
    """Lets a module's function fail for one row, where no row of the database is bad enough."""
    whole = getattr(module, name)

    def failing(given: Any, *more: Any) -> Any:
        if is_bad(given):
            raise ZeroDivisionError
        return whole(given, *more)

    patch.setattr(module, name, failing)


def send(cast: Cast, _patch: Any) -> Scene:
    made = [posted(cast.market, key=f"k{place}") for place in range(3)]
    spoil("exchange_outbound", "content", made[1].pk)
    sent = Outbound.objects.filter(state="SENT")
    return Scene(lambda: dispatching.dispatch(City(Taken("N"))), sent.count, made[1].pk)


def ask(cast: Cast, _patch: Any) -> Scene:
    made = [posted(cast.market, key=f"k{place}") for place in range(3)]
    Outbound.objects.update(state="SENT", due_at=clock.now(), city_number="")
    bad = str(made[1].uuid)

    class Odd(City):
        """An answer that no column can hold, for one of them."""

        def ask(self, key: str) -> Taken:
            return Taken("N\0" if key == bad else f"N-{key[:8]}", "accepted")

    accepted = Outbound.objects.filter(state="ACCEPTED")
    return Scene(lambda: asking.ask_unanswered(Odd(None)), accepted.count, made[1].pk)


def breach(cast: Cast, _patch: Any) -> Scene:
    made = [
        clocks.arm(
            place, "M.9", GENERATION_ONLINE, Subject("licence", str(key), "证照"), clock.now()
        )
        for key, place in enumerate((cast.market, cast.land, cast.bureau))
    ]
    Deadline.objects.update(due_at=clock.now() - timedelta(days=1))
    Deadline.objects.filter(pk=made[1].pk).update(article="X.99")
    breached = Deadline.objects.filter(state="BREACHED")
    return Scene(clocks.sweep, breached.count, made[1].pk)


def recount(cast: Cast, _patch: Any) -> Scene:
    since = clock.now()
    made = [
        Deadline.objects.create(
            department=cast.market, article="M.9", subject_kind="licence", subject_key=str(place),
            subject_label="证照", armed_at=since, due_at=since, last_day=clock.today(),
            limit_days=1, counted_from=since, is_provisional=True,
        )
        for place in range(3)
    ]  # fmt: skip
    Deadline.objects.filter(pk=made[1].pk).update(limit_days=None, article="X.99")
    settled = Deadline.objects.filter(is_provisional=False)
    return Scene(recomputing.recompute, settled.count, made[1].pk)


def remind(cast: Cast, _patch: Any) -> Scene:
    made = three(cast)
    producing.produce_waiting()
    Licence.objects.update(valid_until=clock.today() + timedelta(days=7))
    holder = made[1].holder_links.get().holder
    spoil("parties_holder", "phone", holder.pk)
    told = Notification.objects.filter(holder__isnull=False)
    return Scene(reminders.remind_due, told.count, made[1].pk)


def lapse(cast: Cast, patch: Any) -> Scene:
    person = HolderFactory()
    now = clock.now()
    made = [
        Presentation.objects.create(
            presenter=HolderFactory() if place else person, principal=person, opened_at=now - timedelta(minutes=9),
            ends_at=now - timedelta(minutes=1), state="OPEN",
        )
        for place in range(3)
    ]  # fmt: skip
    bad = made[1].pk
    fail_for(patch, presentations, "lock_all", lambda due: due.filter(pk=bad).exists())
    lapsed = Presentation.objects.filter(state="LAPSED")
    return Scene(presentations.lapse_due, lapsed.count, bad)


def end_mandates(cast: Cast, patch: Any) -> Scene:
    made = [mandate_of(HolderFactory(), HolderFactory()) for _ in range(3)]
    Mandate.objects.update(basis=Basis.BIRTH_CERTIFICATE)
    patch.setattr(children, "_groundless", lambda some: some)
    fail_for(patch, children, "_end", lambda one: one.pk == made[1].pk)
    ended = Mandate.objects.filter(ended_at__isnull=False)
    return Scene(children.end_groundless, ended.count, made[1].pk)


def lapse_mandates(cast: Cast, patch: Any) -> Scene:
    made = [mandate_of(HolderFactory(), HolderFactory()) for _ in range(3)]
    Mandate.objects.update(
        state=MANDATE.initial, confirm_by=clock.today() - timedelta(days=1), basis=Basis.WINDOW,
        consent_digest="d" * 64, evidence="委托书", recorded_by=cast.account("market.verifier"),
        recording_department=cast.market,
    )  # fmt: skip
    fail_for(patch, window, "_lapse", lambda one: one.pk == made[1].pk)
    ended = Mandate.objects.filter(ended_at__isnull=False)
    return Scene(window.lapse_unconfirmed, ended.count, made[1].pk)


def send_texts(cast: Cast, _patch: Any) -> Scene:
    made = [
        TextMessage.objects.create(key=f"k{place}", phone="13800000000", words="一句话")
        for place in range(3)
    ]
    spoil("parties_textmessage", "phone", made[1].pk)
    sent = TextMessage.objects.filter(state="SENT")
    return Scene(texts.send_due, sent.count, made[1].pk)


SCENES = {
    "produce": produce, "convert": convert, "expire": expire, "erase-sheets": erase_sheets,
    "send": send, "ask": ask, "breach": breach, "recount": recount, "remind": remind,
    "lapse": lapse, "end-mandates": end_mandates, "lapse-mandates": lapse_mandates, "texts": send_texts,
}  # fmt: skip
# Their own end is a person's: given up or set aside, with the reason on the row itself.
ENDS_BY_ITSELF = {"convert", "send", "texts"}


@pytest.fixture
def place(cast: Cast, settings: Any, tmp_path: Any) -> Cast:
    settings.VAR_DIR = tmp_path
    seal_of(cast.market)
    return cast


def test_every_queue_has_its_bad_row() -> None:
    assert {one.code for one in queues()} == set(SCENES)


@pytest.mark.parametrize("code", SCENES)
def test_one_bad_row_when_its_queue_is_worked_off_then_the_others_are_done(
    code: str, place: Cast, monkeypatch: Any
) -> None:
    scene = SCENES[code](place, monkeypatch)
    scene.run()
    assert scene.done() == scene.sound
    scene.run()  # and the bad one is not tried at once again
    assert scene.done() == scene.sound
    if code in ENDS_BY_ITSELF:
        return
    row = StalledRow.objects.get(queue=code)
    assert (row.key, row.tries) == (str(scene.bad), 1)
    assert "请找系统管理员" in row.reason
    assert row.next_try_at > clock.now()
    assert Notification.objects.filter(
        account=place.account("bureau.system"), title=f"{queue_of(code).words}没有成功"
    ).exists()


def test_a_row_of_a_sheet_that_cannot_be_converted_says_why_and_the_sheet_is_closed(
    place: Cast, monkeypatch: Any
) -> None:
    scene = convert(place, monkeypatch)
    scene.run()
    batch = StockBatch.objects.get()
    row = batch.rows.get(pk=scene.bad)
    assert (row.outcome, row.fault, row.values) == ("fault", "unreadable_row", None)
    assert row.reason.startswith(f"第 {row.row_number} 行：转换时读不出来")
    assert (batch.state, batch.rows_done) == ("CONVERTED", scene.sound)


@pytest.mark.parametrize(("code", "table", "column"), [
    ("send", "exchange_outbound", "last_error"), ("texts", "parties_textmessage", "last_error"),
])  # fmt: skip
def test_a_secret_that_no_key_opens_is_said_at_its_row(
    code: str, table: str, column: str, place: Cast, monkeypatch: Any
) -> None:
    scene = SCENES[code](place, monkeypatch)
    scene.run()
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT "{column}" FROM {table} WHERE id = %s', [scene.bad])  # noqa: S608
        assert "打不开" in cursor.fetchone()[0]


def test_a_row_that_workers_die_of_is_tried_last_and_alone(place: Cast, monkeypatch: Any) -> None:
    one, bad, other = three(place)
    version = bad.versions.get()
    LicenceVersion.objects.filter(pk=version.pk).update(tries=3)
    whole = producing.draw_and_seal

    def deadly(row: LicenceVersion, *more: Any) -> Any:
        if row.pk == version.pk:
            raise SystemExit
        return whole(row, *more)

    monkeypatch.setattr(producing, "draw_and_seal", deadly)
    with pytest.raises(SystemExit):
        producing.produce_waiting()
    version.refresh_from_db()
    assert version.last_error == rows.DIED
    assert version.due_at > clock.now()
    assert Licence.objects.filter(pk__in=[one.pk, other.pk], state="IN_FORCE").count() == 2


def test_tries_have_a_ceiling_and_then_a_person_is_asked(place: Cast) -> None:
    licence = food(place)
    version = licence.versions.get()
    LicenceVersion.objects.filter(pk=version.pk).update(tries=32767, frozen={}, last_error="坏")
    for _ in range(rows.CEILING):
        LicenceVersion.objects.update(due_at=clock.now() - timedelta(seconds=1))
        assert producing.produce_waiting() == 1
    row = StalledRow.objects.get()
    assert (row.tries, row.asked_at is not None) == (rows.CEILING, True)
    assert row.next_try_at > clock.now() + timedelta(hours=23)
    asked = Notification.objects.filter(title__contains="请处理")
    assert {one.account for one in asked} == {
        place.account("market.signatory"), place.account("bureau.system"),
    }  # fmt: skip


def test_news_that_differs_is_told_again_and_the_same_is_not(place: Cast) -> None:
    queue, about = queue_of("produce"), stalled.About(Subject("licence", "one", "证照"))
    told = Notification.objects.filter(account=place.account("bureau.system"))
    for reason, count in (("甲。", 1), ("甲。", 1), ("乙。", 2), ("乙。", 2)):
        stalled.put_off(queue, 1, about, reason)
        assert told.count() == count, reason


def test_a_row_that_is_done_is_forgotten(place: Cast) -> None:
    licence = food(place)
    version = licence.versions.get()
    frozen = version.frozen
    LicenceVersion.objects.filter(pk=version.pk).update(frozen={})
    producing.produce_waiting()
    assert StalledRow.objects.count() == 1
    LicenceVersion.objects.filter(pk=version.pk).update(frozen=frozen, due_at=clock.now())
    produced(licence)
    assert StalledRow.objects.count() == 0


def test_a_person_lets_a_row_be_tried_at_once_and_a_neighbour_does_not_find_it(
    place: Cast,
) -> None:
    licence = food(place)
    version = licence.versions.get()
    LicenceVersion.objects.filter(pk=version.pk).update(frozen={})
    producing.produce_waiting()
    row = StalledRow.objects.get()
    address = reverse("parties:stalled", args=[row.uuid])
    assert place.client("land.signatory").get(address).status_code == 404
    assert place.client("land.signatory").post(address).status_code == 404
    assert place.client("market.clerk").post(address).status_code == 403
    for who in ("market.signatory", "bureau.system"):
        client = place.client(who)
        assert row.reason in client.get(address).content.decode()
        StalledRow.objects.update(next_try_at=clock.now() + timedelta(days=1))
        assert client.post(address).status_code == 302
        version.refresh_from_db()
        row.refresh_from_db()
        assert version.due_at <= clock.now()
        assert row.next_try_at <= clock.now()
    assert Record.objects.filter(action="work_retried").count() == 2


def test_one_odd_receipt_of_a_list_keeps_none_of_the_others_back(place: Cast) -> None:
    message = posted(place.market)
    Outbound.objects.update(state="SENT", city_number="N-1")
    good = {"key": str(message.uuid), "number": "N-1", "verdict": "accepted"}
    odd = [{"key": "k", "number": "N\0", "verdict": "accepted"}, 7, {**good, "verdict": "perhaps"}]
    answer = receipts_posted([*odd, good])
    assert answer.status_code == 200
    assert [one["outcome"] for one in answer.json()["results"]] == [*["unreadable"] * 3, "kept"]
    message.refresh_from_db()
    assert message.state == "ACCEPTED"
