"""Kept queries and writes: the same rows as Django's own, on any connection, with and without plans."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection, connections, models, transaction
from django.test.utils import CaptureQueriesContext

from audit.trail.models import Outcome, Record
from tests.factories.parties import DepartmentFactory
from usage.models import Verification
from zezhou_portal.kernel.prepared import Prepared, PreparedInsert, PreparedUpdate
from zezhou_portal.parties.models import Department

pytestmark = pytest.mark.django_db


@pytest.fixture(params=[True, False], ids=["plans kept", "sent in full"])
def _plans(request: pytest.FixtureRequest, settings: Any) -> Iterator[None]:
    settings.PORTAL_KEEP_PLANS = request.param
    return


def _named(name: str, word: str) -> "models.QuerySet[Department]":
    rows = Department.objects.exclude(name="100%").filter(name=name)
    return rows.annotate(
        said=models.Value("50%", output_field=models.TextField()),
        asked=models.ExpressionWrapper(models.Q(name=word), models.BooleanField()),
    ).order_by("pk")


@pytest.mark.usefixtures("_plans")
def test_rows_when_asked_twice_with_other_values_then_as_the_queryset_gives_them() -> None:
    one, two = DepartmentFactory(name="甲%局"), DepartmentFactory(name="乙'局")
    kept = Prepared(_named, "?name", "?word")
    for row, word, asked in ((one, "甲%局", True), (two, "甲%局", False)):
        (found,) = kept.rows(row.name, word)
        (plain,) = _named(row.name, word)
        assert found == row
        assert {key: value for key, value in vars(found).items() if key != "_state"} == {
            key: value for key, value in vars(plain).items() if key != "_state"
        }
        assert (found.said, found.asked) == ("50%", asked)  # type: ignore[attr-defined]
    assert kept.first("没有", "没有") is None


def test_plan_when_its_transaction_is_rolled_back_then_it_still_stands() -> None:
    row = DepartmentFactory()
    kept = Prepared(lambda name: Department.objects.filter(name=name), "?")
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        kept.rows(row.name)
        raise ZeroDivisionError
    assert kept.rows(row.name) == [row]


@pytest.mark.django_db(transaction=True)
def test_plan_when_the_connection_is_another_then_made_there_too() -> None:
    row = DepartmentFactory()
    kept = Prepared(lambda name: Department.objects.filter(name=name), "?")
    assert kept.rows(row.name) == [row]
    connection.close()
    assert kept.rows(row.name) == [row]


def test_query_when_a_value_stands_nowhere_then_refused() -> None:
    kept = Prepared(lambda name, _unused: Department.objects.filter(name=name), "?", "?unused")
    with pytest.raises(ValueError, match="stands nowhere"):
        kept.rows("a", "b")


@pytest.mark.usefixtures("_plans")
def test_update_when_run_then_only_the_rows_meant_change_and_are_counted() -> None:
    one, other = DepartmentFactory(name="甲局"), DepartmentFactory(name="乙局")

    def renamed(old: str, new: str, closed: date | None) -> Any:
        return Department.objects.filter(name=old), {"name": new, "closed_on": closed}

    rename = PreparedUpdate(renamed, "?old", "?new", date.min)
    day = date(2026, 11, 18)
    assert rename.run("甲局", "丙%局", day) == 1
    assert rename.run("甲局", "丁局", None) == 0
    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.name, one.closed_on, other.name) == ("丙%局", day, "乙局")
    assert rename.run("丙%局", "丙局", None) == 1
    one.refresh_from_db()
    assert (one.name, one.closed_on) == ("丙局", None)


@pytest.mark.usefixtures("_plans")
def test_insert_when_written_then_the_row_stands_as_bulk_create_writes_it() -> None:
    at = datetime(2026, 11, 18, 2, 0, tzinfo=UTC)
    facts = {"items": ["a", "b'%s"], "nothing": None}
    told = {"at": at, "action": "test", "facts": facts, "outcome": "done", "leaf": "0" * 64}
    kept = PreparedInsert(Record)
    row = Record(**told)
    with CaptureQueriesContext(connection) as asked:
        kept.write(row)
    assert len(asked) == 1
    plain = Record.objects.bulk_create([Record(**told)])[0]
    for one in (row, plain):
        found = Record.objects.get(at=at, seq=one.seq)
        assert (found.id, found.facts, found.reason, found.at) == (one.id, facts, "", at)
    assert row.seq < plain.seq
    assert not row._state.adding


@pytest.mark.usefixtures("_plans")
def test_inserts_when_they_hang_on_an_update_then_written_if_it_met_a_row() -> None:
    one, other = DepartmentFactory(name="甲局"), DepartmentFactory(name="乙局")
    day = date(2026, 11, 18)

    def closed(key: int, name: str, on: date) -> Any:
        free = Department.objects.filter(pk=key, name=name).select_for_update(skip_locked=True)
        return Department.objects.filter(pk__in=free.values("pk")), {"closed_on": on}

    close = PreparedUpdate(closed, -1, "?name", date.min)
    kept = PreparedInsert(Verification, Record, after=close)
    at = datetime(2026, 11, 18, 2, 0, tzinfo=UTC)
    for row, done in ((one, True), (other, False)):
        look = Verification(mode="typed", reader_name="50%", answers=[{"n": None}], at=at)
        record = Record(at=at, action="test", facts={"n": 1}, outcome="done", leaf="0" * 64)
        with CaptureQueriesContext(connection) as asked:
            assert kept.write(look, record, changing=[row.pk, "甲局", day]) is done
        assert len(asked) == 1
        row.refresh_from_db()
        assert row.closed_on == (day if done else None)
        assert (look._state.adding, record._state.adding) == (not done, not done)
    (found,) = Verification.objects.all()
    assert (found.reader_name, found.answers, found.on_day) == ("50%", [{"n": None}], None)
    assert Record.objects.get(action="test").facts == {"n": 1}


@pytest.mark.django_db(transaction=True)
def test_inserts_when_the_row_is_in_another_hand_then_nothing_is_written_and_nobody_waits() -> None:
    row = DepartmentFactory(name="甲局")

    def renamed(key: int, name: str) -> Any:
        free = Department.objects.filter(pk=key).select_for_update(skip_locked=True)
        return Department.objects.filter(pk__in=free.values("pk")), {"name": name}

    kept = PreparedInsert(Record, after=PreparedUpdate(renamed, -1, "?name"))
    record = Record(action="test", outcome="done", leaf="0" * 64)

    def late() -> bool:
        try:
            return kept.write(record, changing=[row.pk, "乙局"])
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as hand, transaction.atomic():
        Department.objects.select_for_update().get(pk=row.pk)
        assert hand.submit(late).result(timeout=20) is False
    row.refresh_from_db()
    assert row.name == "甲局"
    assert not Record.objects.filter(action="test").exists()
    assert kept.write(record, changing=[row.pk, "乙局"])


def test_insert_when_a_value_is_not_of_its_columns_type_then_the_field_turns_it() -> None:
    class Code(str):
        __slots__ = ()

    row = Record(
        id="7e3c5a52-9f0b-4a1e-8f42-0d0e3b7f0c11", at=datetime(2026, 11, 18, 2, 0, tzinfo=UTC),
        action=Code("test"), outcome=Outcome.DONE, leaf="0" * 64,
    )  # fmt: skip
    PreparedInsert(Record).write(row)
    found = Record.objects.get(at=row.at, seq=row.seq)
    assert (str(found.id), found.action, found.outcome) == (row.id, "test", "done")


@pytest.mark.usefixtures("_plans")
def test_inserts_when_written_together_then_one_statement_and_each_row_has_its_key() -> None:
    kept = PreparedInsert(Verification, Record)
    at = datetime(2026, 11, 18, 2, 0, tzinfo=UTC)
    for place in (1, 2):
        one = Verification(mode="typed", reader_name=f"甲{place}", answers=[{"n": place}], at=at)
        record = Record(at=at, action="test", facts={"n": place}, outcome="done", leaf="0" * 64)
        with CaptureQueriesContext(connection) as asked:
            kept.write(one, record)
        assert len(asked) == 1
        found = Verification.objects.get(pk=one.pk)
        assert (found.uuid, found.reader_name) == (one.uuid, f"甲{place}")
        assert found.answers == [{"n": place}]
        assert Record.objects.get(at=record.at, seq=record.seq).facts == {"n": place}
