"""Conversion: each sound row once, whoever dies or competes; nothing personal left behind."""

import csv
import threading
from datetime import datetime

import pytest
from django.db import connection, connections
from django.urls import reverse

from audit.trail.models import Record
from licences.catalogue import numbering
from licences.catalogue.numbers import number_for
from licences.data_items import items_of
from licences.models import Licence, NumberCounter, StockBatch, StockRow
from licences.stock import checking, converting
from seals.models import Seal
from tests.factories.parties import HolderFactory
from tests.licences.stock.conftest import LARGE, SAMPLE, answers, signed_off
from tests.records import records
from zezhou_portal.kernel import clock, files
from zezhou_portal.parties.models import Holder
from zezhou_portal.regulation.errors import RuleBroken


def originals(name=LARGE, encoding="gb18030"):
    """The rows of a sample sheet by row number and heading."""
    with (SAMPLE / "stock" / name).open(encoding=encoding, newline="") as file:
        return dict(enumerate(csv.DictReader(file), start=2))


def sound_rows():
    """The row numbers that the large sheet's answers call sound."""
    return [one["row"] for one in answers("food-licences-gb18030") if one["outcome"] == "convert"]


def occurrences(text):
    """Every table and column of text or JSON in which a text occurs."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.table_name, c.column_name FROM information_schema.columns c"
            " JOIN information_schema.tables t USING (table_schema, table_name)"
            " WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE' AND (c.data_type IN"
            " ('text', 'character varying', 'jsonb', 'json', 'ARRAY'))"
        )
        found = []
        for table, column in cursor.fetchall():
            query = f'SELECT 1 FROM "{table}" WHERE "{column}"::text LIKE %s LIMIT 1'  # noqa: S608
            cursor.execute(query, [f"%{text}%"])
            if cursor.fetchone():
                found.append((table, column))
    return found


@pytest.mark.article("M.10")
def test_large_sheet_when_converted_then_each_sound_row_is_one_licence(cast, entry):
    rows, sound = originals(), sound_rows()
    known = rows[sound[0]]["统一社会信用代码"].upper()
    before = HolderFactory(enterprise=True, identity_number=known, name="登记在先的名称")
    batch = signed_off(cast, entry, LARGE)
    assert converting.convert_waiting() == 1080
    batch.refresh_from_db()
    assert (batch.state, batch.rows_done, batch.rows_convert) == ("CONVERTED", 1080, 1080)
    licences = Licence.objects.filter(stock_row__batch=batch)
    assert licences.count() == Licence.objects.count() == 1080
    assert set(licences.values_list("state", "origin")) == {("AWAITING_FILE", "STOCK")}
    assert licences.values("number").distinct().count() == 1080
    assert licences.values("identifier").distinct().count() == 1080
    made = batch.rows.filter(licence__isnull=False).order_by("row_number")
    assert list(made.values_list("row_number", flat=True)) == sound
    assert not StockRow.objects.filter(licence__isnull=False, values__isnull=False).exists()
    # Holders: one for each identity, also one that was there before, who keeps their name.
    assert Holder.objects.exclude(identity_index=None).count() == (
        Holder.objects.exclude(identity_index=None).values("identity_index").distinct().count()
    )
    first = made[0].licence
    assert first.holder_links.get().holder_id == before.pk
    assert first.holder_names == rows[sound[0]]["行政相对人名称"]
    # The counter stands behind the highest number given on paper.
    highest = max(
        numbering.sequence_in(entry.number_rule, number)
        for number in licences.values_list("number", flat=True)
    )
    assert NumberCounter.objects.get(type_code=entry.type_code).last == highest
    fresh = number_for(
        entry,
        items=items_of(entry.items),
        captured={"main_business": "食品销售经营者"},
        typed="",
        year=2026,
    )
    assert numbering.sequence_in(entry.number_rule, fresh) == highest + 1
    # Looked at for the check, and kept nowhere (M.26).
    representative = rows[sound[0]]["法定代表人证件号码"]
    assert len(representative) == 18
    assert occurrences(representative) == []
    assert ("licences_licence", "number") in occurrences(first.number)
    # One record for each licence.
    assert Record.objects.filter(action="row_converted", subject_kind="licence").count() == 1080


@pytest.mark.django_db(transaction=True)
def test_sheet_when_two_workers_convert_it_at_once_then_each_row_is_converted_once(
    cast, entry, monkeypatch
):
    monkeypatch.setattr(converting, "CHUNK", 10)
    batch = signed_off(cast, entry)
    start, done, faults = threading.Barrier(2), [], []

    def work():
        try:
            start.wait(timeout=30)
            while count := converting.convert_chunk(batch.pk):
                done.append(count)
        except Exception as fault:
            faults.append(fault)
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=120)
    assert faults == []
    batch.refresh_from_db()
    assert sum(done) == batch.rows_convert == batch.rows_done == Licence.objects.count()
    assert batch.state == "CONVERTED"


def test_sheet_when_a_worker_holds_it_then_another_leaves_it_alone(cast, entry):
    batch = signed_off(cast, entry)
    StockBatch.objects.filter(pk=batch.pk).update(leased_until=clock.now() + converting.LEASE)
    assert converting.convert_waiting() == 0
    assert Licence.objects.count() == 0


def test_sheet_when_the_worker_is_killed_then_the_next_goes_on_behind_the_last_chunk(
    cast, entry, monkeypatch
):
    batch = signed_off(cast, entry)
    whole, calls = converting.go_behind, []

    def killed(*given):
        calls.append(given)
        if len(calls) == 3:
            raise SystemExit
        whole(*given)

    monkeypatch.setattr(converting, "CHUNK", 20)
    monkeypatch.setattr(converting, "go_behind", killed)
    with pytest.raises(SystemExit):
        converting.convert_waiting()
    batch.refresh_from_db()
    assert (batch.rows_done, Licence.objects.count(), batch.state) == (40, 40, "SIGNED_OFF")
    assert converting.convert_waiting() == 0  # the dead worker's lease still runs
    StockBatch.objects.filter(pk=batch.pk).update(leased_until=clock.now())
    converting.convert_waiting()
    batch.refresh_from_db()
    assert batch.state == "CONVERTED"
    assert batch.rows_done == batch.rows_convert == Licence.objects.count()


def test_sheet_when_the_seal_is_gone_then_the_reason_stands_and_it_goes_on_later(cast, entry):
    batch = signed_off(cast, entry)
    Seal.objects.update(state="BLOCKED")
    assert converting.convert_waiting() == 0
    batch.refresh_from_db()
    assert "没有可用的电子印章" in batch.last_error
    assert batch.due_at > clock.now()
    assert (batch.leased_until, Licence.objects.count()) == (None, 0)
    Seal.objects.update(state="ACTIVE")
    StockBatch.objects.filter(pk=batch.pk).update(due_at=clock.now())
    assert converting.convert_waiting() == batch.rows_convert
    batch.refresh_from_db()
    assert (batch.state, batch.last_error) == ("CONVERTED", "")


def test_sheet_when_something_unforeseen_happens_then_other_sheets_are_converted(
    cast, entry, monkeypatch
):
    bad = signed_off(cast, entry)
    good = signed_off(cast, entry, "food-licences.xlsx")
    whole = converting.convert_chunk

    def broken(batch_id):
        if batch_id == bad.pk:
            raise ZeroDivisionError
        return whole(batch_id)

    monkeypatch.setattr(converting, "convert_chunk", broken)
    assert converting.convert_waiting() > 0
    bad.refresh_from_db()
    good.refresh_from_db()
    assert (bad.state, good.state) == ("SIGNED_OFF", "CONVERTED")
    assert bad.last_error.startswith("转换没有成功，系统会再试")


def test_sheet_when_stopped_then_it_waits_between_chunks_until_it_may_go_on(
    cast, entry, monkeypatch
):
    monkeypatch.setattr(converting, "CHUNK", 20)
    batch = signed_off(cast, entry)
    signatory = cast.actor("bureau.signatory")
    assert converting.convert_chunk(batch.pk) == 20
    checking.stop_conversion(actor=signatory, batch=batch)
    assert converting.convert_chunk(batch.pk) == 0
    assert converting.convert_waiting() == 0
    batch.refresh_from_db()
    assert (batch.state, batch.rows_done) == ("SIGNED_OFF", 20)
    checking.resume_conversion(actor=signatory, batch=batch)
    assert converting.convert_waiting() == batch.rows_convert - 20
    batch.refresh_from_db()
    assert batch.state == "CONVERTED"


def test_row_when_its_number_was_given_meanwhile_then_it_is_a_fault_and_not_converted(cast, entry):
    first = signed_off(cast, entry)
    second = signed_off(cast, entry, "同一份.csv", first_line_changed())
    assert converting.convert_waiting() == first.rows_convert + second.rows_convert
    second.refresh_from_db()
    assert (second.state, second.rows_done, second.rows_convert) == ("CONVERTED", 0, 0)
    late = second.rows.filter(fault="already_registered")
    assert late.count() == first.rows_convert == Licence.objects.count()
    assert not late.filter(values__isnull=False).exists()


def first_line_changed():
    """The small sheet with one more line break at its end: other bytes, the same rows."""
    return (SAMPLE / "stock" / "food-licences-utf8.csv").read_bytes() + b"\r\n"


@pytest.mark.article("M.26")
def test_file_when_nothing_in_it_is_left_to_mend_then_it_is_erased_after_conversion(cast, entry):
    lines = (SAMPLE / "stock" / LARGE).read_bytes().split(b"\r\n")
    first = b"\r\n".join(lines[:3])
    sound = signed_off(cast, entry, "两行.csv", first)
    faulty = signed_off(cast, entry)
    assert (sound.rows_fault, faulty.rows_fault > 0) == (0, True)
    converting.convert_waiting()
    assert not files.path_of(sound.file_digest).exists()
    assert files.path_of(faulty.file_digest).exists()  # to give the faulty rows back
    with pytest.raises(RuleBroken, match="已上传过"):
        signed_off(cast, entry, "两行.csv", first)


def ending_soon():
    """Heading and sound rows of the large sheet: two that end within days, two that do not."""
    lines = (SAMPLE / "stock" / LARGE).read_bytes().decode("gb18030").splitlines()
    rows = originals()
    ends = {row: rows[row]["有效期至"] for row in sound_rows()}
    soon = [row for row, end in ends.items() if end in {"2026/11/26", "2026/11/27"}]
    later = [row for row, end in ends.items() if "2030" in end][:2]
    assert (len(soon), len(later)) == (2, 2)
    return "\n".join(lines[row - 1] for row in [1, *soon, *later]).encode()


@pytest.mark.article("M.10")
def test_row_when_it_ran_out_between_check_and_conversion_then_not_in_force_and_not_converted(
    cast, entry, wednesday
):
    clerk, signatory = cast.actor("bureau.clerk"), cast.actor("bureau.signatory")
    wednesday.move_to(datetime(2026, 11, 26, 9, tzinfo=clock.BEIJING))
    batch = checking.take_in(actor=clerk, entry=entry, file_name="四行.csv", data=ending_soon())
    batch = checking.check(actor=clerk, batch=batch)
    assert (batch.rows_convert, batch.rows_not_in_force) == (4, 0)
    checking.submit(actor=clerk, batch=batch)
    wednesday.move_to(datetime(2026, 11, 27, 9, tzinfo=clock.BEIJING))
    checking.sign_off(actor=signatory, batch=batch)
    converting.convert_waiting()
    batch.refresh_from_db()
    assert (batch.state, batch.rows_done) == ("CONVERTED", 3)  # on its last day it is in force
    assert (batch.rows_convert, batch.rows_not_in_force, batch.rows_fault) == (3, 1, 0)
    (row,) = batch.rows.filter(licence=None)
    assert (row.outcome, row.fault) == ("not_in_force", "")
    said = "核对以后，有效期到2026年11月26日，已经届满，不转换"
    assert row.reason == f"第 {row.row_number} 行：{said}"
    assert set(row.values) == {"number", "valid_from", "valid_until"}  # nothing personal (M.26)
    told = [one.facts for one in records("row_converted") if "not_in_force" in one.facts]
    assert [one["not_in_force"] for one in told] == [[row.row_number]]
    address = reverse("licences:stock-sheet", args=[batch.uuid])
    page = cast.client("bureau.clerk").get(f"{address}?outcome=not_in_force").content.decode()
    assert said in page
    assert "已不在有效期 1 行" in page


@pytest.mark.article("M.10")
def test_row_when_the_shell_named_the_day_then_conversion_judges_by_that_day_too(
    cast, entry, wednesday
):
    signed_off(cast, entry, "四行.csv", ending_soon())
    wednesday.move_to(datetime(2026, 11, 30, 9, tzinfo=clock.BEIJING))
    assert converting.convert_waiting() == 4
    assert Licence.objects.count() == 4
