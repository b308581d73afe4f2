"""What is in force of the three instruments on a day, and the regulated numbers (M.32)."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import QuerySet

from zezhou_portal.kernel.actors import Actor
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.parties.models import SuccessorInstrument, SuccessorNumber
from zezhou_portal.regulation.instruments import INSTRUMENTS, Instrument
from zezhou_portal.regulation.numbers import NUMBERS, Change, Number, numbers_on

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


@dataclass(frozen=True)
class PresentNumber:
    """A regulated number on a day, and the successor that set it; none where it is the text's."""

    number: Number
    value: int
    successor: SuccessorInstrument | None

    @property
    def words(self) -> str:
        """The number with its unit."""
        return self.number.says(self.value)

    @property
    def words_in_text(self) -> str:
        """What the text itself says."""
        return self.number.says(self.number.in_text)


@dataclass(frozen=True)
class NumberChange:
    """A regulated number the day before a successor's first day, and from that day on."""

    number: Number
    before: int
    after: int

    @property
    def is_same(self) -> bool:
        """Whether the successor leaves it as it was."""
        return self.before == self.after

    @property
    def words_before(self) -> str:
        """What it was, with its unit."""
        return self.number.says(self.before)

    @property
    def words_after(self) -> str:
        """What it is from then on, with its unit."""
        return self.number.says(self.after)


def changes_in_portal() -> list[Change]:
    """What every confirmed successor changes, in one query: what `regulation.numbers` reads."""
    return [
        Change(row.code, row.instrument.in_force_from, row.value) for row in _changes_that_count()
    ]


def present_numbers(on: date) -> list[PresentNumber]:
    """Every regulated number on a day, and by which text."""
    rows = _changes_that_count().filter(instrument__in_force_from__lte=on)
    latest = {row.code: row for row in rows}
    return [
        PresentNumber(number, changed.value, changed.instrument)
        if (changed := latest.get(code))
        else PresentNumber(number, number.in_text, None)
        for code, number in NUMBERS.items()
    ]


def numbers_beside(instrument: SuccessorInstrument) -> list[NumberChange]:
    """The numbers of the text that a successor replaces: as they were, as they are from it on."""
    before = numbers_on(instrument.in_force_from - timedelta(days=1))
    changed = dict(instrument.numbers.values_list("code", "value"))
    return [
        NumberChange(number, before[code], changed.get(code, before[code]))
        for code, number in NUMBERS.items()
        if number.instrument == instrument.replaces
    ]


def _changes_that_count() -> "QuerySet[SuccessorNumber]":
    """The numbers of confirmed successors, the later after the earlier, each with its successor."""
    rows = SuccessorNumber.objects.filter(instrument__state="CONFIRMED")
    return rows.select_related("instrument").order_by("instrument__in_force_from", "instrument_id")


def instruments_visible_to(actor: Actor) -> "QuerySet[SuccessorInstrument]":
    """Every successor, for whoever may load or confirm one; nothing for anybody else."""
    if not any(actor.has(one.value) for one in MAY_LOOK):
        return SuccessorInstrument.objects.none()
    return SuccessorInstrument.objects.order_by("-in_force_from", "-pk")


def instrument_by_key(actor: Actor, key: UUID) -> SuccessorInstrument | None:
    """The successor of a key, where the actor may see it."""
    return instruments_visible_to(actor).filter(uuid=key).first()
