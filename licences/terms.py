"""The term of the licence applied for: by the kind's rule from the day of sign-off (M.7, M.9).

An application keeps days only where they depart from the rule; what is left empty is counted from
the day of sign-off, offline from the day of issue that stands on the paper. A departure needs a
reason (ours).
"""

from collections.abc import Iterable
from datetime import date

from licences import data_items, values
from licences.models import Application
from licences.validity import Term, in_words
from zezhou_portal.kernel import clock
from zezhou_portal.regulation.errors import Fault, FaultKind

DAYS = ("valid_from", "valid_until", "paper_issued_on")
TERM = frozenset(DAYS[:2])
NO_REASON = "有效期和规定的不一样，还没有写理由"


def is_offline(application: Application) -> bool:
    """Whether the paper licence came first (M.9): its number and day of issue are the licence's."""
    return application.mode == Application.Mode.OFFLINE


def issued_on(application: Application, today: date) -> date:
    """The licence's day of issue if it is signed off on a day."""
    return (application.paper_issued_on if is_offline(application) else None) or today


def term_of(application: Application, today: date) -> Term:
    """The term that the licence would have if it were signed off on a day.

    A last day of None is for good, or a day that is still to be given: `term_faults` tells.
    """
    rule = application.entry.term_rule
    first = application.valid_from or issued_on(application, today)
    if application.is_long_term:
        return Term(first, None)
    return Term(first, application.valid_until or rule.last_day(first))


def usual_term_in_words(application: Application, today: date) -> str:
    """What the kind's rule gives, as the form says it beside the fields; empty without a rule."""
    rule = application.entry.term_rule
    first = issued_on(application, today)
    last = rule.last_day(first)
    if last is None:
        return ""
    start = "纸质证照的颁发日期" if is_offline(application) else "签发当天"
    return (
        f"有效期 {rule.words}，从{start}起算：现在算是{in_words(first)}至{in_words(last)}。"
        "下面不填，就按这个算。"
    )


def departs(application: Application, today: date) -> bool:
    """Whether the term is another one than the rule gives: that needs a reason.

    Where the length is decided case by case there is no rule to depart from but the first day.
    """
    rule = application.entry.term_rule
    first = issued_on(application, today)
    if application.valid_from not in {None, first}:
        return True
    if rule.months is None:
        return False
    return application.is_long_term or application.valid_until not in {None, rule.last_day(first)}


def without_repetition(
    application: Application, first: date | None, last: date | None, today: date
) -> tuple[date | None, date | None]:
    """Days as typed, empty where they only repeat what the rule gives when signed off today."""
    start = issued_on(application, today)
    if first not in {None, start}:
        return first, last
    usual = application.entry.term_rule.last_day(start)
    return None, None if last is not None and last == usual else last


def term_faults(application: Application) -> list[Fault]:
    """What is wrong with the term as it was typed or as it stands, a fault a field.

    A day that is no day cannot stand in a column; it is kept as typed
    (`licences.values.drafted`) and judged here.
    """
    today = clock.today()
    faults: dict[str, Fault] = {}
    days: dict[str, date | None] = {}
    for name in DAYS:
        text = values.drafted(application.values, name)
        days[name] = getattr(application, name)
        if text:
            try:
                days[name] = data_items.read_date(text)
            except data_items.ItemFault as fault:
                faults[name] = fault.at(name)
    if application.is_long_term and days["valid_until"] is not None:
        both = Fault("valid_until", FaultKind.CONTRADICTS, "选了长期有效，就不要再填有效期至")
        faults.setdefault("valid_until", both)
    faults = {**_of_fields(_paper_faults(application, today)), **faults}
    if not faults.keys() & TERM:
        rule = application.entry.term_rule
        first = days["valid_from"] or issued_on(application, today)
        faults |= _of_fields(
            rule.faults(
                first,
                days["valid_until"] or rule.last_day(first),
                today=today,
                is_long_term=application.is_long_term,
            )
        )
    is_explained = bool(application.term_reason.strip())
    if not faults.keys() & TERM and departs(application, today) and not is_explained:
        faults["term_reason"] = Fault("term_reason", FaultKind.MISSING, NO_REASON)
    return list(faults.values())


def _of_fields(faults: Iterable[Fault]) -> dict[str, Fault]:
    return {fault.field: fault for fault in faults}


def _paper_faults(application: Application, today: date) -> list[Fault]:
    """The day of issue on the paper, where the paper came first (M.9)."""
    if not is_offline(application):
        return []
    day = application.paper_issued_on
    if day is None:
        sentence = "还没有填纸质证照上的颁发日期"
        return [Fault("paper_issued_on", FaultKind.MISSING, sentence)]
    if day > today:
        sentence = f"颁发日期（{in_words(day)}）在今天之后。请照纸质证照填"
        return [Fault("paper_issued_on", FaultKind.OUT_OF_RANGE, sentence)]
    return []
