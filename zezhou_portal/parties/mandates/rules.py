"""Rules of acting for others: who may, with what, until when; each a question or a demand (M.20).

The Civil Code says when one is of age (art. 17) and what day stands for one that a year does not
have (art. 202). How long a mandate may last, and that an agent is an adult, is ours.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum

from zezhou_portal.parties.lifecycle import MANDATE
from zezhou_portal.parties.models import Holder, Mandate, MandateKind, Power
from zezhou_portal.regulation.errors import FormFault, RuleBroken
from zezhou_portal.regulation.limits import MANDATE_DAYS, OF_AGE_YEARS

# What a holder may give; seeing is part of every mandate, appointing others of none that is given.
GIVABLE = (Power.SHOW, Power.COPY)
# What a child's parent has: everything but appointing others.
PARENTAL = (Power.SEE, Power.SHOW, Power.COPY)


class Ending(StrEnum):
    """Why a mandate has ended, as its row keeps it."""

    BY_PRINCIPAL = "by_principal"
    RETURNED = "returned"
    AT_WINDOW = "at_window"
    REPRESENTATIVE_CHANGED = "representative_changed"
    CERTIFICATE_ENDED = "certificate_ended"
    NAME_DIFFERED = "name_differed"
    LAPSED = "lapsed"
    DECLINED = "declined"
    UNCONFIRMED = "unconfirmed"


ENDING_WORDS = {
    Ending.BY_PRINCIPAL: "由持证人结束",
    Ending.RETURNED: "代办人自己退回",
    Ending.AT_WINDOW: "在窗口结束",
    Ending.REPRESENTATIVE_CHANGED: "法定代表人或经营者换了人",
    Ending.CERTIFICATE_ENDED: "依据的出生医学证明不再有效",
    Ending.NAME_DIFFERED: "委托时填的姓名和公民身份号码对不上",
    Ending.LAPSED: "到期自动结束",
    Ending.DECLINED: "窗口的另一位工作人员没有确认",
    Ending.UNCONFIRMED: "过期没有确认",
}
# What becomes of a proposal that ends before anybody confirmed it; anything else withdraws it.
_UNDONE_BY = {
    Ending.DECLINED: "decline",
    Ending.BY_PRINCIPAL: "refuse",
    Ending.UNCONFIRMED: "lapse",
}


def undone(mandate: Mandate, reason: Ending) -> str:
    """The state of a mandate that ends: a proposal's says who undid it, any other's stays."""
    if not mandate.is_proposed:
        return mandate.state
    return MANDATE.move(mandate.state, _UNDONE_BY.get(reason, "withdraw"))


def given_by_head(principal: Holder) -> str:
    """Why somebody else does not give an enterprise's mandates."""
    head = principal.headed_by
    return f"{principal.sort}的委托由{head}办。请{head}用法人身份登录后办理。"


def of_age_on(born: date) -> date:
    """The day on which somebody is of age: the eighteenth birthday.

    Born on 29 February one has it on 28 February of a year without that day: the month's last
    day stands for it (Civil Code art. 202), and a parent's right ends sooner, not later (ours).
    """
    year = born.year + OF_AGE_YEARS
    try:
        return born.replace(year=year)
    except ValueError:
        return date(year, 2, 28)


def guardian_until(born: date) -> date:
    """The last day of a guardian's mandate: the day before the child is of age."""
    return of_age_on(born) - timedelta(days=1)


def is_of_age(born: date, on: date) -> bool:
    """Whether somebody born on a day is of age on another."""
    return on >= of_age_on(born)


def powers_given(chosen: Sequence[str]) -> list[str]:
    """The powers of a mandate that a holder gives: seeing, and what was chosen.

    Raises RuleBroken for one that is not theirs to give.
    """
    if strange := [one for one in chosen if one not in {Power.SEE, *GIVABLE}]:
        words = Power(strange[0]).label if strange[0] in Power.values else strange[0]
        sentence = f"“{words}”不能委托给别人。可以委托的是查看、亮证、下载和制作加注件。"
        raise RuleBroken("M.20", sentence, fields={"powers": sentence})
    return [Power.SEE.value, *(one.value for one in GIVABLE if one.value in chosen)]


def check_last_day(until_on: date | None, today: date) -> date:
    """The last day of a mandate that is given: named, not over, not more than a year ahead.

    Asked before anybody is looked up: a FormFault leaves no trace of whom it was asked about.
    """
    furthest = today + timedelta(days=MANDATE_DAYS)
    if until_on is None:
        sentence = "还没有填代办到哪一天为止。"
    elif until_on < today:
        sentence = f"{in_words(until_on)}已经过了。请填今天或者以后的日子。"
    elif until_on > furthest:
        sentence = f"一次最长到 {in_words(furthest)}。到期以后可以再委托。"
    else:
        return until_on
    raise FormFault("M.20", sentence, fields={"until_on": sentence})


def year_from(today: date) -> date:
    """The last day that a form proposes: a year from today, less a day."""
    try:
        return today.replace(year=today.year + 1) - timedelta(days=1)
    except ValueError:
        return date(today.year + 1, 2, 27)


def check_adult(born: date, today: date, *, field: str, who: str) -> None:
    """Demands that a person named by number is of age."""
    if not is_of_age(born, today):
        sentence = f"{who}要年满 {OF_AGE_YEARS} 周岁。请换一位成年人。"
        raise RuleBroken("M.20", sentence, fields={field: sentence})


def why_ended(mandate: Mandate, on: date) -> str:
    """Why a mandate counts no more on a day, in words; empty while it counts or has not begun."""
    if mandate.ended_at is not None:
        known = mandate.end_reason in list(Ending)
        return ENDING_WORDS[Ending(mandate.end_reason)] if known else "已经结束"
    if mandate.until_on is None or on <= mandate.until_on:
        return ""
    if mandate.kind == MandateKind.GUARDIAN:
        return f"孩子年满 {OF_AGE_YEARS} 周岁。往后由本人实名登录，自己查看和出示"
    return ENDING_WORDS[Ending.LAPSED]


def in_words(day: date) -> str:
    """A day in a sentence: 2027年1月21日."""
    return f"{day.year}年{day.month}月{day.day}日"
