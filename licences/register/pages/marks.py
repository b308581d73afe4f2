"""What stands beside a licence's name: its state today, its marks, its end drawing near (M.8)."""

from dataclasses import dataclass
from datetime import timedelta

from licences.models import Licence
from zezhou_portal.kernel import clock

# A licence that ends within this time says so (ours; reminders of P.2.3.5 begin here too).
ENDS_SOON = timedelta(days=60)


@dataclass(frozen=True)
class Chip:
    """A mark from the register (`kind`), or words that follow from its dates."""

    kind: str = ""
    detail: str = ""
    words: str = ""
    icon: str = "calendar-clock"
    voice: str = "heed"


def shown_state(licence: Licence) -> str:
    """The state that is true today: the timer that records an expiry may not have run yet."""
    over = licence.valid_until is not None and licence.valid_until < clock.today()
    return "EXPIRED" if over and licence.state in {"IN_FORCE", "DETAINED"} else licence.state


def chips_of(licence: Licence) -> list[Chip]:
    """Marks that are on (`licence.marks_on`), then what the dates say, then gaps."""
    chips = [Chip(kind=mark.kind, detail=mark.detail) for mark in getattr(licence, "marks_on", ())]
    today = clock.today()
    if shown_state(licence) == "IN_FORCE":
        if licence.valid_from is not None and licence.valid_from > today:
            chips.append(Chip(words="还没有到有效期起"))
        elif licence.valid_until is not None and licence.valid_until - today <= ENDS_SOON:
            days = (licence.valid_until - today).days
            chips.append(Chip(words=f"{days} 天后到期" if days else "今天到期"))
    if licence.has_gaps:
        chips.append(Chip(words="有待补项", icon="circle-alert"))
    return chips
