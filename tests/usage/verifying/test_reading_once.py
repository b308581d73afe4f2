"""Reading at the same instant: one of them gets it, and nothing stays half done (P.2.3.3).

Threads have connections of their own and start together; nothing is mocked.
"""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import pytest
from django.db import connection, connections, transaction

from audit.trail.models import Record
from tests.cast import Cast
from tests.holders import holder_actor
from tests.usage.presentations import at_once, holder_of, read, shown
from tests.usage.sealed import in_force
from usage.models import Presentation, PresentationOff, Verification
from usage.presenting import presentations
from usage.presenting.presentations import Chosen
from usage.verifying import redemption
from usage.verifying.outcomes import Outcome
from usage.verifying.results import VerificationResult
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.locks import lock
from zezhou_portal.regulation.errors import RuleBroken
from zezhou_portal.regulation.limits import CODE_RENEWED_EVERY


@pytest.mark.article("P.2.3.3")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("ways", [("secret", "secret"), ("secret", "number")])
def test_a_code_when_two_read_it_at_the_same_instant_then_one_gets_it(
    cast: Cast, ways: tuple[str, str]
) -> None:
    licence = in_force(cast)
    row, code = shown(licence)
    readers = [cast.actor("power.verifier"), cast.actor("market.verifier")]
    got = at_once(
        *(
            partial(read, actor, getattr(code, way))
            for actor, way in zip(readers, ways, strict=True)
        )
    )
    outcomes = sorted(one.outcome.name for one in got)
    assert outcomes == ["CODE_USED", "VALID"]
    row.refresh_from_db()
    [winner] = [who for who, one in zip(readers, got, strict=True) if one.outcome is Outcome.VALID]
    assert (row.state, row.reader_account_id) == ("REDEEMED", winner.account_id)
    kept = Verification.objects.filter(presentation=row)
    assert sorted(one.outcome for one in kept) == ["code_used", "valid"]
    assert [one.licence_id for one in kept if one.outcome == "code_used"] == [None]
    looks = Record.objects.filter(action="code_read", subject_key=str(licence.uuid))
    assert [one.department_name for one in looks] == [winner.department_name]


@pytest.mark.article("P.2.3.3")
@pytest.mark.django_db(transaction=True)
def test_a_code_when_its_reader_has_to_wait_then_what_changed_meanwhile_counts(cast: Cast) -> None:
    licence = in_force(cast)
    row, code = shown(licence)
    reader, holder = cast.actor("power.verifier"), holder_of(licence)

    def late() -> VerificationResult:
        try:
            return read(reader, code.secret)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as hand:
        with transaction.atomic():
            lock(Presentation.objects.all(), pk=row.pk)
            waiting = hand.submit(late)
            until_somebody_waits_for_a_lock()
            PresentationOff.objects.create(licence=licence, holder=holder, since=clock.now())
        got = waiting.result()
    assert got.outcome is Outcome.SWITCHED_OFF
    assert [one.disclosure for one in got.licences] == [None]
    row.refresh_from_db()
    assert row.state == "REDEEMED"


@pytest.mark.article("P.2.3.3")
@pytest.mark.django_db(transaction=True)
def test_consent_when_agreed_and_stopped_at_once_then_one_of_them_holds(cast: Cast) -> None:
    licence = in_force(cast)
    row, code = shown(licence, asks_consent=True)
    reader = cast.actor("power.verifier")
    asked = read(reader, code.secret)
    holder = holder_actor(holder_of(licence))
    agreed, stopped = at_once(
        lambda: presentations.agree(actor=holder, presentation=row),
        lambda: presentations.withdraw(actor=holder, presentation=row),
    )
    # to stop is possible after a yes too; a yes is not after a stop
    assert not isinstance(stopped, RuleBroken)
    row.refresh_from_db()
    assert row.state == "WITHDRAWN"
    assert isinstance(agreed, RuleBroken | Presentation)
    done = redemption.fetch_agreed(actor=reader, presentation=row, reader_key=asked.reader_key)
    assert done.outcome is Outcome.WITHDRAWN


@pytest.mark.article("P.2.3.3")
@pytest.mark.django_db(transaction=True)
def test_consent_when_fetched_and_stopped_at_once_then_told_apart(cast: Cast) -> None:
    licence = in_force(cast)
    row, code = shown(licence, asks_consent=True)
    reader = cast.actor("power.verifier")
    asked = read(reader, code.secret)
    holder = holder_actor(holder_of(licence))
    presentations.agree(actor=holder, presentation=row)
    row.refresh_from_db()
    fetched, stopped = at_once(
        lambda: redemption.fetch_agreed(
            actor=reader, presentation=row, reader_key=asked.reader_key
        ),
        lambda: presentations.withdraw(
            actor=holder, presentation=Presentation.objects.get(pk=row.pk)
        ),
    )
    row = Presentation.objects.get(pk=row.pk)
    if isinstance(stopped, RuleBroken):
        assert (row.state, fetched.outcome) == ("REDEEMED", Outcome.VALID)
    else:
        assert (row.state, fetched.outcome) == ("WITHDRAWN", Outcome.WITHDRAWN)


@pytest.mark.article("P.2.3.3")
@pytest.mark.django_db(transaction=True)
def test_present_when_pressed_twice_at_once_then_one_presentation_is_open(cast: Cast) -> None:
    licence = in_force(cast)
    actor = holder_actor(holder_of(licence))
    chosen = [Chosen(licence, ["purpose"])]
    at_once(*(lambda: presentations.present(actor=actor, chosen=chosen) for _ in range(2)))
    states = Presentation.objects.values_list("state", flat=True)
    assert sorted(states) == ["OPEN", "WITHDRAWN"]
    stopped = Presentation.objects.get(state="WITHDRAWN")
    told = Record.objects.get(action="presentation_withdrawn", subject_key=str(stopped.uuid))
    assert told.facts == {"state": ["OPEN", "WITHDRAWN"]}


@pytest.mark.article("P.2.3.3")
@pytest.mark.django_db(transaction=True)
def test_current_code_when_asked_twice_at_once_then_one_new_code(cast: Cast) -> None:
    licence = in_force(cast)
    actor = holder_actor(holder_of(licence))
    row, first = shown(licence)
    long_ago = clock.now() - CODE_RENEWED_EVERY
    row.codes.update(issued_at=long_ago)
    got = at_once(
        *(
            lambda: presentations.current_code(
                actor=actor, presentation=Presentation.objects.get(pk=row.pk)
            )
            for _ in range(3)
        )
    )
    assert len({one.code for one in got}) == 1
    assert got[0].code != first
    assert row.codes.count() == 2


@pytest.mark.article("P.2.3.3")
@pytest.mark.django_db(transaction=True)
def test_lapse_when_a_reader_asks_at_the_last_instant_then_either_asked_or_over(
    cast: Cast,
) -> None:
    licence = in_force(cast)
    row, code = shown(licence, asks_consent=True)
    reader = cast.actor("power.verifier")
    Presentation.objects.filter(pk=row.pk).update(ends_at=clock.now())
    got, lapsed = at_once(lambda: read(reader, code.secret), presentations.lapse_due)
    row.refresh_from_db()
    assert (got.outcome, lapsed, row.state) == (Outcome.CODE_EXPIRED, 1, "LAPSED")


def until_somebody_waits_for_a_lock() -> None:
    """Looks until another connection waits for a row that this one holds."""
    with connection.cursor() as cursor:
        for _ in range(20_000):
            cursor.execute(
                "SELECT count(*) FROM pg_locks"
                " WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"
            )
            if cursor.fetchone()[0]:
                return
    raise AssertionError("nobody waits")


@pytest.mark.article("P.2.3.3")
@pytest.mark.django_db(transaction=True)
def test_lapse_when_a_reader_has_asked_meanwhile_then_left_open(cast: Cast) -> None:
    """Between finding what is due and locking it a reader asks, which gives the presentation time."""
    row, _ = shown(in_force(cast), asks_consent=True)
    now = clock.now()
    Presentation.objects.filter(pk=row.pk).update(ends_at=now)
    with ThreadPoolExecutor(1) as hand:
        with transaction.atomic():
            Presentation.objects.filter(pk=row.pk).update(
                state="ASKED", ends_at=now + timedelta(minutes=3)
            )
            lapsing = hand.submit(lapse_elsewhere)
            until_somebody_waits_for_a_lock()
        assert lapsing.result() == 0
    row.refresh_from_db()
    assert row.state == "ASKED"


def lapse_elsewhere() -> int:
    """The timer's verb, on a connection of its own."""
    try:
        return presentations.lapse_due()
    finally:
        connections.close_all()
