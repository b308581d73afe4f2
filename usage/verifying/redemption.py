"""A presentation is taken by whoever reads its code first: one statement decides (P.2.3.3).

Nearly every presentation is the holder's own, holds one licence and asks for no word: such a one is
judged first, then taken, and the reading kept, in one statement (`TAKEN_AT_ONCE`). Any other, or
one that somebody's hand is on at this instant, is taken first (`take`) and judged then.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.db.models import QuerySet

from usage.lifecycle import PRESENTATION
from usage.models import Presentation, PresentationCode
from usage.verifying.codes import Kind, Understood, number_index, reader_index, secret_index
from usage.verifying.version_facts import Shown, led_by_code, shown_of
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import Actor, ActorKind
from zezhou_portal.kernel.locks import unheld
from zezhou_portal.kernel.prepared import Change, Prepared, PreparedUpdate
from zezhou_portal.regulation.limits import CONSENT_WAITS


@dataclass(frozen=True)
class Led:
    """Where a code leads: its presentation, until when the code is good, and what is shown."""

    presentation: Presentation
    expires_at: datetime
    shown: Sequence[Shown] = ()

    @property
    def may_be_taken_at_once(self) -> bool:
        """Whether this is the usual one; `TAKEN_AT_ONCE` asks the same of the row itself."""
        row = self.presentation
        return len(self.shown) == 1 and not row.asks_consent and row.mandate_id is None


def led_by(understood: Understood) -> Led | None:
    """Where a secret or a short number leads."""
    if understood.kind is Kind.PRESENTATION:
        ask, index = _BY_SECRET, {"secret_index": secret_index(understood.first)}
    else:
        ask, index = _BY_NUMBER, {"number_index": number_index(understood.first)}
    rows = ask.rows(*index.values(), clock.today())
    if not rows:
        return _led_to_nothing(index)
    shown = [shown_of(one) for one in rows]
    return Led(rows[0].presentation, rows[0].code_ends, shown)  # type: ignore[attr-defined]


def take(row: Presentation, actor: Actor, now: datetime, key: str) -> bool:
    """Takes a presentation for this reader, if nobody was quicker; waits for another's hand.

    `key` is the reader's secret where the holder is to be asked.
    """
    held = redeemed_by(actor, now) | {"ends_at": row.ends_at, "reader_key": ""}
    if row.asks_consent:
        held |= {
            "state": PRESENTATION.move("OPEN", "ask"),
            "reader_key": reader_index(key),
            "ends_at": max(row.ends_at, now + CONSENT_WAITS),
            "read_at": None,
            "closed_at": None,
        }
    hold(row, held)
    return bool(_TAKEN.run(row.pk, now, *(held[name] for name in _ASKED_HOLDS)))


def redeemed_by(actor: Actor, now: datetime) -> dict[str, Any]:
    """What a presentation holds that this reader has read, in the order of `TAKEN_AT_ONCE`."""
    values = (
        PRESENTATION.move("OPEN", "redeem"), actor.account_id, actor.department_id,
        reader_name(actor), now, now,
    )  # fmt: skip
    return dict(zip(_HOLDS, values, strict=True))


def hold(row: Presentation, held: Mapping[str, Any]) -> None:
    """Lets the row say what was written of it."""
    for name, value in held.items():
        setattr(row, name, value)


def reader_name(actor: Actor) -> str:
    """Who read, as the holder is told: the department of an official, else that it was anybody."""
    return actor.department_name if actor.kind is ActorKind.OFFICIAL else "没有登录的人"


def _led_to_nothing(index: dict[str, str]) -> Led | None:
    """A code of a presentation that holds no licence, or no code at all."""
    code = PresentationCode.objects.select_related("presentation").filter(**index).first()
    return Led(code.presentation, code.expires_at) if code is not None else None


# What taking a presentation writes, in this order; of one that asks, more.
_HOLDS = (
    "state", "reader_account_id", "reader_department_id", "reader_name", "read_at", "closed_at",
)  # fmt: skip
_ASKED_HOLDS = (*_HOLDS, "reader_key", "ends_at")


def _open(key: int, now: datetime) -> "QuerySet[Presentation]":
    return Presentation.objects.filter(pk=key, state="OPEN", ends_at__gt=now)


def _at_once(key: int, now: datetime, *held: Any) -> Change:
    """Never waits: what was judged before the wait might have changed within it."""
    free = unheld(_open(key, now).filter(asks_consent=False, mandate__isnull=True))
    rows = Presentation.objects.filter(pk__in=free.values("pk"))
    return rows, dict(zip(_HOLDS, held, strict=True))


def _asked(key: int, now: datetime, *held: Any) -> Change:
    return _open(key, now), dict(zip(_ASKED_HOLDS, held, strict=True))


_DAYS = [datetime(1, 1, day, tzinfo=UTC) for day in range(1, 5)]
_HELD = ("?s", -2, -3, "?n", *_DAYS[1:3])
TAKEN_AT_ONCE = PreparedUpdate(_at_once, -1, _DAYS[0], *_HELD)
_TAKEN = PreparedUpdate(_asked, -1, _DAYS[0], *_HELD, "?k", _DAYS[3])

_BY_SECRET = Prepared(lambda it, on: led_by_code(on, secret_index=it), "?", date.min)
_BY_NUMBER = Prepared(lambda it, on: led_by_code(on, number_index=it), "?", date.min)
