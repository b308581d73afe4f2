"""A message as it travels: its body with the licence file, and how one hand sends it.

Nothing here asks the database, so that several threads may send at once.
"""

import base64
import json
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from threading import Event
from typing import Any

import structlog
from django.conf import settings

from zezhou_portal.exchange.city.http import HttpCityLicences
from zezhou_portal.exchange.city.port import Again, CityLicences, Never, Taken
from zezhou_portal.exchange.models import Outbound
from zezhou_portal.exchange.topics import topic_of
from zezhou_portal.kernel import clock, files, vault
from zezhou_portal.kernel.rows import reason_of

log = structlog.get_logger(__name__)

HANDS = 4
# A batch is given this long; what was not begun by then waits for the next one, so that a
# short lease is enough (seconds).
_BATCH_SECONDS = 20.0


class Ending(StrEnum):
    """How one try ended."""

    TAKEN = "taken"
    AGAIN = "again"
    NEVER = "never"
    UNSENDABLE = "unsendable"
    BROKEN = "broken"
    UNTRIED = "untried"


@dataclass(frozen=True)
class Try:
    """One try: when it began, how it ended, what the city said; `took_ms` in milliseconds."""

    at: datetime
    ending: Ending
    took_ms: int
    taken: Taken | None = None
    reason: str = ""
    status: int | None = None


@contextmanager
def city_licences(city: CityLicences | None = None) -> Iterator[CityLicences]:
    """The city's platform as configured, or the one that was given."""
    if city is not None:
        yield city
        return
    with HttpCityLicences(settings.CITY_ADDRESS, settings.CITY_SHARED_SECRET) as line:
        yield line


def body_of(message: Outbound) -> dict[str, Any]:
    """The body of a message. Raises FileMissing or FileAltered of `kernel.files`."""
    content: Mapping[str, Any] = json.loads(message.content)
    body: dict[str, Any] = {
        "key": str(message.uuid),
        "topic": message.topic,
        "article": message.article,
        "issuer": message.department.credit_code,
        "subject": message.subject_key,
        "order": message.version,
        "posted_at": message.posted_at.astimezone(UTC).isoformat(timespec="seconds"),
        "content": content,
    }
    if message.file_digest:
        data = files.read(message.file_digest)
        body["file"] = {
            "digest": message.file_digest,
            "content": base64.b64encode(data).decode("ascii"),
        }
    return body


def send_all(
    city: CityLicences, messages: Sequence[Outbound], shut: Collection[int] = ()
) -> list[Try]:
    """Sends each message once, several at a time; the tries in the order of the messages.

    Once nobody answers at all, the rest is left untried: a city that is down is not knocked
    at fifty times a batch. The same when the batch takes too long. `shut` are the keys of
    those whose content cannot be opened.
    """
    is_down, end = Event(), time.monotonic() + _BATCH_SECONDS

    def one(message: Outbound) -> Try:
        if time.monotonic() > end:
            return Try(clock.now(), Ending.UNTRIED, 0, reason="市平台应答太慢，下一轮再送。")
        return _send(city, message, is_down, is_shut=message.pk in shut)

    with ThreadPoolExecutor(HANDS) as hands:
        return list(hands.map(one, messages))


def _send(city: CityLicences, message: Outbound, is_down: Event, *, is_shut: bool) -> Try:
    at, began = clock.now(), time.monotonic()

    def ended(ending: Ending, reason: str = "", **more: Any) -> Try:
        took = round((time.monotonic() - began) * 1000)
        return Try(at, ending, took, reason=reason, **more)

    if is_down.is_set():
        return ended(Ending.UNTRIED, "连不上市平台。")
    try:
        if is_shut:
            raise vault.Unreadable
        body = body_of(message)
        taken = city.send(topic_of(message.topic).path, str(message.uuid), body)
    except (files.FileMissing, files.FileAltered) as error:
        what = "找不到" if isinstance(error, files.FileMissing) else "与登记的摘要不符"
        return ended(Ending.UNSENDABLE, f"要推送的证照文件{what}，没有推送。请联系系统管理员。")
    except Again as error:
        if error.unreachable:
            is_down.set()
        return ended(Ending.AGAIN, error.reason, status=error.status)
    except Never as error:
        return ended(Ending.NEVER, error.reason, status=error.status)
    except Exception as error:  # one message must not take the batch with it
        log.exception("message_not_sent", message=message.pk)
        return ended(Ending.BROKEN, reason_of(error))
    return ended(Ending.TAKEN, taken=taken, status=taken.status)
