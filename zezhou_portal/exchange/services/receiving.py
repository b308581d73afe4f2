"""Take the city's receipts, each once; acceptance meets the clock, a refusal goes to the desk."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import structlog

from audit.deadlines.services import clocks
from audit.trail.recording import Act, acting, concealed
from zezhou_portal.exchange import selectors
from zezhou_portal.exchange.lifecycle import OUTBOUND
from zezhou_portal.exchange.models import Outbound, Receipt
from zezhou_portal.exchange.queues import ASK
from zezhou_portal.exchange.services import alerts
from zezhou_portal.exchange.services.posting import DISPATCH
from zezhou_portal.exchange.topics import topic_of
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import Actor, ActorKind, Channel
from zezhou_portal.kernel.locks import lock_in_order
from zezhou_portal.kernel.rows import reason_of, together
from zezhou_portal.kernel.subjects import Subject
from zezhou_portal.kernel.wake import wake
from zezhou_portal.parties.notices import stalled
from zezhou_portal.regulation.actions import Action

log = structlog.get_logger(__name__)

CITY = Actor(
    kind=ActorKind.SYSTEM, key="city_licences", name="市电子证照管理平台", channel=Channel.API
)

ACCEPTED, REFUSED = "accepted", "refused"
_MOVES = {ACCEPTED: "accept", REFUSED: "refuse"}
_ACTIONS = {ACCEPTED: Action.MESSAGE_ACCEPTED, REFUSED: Action.MESSAGE_REFUSED}
_WRITTEN = [
    "state", "city_number", "city_reason", "answered_at", "leased_until", "tries", "last_error",
]  # fmt: skip


@dataclass(frozen=True)
class Told:
    """One receipt: the message's key, the city's number for it, the verdict and its reason."""

    key: str
    city_number: str
    verdict: str
    reason: str = ""


class Outcome(StrEnum):
    """What became of a receipt: kept now, known before, about no message of ours, or not fit to
    be kept.
    """

    KEPT = "kept"
    KNOWN = "known"
    UNKNOWN = "unknown"
    UNREADABLE = "unreadable"


def receive(key: str, city_number: str, verdict: str, reason: str = "") -> Outcome:
    """Takes one receipt, once however often it is told.

    Article: M.8, M.9.
    """
    return receive_many([Told(key, city_number, verdict, reason)])[0]


def receive_many(receipts: Sequence[Told]) -> list[Outcome]:
    """Takes receipts in the order given, each once; gives what became of each.

    ACCEPTED meets the clock of the message's subject; REFUSED lands on the department's desk
    with the city's reason. One that cannot be kept is said so and keeps none of the others back.
    Article: M.8, M.9.
    """
    outcomes: dict[int, Outcome] = {}

    def do(places: Sequence[int]) -> None:
        outcomes.update(zip(places, _receive([receipts[one] for one in places]), strict=True))

    for one in together(range(len(receipts)), do):
        _say_unkept(receipts[one.row], one.error)
        outcomes[one.row] = Outcome.UNREADABLE
    return [outcomes[place] for place in range(len(receipts))]


def _say_unkept(told: Told, error: Exception) -> None:
    """Puts an answer that could not be kept on the desk of the message's department."""
    key = _uuid(told.key)
    rows = Outbound.objects.filter(uuid=key) if key else Outbound.objects.none()
    row = rows.select_related("department").defer("content").first()
    log.error("receipt_not_kept", message=row.pk if row else None, exc_info=error)
    if row is not None:
        stalled.put_off(ASK, row.pk, alerts.about(row), reason_of(error))


def _receive(receipts: Sequence[Told]) -> list[Outcome]:
    keys = {told.key: _uuid(told.key) for told in receipts}
    wanted = [key for key in keys.values() if key is not None]
    if not wanted:
        return [Outcome.UNKNOWN for _ in receipts]
    rows = Outbound.objects.filter(uuid__in=wanted).select_related("department").defer("content")
    with lock_in_order(rows) as messages:
        by_uuid = {message.uuid: message for message in messages}
        known = _known(receipts)
        outcomes: list[Outcome] = []
        fresh: list[tuple[Told, Outbound]] = []
        for told in receipts:
            key = keys[told.key]
            message = by_uuid.get(key) if key is not None else None
            mark = (told.city_number, told.verdict)
            if message is None:
                outcomes.append(Outcome.UNKNOWN)
            elif mark in known:
                outcomes.append(Outcome.KNOWN)
            else:
                known.add(mark)
                fresh.append((told, message))
                outcomes.append(Outcome.KEPT)
        if fresh:
            _keep(fresh)
            stalled.went_on(ASK, {message.pk for _, message in fresh})
    return outcomes


def _keep(fresh: Sequence[tuple[Told, Outbound]]) -> None:
    Receipt.objects.bulk_create(
        [
            Receipt(
                message=message,
                city_number=told.city_number,
                verdict=told.verdict,
                reason=told.reason[:500],
            )
            for told, message in fresh
        ]
    )
    first, about = fresh[0]
    with acting(CITY, _ACTIONS[first.verdict], _subject(about)) as act:
        moved = [message for told, message in fresh if _move(message, told)]
        for told, message in fresh:
            _tell(act, told, message, is_first=told is first)
        Outbound.objects.bulk_update([message for _, message in fresh], _WRITTEN)
        _meet(act, [message for message in moved if message.state == "ACCEPTED"])
        alerts.tell_stuck([message for message in moved if message.state in selectors.STUCK])
    wake(DISPATCH)  # a later message of the same subject may go now


def _move(message: Outbound, told: Told) -> bool:
    """Moves the message as the city decided; False where the verdict changes nothing any more.

    A refusal counts only for the submission it names: one that comes late must not undo what
    was sent anew. An acceptance counts whenever it comes, for the city holds the licence.
    """
    number = message.city_number
    is_stale = told.verdict == REFUSED and number not in {"", told.city_number}
    if is_stale or not OUTBOUND.may(message.state, _MOVES[told.verdict]):
        return False
    message.state = OUTBOUND.move(message.state, _MOVES[told.verdict])
    message.city_number = told.city_number
    message.city_reason = told.reason[:500]
    message.answered_at = clock.now()
    message.leased_until, message.tries, message.last_error = None, 0, ""
    return True


def _tell(act: Act, told: Told, message: Outbound, *, is_first: bool) -> None:
    facts = {
        "message": str(message.uuid),
        "topic": message.topic,
        "city_number": told.city_number,
        "message_state": message.state,
    }
    if told.reason:
        facts["reason"] = concealed(told.reason[:500])  # the receipt keeps it in clear (M.26)
    if is_first:
        act.note_all(facts)
    else:
        act.add_record(_subject(message), facts, _ACTIONS[told.verdict])


def _meet(act: Act, accepted: Iterable[Outbound]) -> None:
    """Meets the clocks that the accepted messages answer (M.9)."""
    by_article: dict[str, list[Subject]] = {}
    for message in accepted:
        if article := topic_of(message.topic).meets:
            by_article.setdefault(article, []).append(_subject(message))
    at = clock.now()
    for article, subjects in by_article.items():
        clocks.tell_met(act, clocks.meet_many(article, subjects, at), at)


def _known(receipts: Sequence[Told]) -> set[tuple[str, str]]:
    numbers = {told.city_number for told in receipts}
    kept = Receipt.objects.filter(city_number__in=numbers)
    return set(kept.values_list("city_number", "verdict"))


def _subject(message: Outbound) -> Subject:
    return Subject(message.subject_kind, message.subject_key, message.subject_label)


def _uuid(key: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(key)
    except ValueError:
        return None
