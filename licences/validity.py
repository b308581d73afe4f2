"""From, until, and what a date means for a licence: the kind's rule of its term (M.7).

A term is counted in the usual way: five years from 24 November 2026 end on 23 November 2031, the
day before the day comes round; a day that the last month does not have ends with that month.
"""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

from zezhou_portal.regulation.errors import Fault, FaultKind


def years_on(start: date, years: int) -> date:
    """The last day of a term of `years` that starts on a day: the day before it comes round."""
    return months_on(start, years * 12)


def months_on(start: date, months: int) -> date:
    """The last day of a term of `months` that starts on a day.

    31 August and six months end on 28 (29) February: the day that would follow does not exist.
    """
    years, month = divmod(start.month - 1 + months, 12)
    year, month = start.year + years, month + 1
    length = calendar.monthrange(year, month)[1]
    if start.day > length:
        return date(year, month, length)
    return date(year, month, start.day) - timedelta(days=1)


@dataclass(frozen=True)
class Term:
    """From which day until which a licence is valid; without a last day it is for good."""

    first: date
    last: date | None


@dataclass(frozen=True)
class TermRule:
    """What a kind says of its term: so many months, and whether it may be for good.

    `months` None: the length is decided case by case and stands on the licence.
    """

    months: int | None = None
    may_be_long_term: bool = False

    @classmethod
    def of(cls, years: int | None, months: int | None, *, may_be_long_term: bool) -> "TermRule":
        """The rule as a catalogue entry says it, in years and months."""
        return cls((years or 0) * 12 + (months or 0) or None, may_be_long_term)

    @property
    def is_usually_long_term(self) -> bool:
        """Whether licences of the kind are for good unless somebody says otherwise."""
        return self.months is None and self.may_be_long_term

    @property
    def words(self) -> str:
        """The length in words: 5 年, 18 个月, 长期, 按证照所写."""
        if self.months is None:
            return "长期，或按证照所写" if self.may_be_long_term else "按证照所写"
        years, months = divmod(self.months, 12)
        length = f"{years} 年" if not months else f"{self.months} 个月"
        return f"{length}，或长期" if self.may_be_long_term else length

    def last_day(self, first: date) -> date | None:
        """The last day of a term of the usual length; None where the kind has none."""
        return months_on(first, self.months) if self.months else None

    def faults(
        self, first: date, last: date | None, *, today: date, is_long_term: bool
    ) -> list[Fault]:
        """Why a term cannot be that of a licence signed off today, a fault a field.

        The fields are `valid_from` and `valid_until`; no fault, no field. A term may be shorter
        than the rule's; that it is so needs a reason, which is asked elsewhere.
        """
        faults = []
        if first > today:
            sentence = f"有效期起（{in_words(first)}）在今天之后。有效期从签发当天起算，最晚填今天"
            faults.append(Fault("valid_from", FaultKind.OUT_OF_RANGE, sentence))
        if is_long_term:
            fault = None if self.may_be_long_term else self._never_long_term()
        else:
            fault = self._last_day_fault(first, last, today)
        return [*faults, fault] if fault else faults

    def _never_long_term(self) -> Fault:
        sentence = f"这种证照的有效期是 {self.words}，不能选长期有效"
        if self.months is None:
            sentence = "这种证照要写明有效期至，不能选长期有效"
        return Fault("valid_until", FaultKind.CONTRADICTS, sentence)

    def _last_day_fault(self, first: date, last: date | None, today: date) -> Fault | None:
        longest = self.last_day(first)
        if last is None:
            long_term = "。没有截止日期的，选长期有效" if self.may_be_long_term else ""
            return Fault("valid_until", FaultKind.MISSING, f"还没有填有效期至{long_term}")
        if last < first:
            sentence = f"有效期至（{in_words(last)}）早于有效期起（{in_words(first)}）"
            return Fault("valid_until", FaultKind.CONTRADICTS, sentence)
        if last < today:
            sentence = f"有效期至（{in_words(last)}）已经过了，不能签发过期的证照"
            return Fault("valid_until", FaultKind.OUT_OF_RANGE, sentence)
        if longest is not None and last > longest:
            latest = f"从{in_words(first)}起，最晚到{in_words(longest)}"
            sentence = f"超过了目录规定的 {self.words}。{latest}"
            return Fault("valid_until", FaultKind.OUT_OF_RANGE, sentence)
        return None


def in_words(day: date) -> str:
    """A day as sentences write it: 2026年11月24日."""
    return f"{day.year}年{day.month}月{day.day}日"
