"""From, until, and what a date means for a licence."""

from datetime import date, timedelta


def years_on(start: date, years: int) -> date:
    """The last day of a term of `years` that starts on a day: the day before it comes round."""
    try:
        anniversary = start.replace(year=start.year + years)
    except ValueError:  # 29 February
        anniversary = date(start.year + years, 3, 1)
    return anniversary - timedelta(days=1)


def term_fault(valid_from: date | None, valid_until: date | None, *, is_long_term: bool) -> str:
    """What is wrong with a term, or nothing: the sentence of the page."""
    if is_long_term and valid_until is not None:
        return "选了长期有效，就不要再填有效期至"
    if valid_from is not None and valid_until is not None and valid_until < valid_from:
        return (
            f"有效期至（{valid_until.year}年{valid_until.month}月{valid_until.day}日）"
            f"早于有效期起（{valid_from.year}年{valid_from.month}月{valid_from.day}日）"
        )
    return ""
