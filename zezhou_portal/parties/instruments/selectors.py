"""What is in force of the three instruments on a day (M.32)."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from zezhou_portal.kernel.actors import Actor
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.parties.models import SuccessorInstrument
from zezhou_portal.regulation.instruments import INSTRUMENTS, Instrument

MAY_LOOK = (Capability.LOAD_INSTRUMENTS, Capability.CONFIRM_INSTRUMENTS)


@dataclass(frozen=True)
class PresentInstrument:
    """One of M, S, P on a day: the text itself while it lasts, else its successor, else none."""

    instrument: Instrument
    successor: SuccessorInstrument | None
    on: date

    @property
    def code(self) -> str:
        """The letter articles are cited by."""
        return self.instrument.code

    @property
    def by_its_own_words(self) -> bool:
        """Whether the text itself is in force."""
        return self.instrument.in_force(self.on)

    @property
    def in_force(self) -> bool:
        """Whether the text or a successor is in force."""
        return self.successor is not None or self.by_its_own_words

    @property
    def words(self) -> str:
        """How it stands, as a sentence."""
        text = self.instrument
        if self.successor is not None:
            return f"《{text.short}》由《{self.successor.title}》（{self.successor.number}）接替"
        if self.by_its_own_words:
            until = f"，到 {text.ends_on} 届满" if text.ends_on else ""
            return f"《{text.short}》有效{until}"
        return f"《{text.short}》已于 {text.ends_on} 届满，还没有登记后续文件"


def present_instruments(on: date) -> list[PresentInstrument]:
    """What is in force of M, S and P on a day; of several confirmed successors the latest."""
    rows = SuccessorInstrument.objects.filter(state="CONFIRMED", in_force_from__lte=on)
    rows = rows.order_by("in_force_from", "pk")
    latest = {row.replaces: row for row in rows if row.ends_on is None or on <= row.ends_on}
    return [PresentInstrument(text, latest.get(code), on) for code, text in INSTRUMENTS.items()]


def instruments_visible_to(actor: Actor) -> "QuerySet[SuccessorInstrument]":
    """Every successor, for whoever may load or confirm one; nothing for anybody else."""
    if not any(actor.has(one.value) for one in MAY_LOOK):
        return SuccessorInstrument.objects.none()
    return SuccessorInstrument.objects.order_by("-in_force_from", "-pk")


def instrument_by_key(actor: Actor, key: UUID) -> SuccessorInstrument | None:
    """The successor of a key, where the actor may see it."""
    return instruments_visible_to(actor).filter(uuid=key).first()
