"""Ask the city about messages that it took and did not answer: receipts get lost."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import structlog

from audit.trail.recording import acting
from zezhou_portal.exchange.city.port import Again, CityLicences, Taken
from zezhou_portal.exchange.lifecycle import OUTBOUND
from zezhou_portal.exchange.models import Outbound
from zezhou_portal.exchange.queues import ASK
from zezhou_portal.exchange.retry import ask_after
from zezhou_portal.exchange.services import alerts, receiving
from zezhou_portal.exchange.services.delivery import HANDS, city_licences
from zezhou_portal.exchange.services.posting import DISPATCH
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import machine
from zezhou_portal.kernel.locks import again, claim, lock_in_order
from zezhou_portal.kernel.rows import CEILING, reason_of, together
from zezhou_portal.kernel.subjects import Subject
from zezhou_portal.kernel.wake import wake
from zezhou_portal.parties.notices import stalled
from zezhou_portal.regulation.actions import Action

_BATCH = 50
_LEASE = timedelta(minutes=3)
_LONGEST = timedelta(minutes=5)
_UNDECIDED = "市平台收下以后一直没有答复。请与市平台联系，或者重新推送。"
Answer = Taken | Again | None

log = structlog.get_logger(__name__)


def ask_unanswered(city: CityLicences | None = None) -> int:
    """Asks about every sent message whose answer is overdue; gives how many it asked about.

    An answer is taken like a receipt; a message that the city does not know is sent again.
    Article: M.8.
    """
    began, total = clock.now(), 0
    with city_licences(city) as line:
        while clock.now() - began < _LONGEST:
            waiting = ASK.rows().select_related("department").defer("content")
            messages = claim(waiting, most=_BATCH, lease=_LEASE)
            if not messages:
                break
            answers = _ask_all(line, messages)
            _put_back_each(messages, answers)
            receiving.receive_many(
                [
                    receiving.Told(str(message.uuid), one.city_number, one.verdict, one.reason)
                    for message, one in zip(messages, answers, strict=True)
                    if isinstance(one, Taken) and one.verdict
                ]
            )
            total += len(messages)
    return total


def _ask_all(city: CityLicences, messages: Sequence[Outbound]) -> list[Answer]:
    def one(message: Outbound) -> Answer:
        try:
            return city.ask(str(message.uuid))
        except Again as error:
            return error
        except Exception as error:  # one answer must not take the batch with it
            log.exception("answer_not_read", message=message.pk)
            return Again(reason_of(error))

    with ThreadPoolExecutor(HANDS) as hands:
        return list(hands.map(one, messages))


def _put_back_each(messages: Sequence[Outbound], answers: Sequence[Answer]) -> None:
    """Gives a batch back; one that cannot be given back waits by itself.

    Whatever the city does not decide on for so long that nobody believes in it any more is laid
    before a person, and asked about all the same.
    """
    for one in together(list(zip(messages, answers, strict=True)), _put_back):
        message, _ = one.row
        log.error("asking_not_kept", message=message.pk, exc_info=one.error)
        reason = reason_of(one.error)
        again(
            message,
            at=stalled.put_off(ASK, message.pk, alerts.about(message), reason),
            error=reason,
        )
    for message, answer in zip(messages, answers, strict=True):
        is_decided = answer is None or (isinstance(answer, Taken) and answer.verdict)
        if message.tries >= CEILING and not is_decided:
            stalled.put_off(ASK, message.pk, alerts.about(message), _UNDECIDED, is_technical=False)


def _put_back(asked: Sequence[tuple[Outbound, Answer]]) -> None:
    """Gives the claimed messages back: to be asked about later, or to be sent again."""
    by_key = {message.pk: one for message, one in asked}
    rows = Outbound.objects.filter(pk__in=by_key, state="SENT").defer("content")
    with lock_in_order(rows) as fresh:
        lost = []
        for row in fresh:
            one = by_key[row.pk]
            row.leased_until = None
            if one is None:
                row.state = OUTBOUND.move(row.state, "resend")
                row.city_number, row.tries, row.due_at = "", 0, clock.now()
                lost.append(row)
            else:
                row.due_at = clock.now() + ask_after(row.tries)
                row.last_error = one.reason[:500] if isinstance(one, Again) else ""
        Outbound.objects.bulk_update(
            fresh, ["state", "city_number", "tries", "due_at", "leased_until", "last_error"]
        )
        if lost:
            _record_lost(lost)


def _record_lost(lost: Sequence[Outbound]) -> None:
    first = lost[0]
    actor = machine("exchange.ask_unanswered")
    with acting(actor, Action.MESSAGE_LOST, _subject(first)) as act:
        act.note_all(_facts(first))
        for row in lost[1:]:
            act.add_record(_subject(row), _facts(row))
    wake(DISPATCH)


def _facts(row: Outbound) -> dict[str, str]:
    return {"message": str(row.uuid), "topic": row.topic, "why": "市平台没有收到这一条"}


def _subject(row: Outbound) -> Subject:
    return Subject(row.subject_kind, row.subject_key, row.subject_label)
