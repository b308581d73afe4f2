"""A showing is taken by whoever reads its code first: one statement decides (P.2.3.3).

Nearly every showing is the holder's own and asks for no word: such a one is found, taken and
fetched in one statement. One by mandate, or whose holder wants to be asked, is taken afterwards.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.db.models import QuerySet

from usage.codes import Kind, Understood, number_index, reader_index, secret_index
from usage.lifecycle import PRESENTATION
from usage.models import Presentation, PresentationCode, PresentedLicence
from usage.selectors.presented import Shown, led_by_code, shown_in, shown_of
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import Actor, ActorKind
from zezhou_portal.kernel.prepared import DONE, Change, Prepared, PreparedUpdate
from zezhou_portal.regulation.limits import CONSENT_WAITS

# Seconds: what the database said so short a time ago is how it is (ours).
_AT_ONCE = 0.1


@dataclass(frozen=True)
class Led:
    """Where a code leads: its showing, until when the code is good, and what is shown.

    `is_taken` if the showing is this reader's already; the showing then says so.
    """

    presentation: Presentation
    expires_at: datetime
    shown: Sequence[Shown] = ()
    is_taken: bool = False


def led_by(understood: Understood, actor: Actor, now: datetime) -> Led | None:
    """Where a secret or a short number leads; the showing is taken at once if it may be.

    Inside the act of the reading.
    """
    if understood.kind is Kind.SHOWING:
        ask, index = _BY_SECRET, {"secret_index": secret_index(understood.first)}
    else:
        ask, index = _BY_NUMBER, {"number_index": number_index(understood.first)}
    held = _redeemed_by(actor, now)
    begun = time.monotonic()
    rows = ask.rows(*index.values(), clock.today(), now, *held.values())
    if not rows:
        return _led_to_nothing(index)
    row, is_taken = rows[0].presentation, rows[0].is_taken  # type: ignore[attr-defined]
    if is_taken:
        _hold(row, held)
    # who had to wait for another reader's hand sees how the licences stand now
    waited = is_taken and time.monotonic() - begun > _AT_ONCE
    shown = shown_in(row) if waited else [shown_of(one) for one in rows]
    return Led(row, rows[0].code_ends, shown, is_taken)  # type: ignore[attr-defined]


def take(row: Presentation, actor: Actor, now: datetime, key: str) -> bool:
    """Takes a showing for this reader, if nobody was quicker.

    `key` is the reader's secret where the holder is to be asked.
    """
    held = _redeemed_by(actor, now) | {"ends_at": row.ends_at, "reader_key": ""}
    if row.asks_consent:
        held |= {
            "state": PRESENTATION.move("OPEN", "ask"),
            "reader_key": reader_index(key),
            "ends_at": max(row.ends_at, now + CONSENT_WAITS),
            "read_at": None,
            "closed_at": None,
        }
    _hold(row, held)
    return bool(_TAKEN.run(row.pk, now, *(held[name] for name in _ASKED_HOLDS)))


def reader_name(actor: Actor) -> str:
    """Who read, as the holder is told: the department of an official, else that it was anybody."""
    return actor.department_name if actor.kind is ActorKind.OFFICIAL else "没有登录的人"


def _led_to_nothing(index: dict[str, str]) -> Led | None:
    """A code of a showing that holds no licence, or no code at all."""
    code = PresentationCode.objects.select_related("presentation").filter(**index).first()
    return Led(code.presentation, code.expires_at) if code is not None else None


# What taking a showing writes, in this order; of one that asks, more.
_HOLDS = (
    "state", "reader_account_id", "reader_department_id", "reader_name", "read_at", "closed_at",
)  # fmt: skip
_ASKED_HOLDS = (*_HOLDS, "reader_key", "ends_at")


def _redeemed_by(actor: Actor, now: datetime) -> dict[str, Any]:
    """What a showing holds that this reader has read."""
    values = (
        PRESENTATION.move("OPEN", "redeem"), actor.account_id, actor.department_id,
        reader_name(actor), now, now,
    )  # fmt: skip
    return dict(zip(_HOLDS, values, strict=True))


def _hold(row: Presentation, held: dict[str, Any]) -> None:
    for name, value in held.items():
        setattr(row, name, value)


def _open(now: datetime) -> "QuerySet[Presentation]":
    return Presentation.objects.filter(state="OPEN", ends_at__gt=now)


def _own(code: dict[str, str], now: datetime, held: Sequence[Any]) -> Change:
    """The showing of a code, if it is the holder's own, asks nobody and nobody has taken it."""
    good = PresentedLicence.objects.filter(
        presentation__codes__expires_at__gt=now,
        **{f"presentation__codes__{name}": index for name, index in code.items()},
    )
    rows = _open(now).filter(
        asks_consent=False, mandate__isnull=True, pk__in=good.values("presentation")
    )
    return rows, dict(zip(_HOLDS, held, strict=True))


def _asked(key: int, now: datetime, *held: Any) -> Change:
    return _open(now).filter(pk=key), dict(zip(_ASKED_HOLDS, held, strict=True))


_DAYS = [datetime(1, 1, day, tzinfo=UTC) for day in range(1, 5)]
_HELD = ("?s", -2, -3, "?n", *_DAYS[1:3])
_TAKEN = PreparedUpdate(_asked, -1, _DAYS[0], *_HELD, "?k", _DAYS[3])


def _taking(name: str) -> "Prepared[PresentedLicence]":
    """Finding by a code's secret or number, taking and fetching in one statement."""

    def rows(index: str, today: date, *_: Any) -> "QuerySet[PresentedLicence]":
        return led_by_code(today, **{name: index}).annotate(is_taken=DONE)

    def change(index: str, _today: date, now: datetime, *held: Any) -> Change:
        return _own({name: index}, now, held)

    return Prepared(rows, "?", date.min, _DAYS[0], *_HELD, update=change)


_BY_SECRET = _taking("secret_index")
_BY_NUMBER = _taking("number_index")
