"""The days of a row: the decision, and the term as the ledger writes it, by the kind's rule."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import NoReturn, Protocol, TypeVar

from licences.stock.sheets.cells import Row, RowFault, RowFaultKind, shown
from licences.stock.sheets.dates import say
from licences.stock.sheets.kinds import KindRules
from licences.stock.sheets.terms import WrittenTerm, read_term
from licences.validity import TermRule, months_on

T = TypeVar("T")


class Attempt(Protocol):
    """Calls a reader and keeps the fault that it raises."""

    def __call__(self, check: Callable[[], T]) -> T | None: ...


@dataclass(frozen=True)
class RowDates:
    """The days that could be read; `is_whole` where all that are needed are there."""

    decided_on: date | None
    valid_from: date | None
    valid_until: date | None
    is_long_term: bool
    ends_in: str = "valid_until"  # the field that holds the last day

    @property
    def is_whole(self) -> bool:
        """Whether the term can be judged."""
        return self.valid_from is not None and (self.is_long_term or self.valid_until is not None)


def read_dates(row: Row, attempt: Attempt) -> RowDates:
    """The days of a row; `attempt` keeps the faults. The term stands in two cells or in one."""
    decided_on = attempt(lambda: row.day("decided_on"))
    if row.text("valid_from") or row.text("valid_until") or not row.has("term"):
        return _in_two_cells(row, decided_on, attempt)
    if not row.text("term"):
        attempt(lambda: _refuse(RowFaultKind.MISSING_DATE, "term", "还没有填有效期"))
        return RowDates(decided_on, None, None, is_long_term=False)
    term = read_term(row.raw("term"))
    if term is None or (term.first is None and term.last is not None):
        attempt(lambda: _refuse(RowFaultKind.UNREADABLE_DATE, "term", _unreadable(row, "term")))
        return RowDates(decided_on, None, None, is_long_term=False)
    return _written(decided_on, term.first or decided_on, term, "term")


def _in_two_cells(row: Row, decided_on: date | None, attempt: Attempt) -> RowDates:
    """The term from 有效期自 and 有效期至, of which one may hold all of it or a length in words."""
    begun, ended = read_term(row.raw("valid_from")), read_term(row.raw("valid_until"))
    is_whole = begun is not None and begun.first is not None
    if begun is not None and is_whole and not row.text("valid_until"):
        return _written(decided_on, begun.first, begun, "valid_from")
    if begun is not None and is_whole:
        first = begun.first
    else:
        first = attempt(lambda: row.day("valid_from"))
    if ended is None:
        last = attempt(lambda: row.day("valid_until"))
        return RowDates(decided_on, first, last, is_long_term=False)
    dates = _written(decided_on, first or ended.first, ended)
    twice = _written(decided_on, first, begun) if begun is not None and is_whole else dates
    if ended.first not in (None, first) or twice != dates:
        attempt(lambda: _refuse(RowFaultKind.CONTRADICTING_DATES, "valid_until", _CONTRADICTS))
    return dates


_CONTRADICTS = "有效期自和有效期至两格写的起止对不上。请对照纸质证照改正"


def _written(
    decided_on: date | None, first: date | None, term: WrittenTerm, ends_in: str = "valid_until"
) -> RowDates:
    last = term.last
    if term.months is not None and first is not None:
        last = months_on(first, term.months)
    return RowDates(decided_on, first, last, term.is_long_term, ends_in)


def check_endless(dates: RowDates, kind: KindRules) -> None:
    """A licence is for good only where its kind has such. Raises RowFault."""
    if not dates.is_long_term or kind.term.may_be_long_term:
        return
    rule = f"的有效期是 {kind.term.words}" if kind.term.months else "要写明有效期至哪一天"
    raise RowFault(
        RowFaultKind.UNLIMITED_VALIDITY,
        dates.ends_in,
        f"有效期至写成了长期，{kind.name}{rule}。请对照纸质证照改正",
    )


def check_order(dates: RowDates) -> None:
    """The term ends behind its beginning. Raises RowFault."""
    first, last = dates.valid_from, dates.valid_until
    if first is not None and last is not None and last < first:
        raise RowFault(
            RowFaultKind.REVERSED_DATES,
            dates.ends_in,
            f"有效期至（{say(last)}）早于有效期自（{say(first)}）。请对照纸质证照改正",
        )


def check_decided(dates: RowDates, on: date) -> None:
    """The decision lies behind the day. Raises RowFault."""
    if dates.decided_on is not None and dates.decided_on > on:
        raise RowFault(
            RowFaultKind.FUTURE_DECISION,
            "decided_on",
            f"许可决定日期（{say(dates.decided_on)}）还没有到。请对照决定文书改正",
        )


def check_begins(dates: RowDates) -> None:
    """A licence is valid from its decision at the earliest. Raises RowFault."""
    first, decided_on = dates.valid_from, dates.decided_on
    if first is not None and decided_on is not None and first < decided_on:
        raise RowFault(
            RowFaultKind.BEGINS_TOO_EARLY,
            "valid_from",
            f"有效期自（{say(first)}）早于许可决定日期（{say(decided_on)}）。请对照纸质证照改正",
        )


def check_length(dates: RowDates, rule: TermRule) -> None:
    """The term is no longer than the kind's, and counted from the day that it names.

    A shorter one may stand on the paper: an alteration keeps the last day. Raises RowFault.
    """
    first, last, decided_on = dates.valid_from, dates.valid_until, dates.decided_on
    usual = rule.last_day(first) if first is not None else None
    if first is None or last is None or usual is None:
        return
    if last > usual:
        raise RowFault(
            RowFaultKind.TERM_DOES_NOT_FIT,
            dates.ends_in,
            f"有效期超过 {rule.words}：从{say(first)}起到{say(usual)}为止，写的是{say(last)}。"
            "请对照纸质证照改正",
        )
    if last != usual and decided_on is not None and last == rule.last_day(decided_on):
        raise RowFault(
            RowFaultKind.TERM_DOES_NOT_FIT,
            dates.ends_in,
            f"有效期不足 {rule.words}：有效期至（{say(last)}）是从许可决定日期算的，"
            f"有效期自却是{say(first)}。请对照纸质证照改正",
        )


def _unreadable(row: Row, key: str) -> str:
    return (
        f"{row.name(key)}“{shown(row.text(key))}”读不出起止。"
        "写成 2023-05-01 至 2027-04-30，年、月、日写全"
    )


def _refuse(kind: RowFaultKind, field: str, sentence: str) -> NoReturn:
    raise RowFault(kind, field, sentence)
