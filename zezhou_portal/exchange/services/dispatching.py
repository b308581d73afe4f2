"""Send what waits: claim, send outside any transaction, then write down what came of it."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import structlog

from audit.trail.recording import acting, concealed
from zezhou_portal.exchange import selectors
from zezhou_portal.exchange.city.port import CityLicences
from zezhou_portal.exchange.lifecycle import OUTBOUND
from zezhou_portal.exchange.models import Attempt, Outbound
from zezhou_portal.exchange.queues import SEND
from zezhou_portal.exchange.retry import INTERVALS, ask_after, wait_after
from zezhou_portal.exchange.services import alerts, receiving
from zezhou_portal.exchange.services.delivery import Ending, Try, city_licences, send_all
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import machine
from zezhou_portal.kernel.fields import opened
from zezhou_portal.kernel.locks import again, claim, lock_in_order
from zezhou_portal.kernel.rows import reason_of, together
from zezhou_portal.kernel.subjects import Subject
from zezhou_portal.parties.notices import stalled
from zezhou_portal.regulation.actions import Action

log = structlog.get_logger(__name__)

BATCH = 50
# Longer than a batch is given (delivery) and the last time-out of it; short, because messages of
# a worker that was killed wait for its end.
_LEASE = timedelta(seconds=45)
# One ring does not keep a worker for longer; the next one goes on.
_LONGEST = timedelta(minutes=5)

_WRITTEN = [
    "state", "city_number", "city_reason", "sent_at", "answered_at",
    "due_at", "tries", "leased_until", "last_error",
]  # fmt: skip

Told = tuple[Action, Subject, dict[str, Any]]


def dispatch(city: CityLicences | None = None) -> int:
    """Sends every message that is due and may go, batch by batch; gives how many it took up.

    Each is sent at most once per claim, a later one of a subject only after the city has
    answered the earlier, and the city itself knows repeats by their key.
    Article: M.8.
    """
    began, total = clock.now(), 0
    with city_licences(city) as line:
        while clock.now() - began < _LONGEST:
            waiting = SEND.rows().select_related("department").defer("content")
            messages = claim(waiting, most=BATCH, lease=_LEASE)
            if not messages:
                break
            tries = send_all(line, messages, _open(messages))
            _keep_each(messages, tries)
            receiving.receive_many(_verdicts(messages, tries))
            total += len(messages)
    return total


def _open(messages: Sequence[Outbound]) -> set[int]:
    """Opens what claimed messages say; gives the keys of those that cannot be opened."""
    keys = [message.pk for message in messages]
    said = opened(Outbound.objects.filter(pk__in=keys), "content")
    shut = set()
    for message in messages:
        text = said[message.pk]
        if isinstance(text, str):
            message.content = text
        else:
            shut.add(message.pk)
    return shut


def _keep_each(messages: Sequence[Outbound], tries: Sequence[Try]) -> None:
    """Writes down what came of a batch; what cannot be written of one waits by itself."""
    failed = together(list(zip(messages, tries, strict=True)), _keep)
    for one in failed:
        message, _ = one.row
        log.error("try_not_kept", message=message.pk, exc_info=one.error)
        reason = reason_of(one.error)
        at = stalled.put_off(SEND, message.pk, alerts.about(message), reason)
        again(message, at=at, error=reason)
    bad = {one.row[0].pk for one in failed}
    stalled.went_on(SEND, {message.pk for message in messages} - bad)


def _keep(tried: Sequence[tuple[Outbound, Try]]) -> None:
    """Writes states, attempts and records of a batch in one transaction."""
    by_key = {message.pk: (message, one) for message, one in tried}
    rows = Outbound.objects.filter(pk__in=by_key).select_related("department").defer("content")
    with lock_in_order(rows) as fresh:
        told: list[Told] = []
        for row in fresh:
            claimed, one = by_key[row.pk]
            told += _after(row, one, is_ours=row.leased_until == claimed.leased_until)
        Outbound.objects.bulk_update(fresh, _WRITTEN)
        Attempt.objects.bulk_create(
            [_attempt(message, one) for message, one in by_key.values() if _was_tried(one)]
        )
        if told:
            _record(told)
        alerts.tell_stuck([row for row in fresh if row.state in selectors.STUCK])


def _after(row: Outbound, one: Try, *, is_ours: bool) -> list[Told]:
    """Moves a message as its try ended; gives what is to be recorded.

    Whoever's lease it is, what the city took is taken. A message that was answered meanwhile
    (its receipt was quicker than we) stays as answered.
    """
    if one.taken is not None:
        return _after_taken(row, one)
    if row.state != "WAITING" or not is_ours:
        return []
    row.leased_until = None
    row.last_error = one.reason[:500]
    if one.ending is Ending.UNTRIED:
        row.tries = max(row.tries - 1, 0)
        row.due_at = clock.now() + INTERVALS[0]
        return []
    if one.ending is Ending.NEVER:
        row.state = OUTBOUND.move(row.state, "refuse")
        row.city_reason, row.answered_at = one.reason[:500], clock.now()
        return [_told(Action.MESSAGE_REFUSED, row, reason=concealed(one.reason[:500]))]
    wait = None if one.ending is Ending.UNSENDABLE else wait_after(max(row.tries, 1))
    if wait is None:
        row.state = OUTBOUND.move(row.state, "give_up")
        return [
            _told(Action.MESSAGE_GIVEN_UP, row, reason=concealed(one.reason[:500]), tries=row.tries)
        ]
    row.due_at = clock.now() + wait
    return []


def _after_taken(row: Outbound, one: Try) -> list[Told]:
    if one.taken is None or row.state not in {"WAITING", "ACCEPTED", "REFUSED"}:
        return []
    tries = row.tries
    if row.state == "WAITING":
        row.state = OUTBOUND.move(row.state, "send")
        row.due_at, row.tries = clock.now() + ask_after(0), 0
        row.city_number = one.taken.city_number
    row.sent_at = row.sent_at or one.at
    row.leased_until, row.last_error = None, ""
    number = one.taken.city_number
    return [_told(Action.MESSAGE_SENT, row, city_number=number, tries=tries)]


def _told(action: Action, row: Outbound, **facts: Any) -> Told:
    subject = Subject(row.subject_kind, row.subject_key, row.subject_label)
    return action, subject, {"message": str(row.uuid), "topic": row.topic, **facts}


def _record(told: Sequence[Told]) -> None:
    action, subject, facts = told[0]
    with acting(machine("exchange.dispatch"), action, subject) as act:
        act.note_all(facts)
        for further, about, more in told[1:]:
            act.add_record(about, more, further)


def _was_tried(one: Try) -> bool:
    return one.ending not in {Ending.UNTRIED, Ending.UNSENDABLE}


def _attempt(message: Outbound, one: Try) -> Attempt:
    outcome = "there" if one.taken and one.taken.was_there else one.ending.value
    return Attempt(
        message=message,
        at=one.at,
        outcome=outcome,
        status=one.status,
        detail=one.reason[:300],
        took_ms=one.took_ms,
    )


def _verdicts(messages: Sequence[Outbound], tries: Sequence[Try]) -> list[receiving.Told]:
    """What the city had decided already on messages that it knew from an earlier try."""
    return [
        receiving.Told(
            str(message.uuid), one.taken.city_number, one.taken.verdict, one.taken.reason
        )
        for message, one in zip(messages, tries, strict=True)
        if one.taken is not None and one.taken.verdict
    ]
