"""The two hands behind the counter: one judges messages, one posts receipts to the portal."""

import json
import logging
import time
from threading import Event

import httpx

from sample_county.city.conduct import Conduct
from sample_county.city.judging import PATHS, Judge, Refused
from sample_county.city.store import Message, Store
from zezhou_portal.exchange.city import envelope
from zezhou_portal.kernel import clock

log = logging.getLogger("city_stand_in")

RECEIPTS = "/api/v1/exchange/receipts/"
_BATCH = 100
_IDLE = 0.05
_LONGEST_WAIT = 5.0


def judge_all(store: Store, judge: Judge, conduct: Conduct, stop: Event) -> None:
    """Judges messages as their moment comes, until told to stop."""
    while not stop.is_set():
        messages = [] if conduct.down() else store.to_judge(time.time(), _BATCH)
        for message in messages:
            _judge_one(store, judge, conduct, message)
        if not messages:
            stop.wait(_IDLE)


def _judge_one(store: Store, judge: Judge, conduct: Conduct, message: Message) -> None:
    reason, held = conduct.refusal(), None
    if not reason:
        try:
            held = judge.decide(PATHS[message.path], json.loads(message.body), clock.now())
        except Refused as refusal:
            reason = str(refusal)
        except Exception:
            # Whatever a message holds, the next one is judged too; what is not understood is
            # refused.
            log.exception("not_understood number=%s", message.number)
            reason = "推送内容无法处理。"
    verdict = "refused" if reason else "accepted"
    store.judged(message, verdict, reason[:500], held, conduct.receipts())
    log.info("judged number=%s verdict=%s reason=%s", message.number, verdict, reason)


def deliver_all(store: Store, conduct: Conduct, portal: str, secret: str, stop: Event) -> None:
    """Posts receipts to the portal, again and again until it takes them."""
    failures = 0
    with httpx.Client(base_url=portal, timeout=10, trust_env=False) as line:
        while not stop.is_set():
            receipts = [] if conduct.down() else store.to_deliver(_BATCH)
            if not receipts:
                stop.wait(_IDLE)
                continue
            told = [
                {"key": r.key, "number": r.number, "verdict": r.verdict, "reason": r.reason}
                for r in receipts
            ]
            if _post(line, told, secret):
                store.delivered(receipts)
                failures = 0
            else:
                failures += 1
                stop.wait(min(0.2 * 2**failures, _LONGEST_WAIT))


def _post(line: httpx.Client, told: list[dict[str, str]], secret: str) -> bool:
    body = envelope.canonical(told)
    headers = envelope.seal(
        secret,
        method="POST",
        path=RECEIPTS,
        key=told[0]["number"],
        body=body,
        moment=clock.now(),
    )
    try:
        answer = line.post(
            RECEIPTS, content=body, headers={**headers, "Content-Type": "application/json"}
        )
    except httpx.HTTPError as error:
        log.info("receipts_not_taken error=%s", type(error).__name__)
        return False
    if answer.status_code != 200:
        log.info("receipts_not_taken status=%s", answer.status_code)
    return answer.status_code == 200
